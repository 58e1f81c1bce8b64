package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.TimedCall;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.Ticker;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/** A plain HTTP GET over a socket that keeps to the time it is given; cold, a connection per call, or with a pool. */
final class Client implements TimedCall<String, IOException>, AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final byte[] REQUEST =
            "GET /list HTTP/1.1\r\nHost: orders.shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final String LENGTH = "content-length:";

    private final Ticker ticker = Ticker.system();
    private final boolean pooling;
    private final Map<InetSocketAddress, Deque<Socket>> idle = new ConcurrentHashMap<>();

    private Client(boolean pooling) {
        this.pooling = pooling;
    }

    /** A new connection for each call. */
    static Client cold() {
        return new Client(false);
    }

    /** Connections are kept and used again, the one used last first. */
    static Client warm() {
        return new Client(true);
    }

    /** Opens connections for later, so that none need be opened when it is too late. */
    void prime(InetSocketAddress address, int connections) throws IOException {
        for (int i = 0; i < connections; i++) {
            Socket socket = new Socket();
            socket.connect(address, millis(CONNECT_TIMEOUT));
            idle(address).addLast(socket);
        }
    }

    @Override
    public String on(Endpoint endpoint, Duration left) throws IOException {
        long ends = ticker.nanos() + left.toNanos();
        InetSocketAddress address = endpoint.socketAddress();
        Socket kept = pooling ? idle(address).pollFirst() : null;
        Socket socket = kept == null ? new Socket() : kept;
        boolean done = false;
        try {
            if (kept == null) {
                socket.setTcpNoDelay(true);
                socket.connect(address, Math.min(millis(left), millis(CONNECT_TIMEOUT)));
            }
            socket.setSoTimeout(millis(Duration.ofNanos(ends - ticker.nanos())));
            socket.getOutputStream().write(REQUEST);
            String body = answer(new BufferedInputStream(socket.getInputStream()));
            done = true;
            return body;
        } finally {
            if (done && pooling) {
                idle(address).addFirst(socket);
            } else {
                socket.close();
            }
        }
    }

    private Deque<Socket> idle(InetSocketAddress address) {
        return idle.computeIfAbsent(address, each -> new ConcurrentLinkedDeque<>());
    }

    /** Nothing is read ahead of the end of the answer: there is one request at a time. */
    private static String answer(InputStream in) throws IOException {
        String status = line(in);
        if (!status.startsWith("HTTP/1.1 200 ")) {
            throw new IOException(status.isEmpty() ? "Unexpected end of file from server" : status);
        }
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.regionMatches(true, 0, LENGTH, 0, LENGTH.length())) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new IOException("body: " + body.length + " bytes (expected: " + length + ")");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            text.append((char) next);
        }
        return text.toString().strip();
    }

    /** Never 0, which means for ever. */
    private static int millis(Duration time) {
        return (int) Math.max(1, time.toMillis());
    }

    @Override
    public void close() throws IOException {
        for (Deque<Socket> sockets : idle.values()) {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    public String toString() {
        return pooling ? "warm" : "cold";
    }
}
