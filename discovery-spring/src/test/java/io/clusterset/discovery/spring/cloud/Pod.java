package io.clusterset.discovery.spring.cloud;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;

/** An endpoint that says its name, or what it is told to, and keeps what it was asked. */
final class Pod implements AutoCloseable {

    final String name;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ReadWriteLock answering = new ReentrantReadWriteLock(); // its head and its body are two writes
    private volatile Function<Asked, Integer> answer = request -> 200;

    Pod(String name, String address, int port) {
        this.name = name;
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 100);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        Asked request = new Asked(
                exchange.getRequestMethod(), exchange.getRequestURI().toString(), exchange.getRequestHeaders());
        asked.add(request);
        int status = answer.apply(request);
        if (status < 0) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return;
        }
        byte[] body = name.getBytes(StandardCharsets.UTF_8);
        answering.readLock().lock();
        try {
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        } finally {
            answering.readLock().unlock();
        }
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** A status, or nothing at all if it is less than 0. */
    void answers(int status) {
        answer = request -> status;
    }

    List<Asked> asked() {
        return List.copyOf(asked);
    }

    int count() {
        return asked.size();
    }

    Asked last() {
        return asked.get(asked.size() - 1);
    }

    void forget() {
        asked.clear();
    }

    /** Nobody listens there any more, and all connections are closed; no answer breaks off, which no client could mend. */
    void kill() {
        answering.writeLock().lock();
        try {
            server.stop(0);
        } finally {
            answering.writeLock().unlock();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    record Asked(String method, String uri, Headers headers) {
        String header(String name) {
            return String.valueOf(headers.getFirst(name));
        }
    }
}
