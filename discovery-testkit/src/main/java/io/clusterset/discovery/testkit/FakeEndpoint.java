package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An endpoint for tests: a real HTTP/1.1 server on loopback that says who it is, and fails on command.
 *
 * <pre>{@code
 * try (FakeEndpoint local = FakeEndpoint.start("local-a"); FakeEndpoint remote = FakeEndpoint.start("remote-a")) {
 *     get(local.uri("/list"));          // 200, X-Endpoint: local-a, body "local-a"
 *     local.refuse();                   // connection refused, by the operating system
 *     ...                               // call through the client under test
 *     assertThat(remote.requestsFor("/list")).isPositive();
 *     local.restore();                  // the same port again
 * }
 * }</pre>
 *
 * <p>Whatever the method and path, a healthy endpoint answers 200 with its name as body and as the header
 * {@code X-Endpoint}. Connections are kept alive. Requests with a chunked body are answered 411.
 *
 * <p>Thread-safe. Owns at most two daemon threads ({@code fake-endpoint-NAME…}), which end with {@link #close()}, however
 * many connections there are.
 */
public final class FakeEndpoint implements AutoCloseable {

    /** What it does with a request. */
    private enum Kind {
        ANSWER,
        HANG,
        RESET
    }

    private record Mode(Kind kind, int status, Duration delay) {
        static final Mode HEALTHY = new Mode(Kind.ANSWER, 200, Duration.ZERO);
        static final Mode HANGING = new Mode(Kind.HANG, 0, Duration.ZERO);
    }

    /** A request that hangs. */
    private record Held(HttpRequest request, HttpSession session) {}

    private final String name;
    private final Object modes = new Object();
    private final Arrivals<String> paths = new Arrivals<>();
    private final AtomicLong connections = new AtomicLong();
    private final Delays delays;
    private final TcpServer server;
    private final InetSocketAddress address;

    /** Guarded by {@code modes}, like the requests held. Nothing is called while holding it. */
    private Mode mode = Mode.HEALTHY;

    private final Set<Held> held = new HashSet<>();
    private boolean swallowing;
    private boolean closed;

    private FakeEndpoint(String name, InetSocketAddress wanted) throws IOException {
        this.name = name;
        this.delays = new Delays("fake-endpoint-" + name + "-delays");
        this.server = new TcpServer("fake-endpoint-" + name, this::opened);
        this.address = server.listen(wanted);
    }

    /**
     * Starts an endpoint on 127.0.0.1 and a free port.
     *
     * @param name 1 to 100 visible ASCII characters
     * @throws IllegalArgumentException if the name is not
     * @throws UncheckedIOException if no port is free
     */
    public static FakeEndpoint start(String name) {
        return start(name, 0);
    }

    /**
     * Starts an endpoint on 127.0.0.1 and the given port, 0 for a free one.
     *
     * @param name 1 to 100 visible ASCII characters
     * @throws IllegalArgumentException if the name is not, or the port is not in 0 to 65535
     * @throws UncheckedIOException if the port is in use
     */
    public static FakeEndpoint start(String name, int port) {
        return start(name, Addresses.LOOPBACK, port);
    }

    /**
     * Starts an endpoint on the given address and port, 0 for a free one. On Linux any address in 127.0.0.0/8 will do,
     * so that several endpoints can share a port, as pods do; on macOS only 127.0.0.1 and ::1 are there.
     *
     * @param name 1 to 100 visible ASCII characters
     * @param address an IP literal
     * @throws IllegalArgumentException if the name is not, or the port is not in 0 to 65535
     * @throws UncheckedIOException if the address is not of this machine, or the port is in use
     */
    public static FakeEndpoint start(String name, String address, int port) {
        if (!name.matches("[!-~]{1,100}")) {
            throw new IllegalArgumentException("name: " + name + " (expected: 1 to 100 visible ASCII characters)");
        }
        InetSocketAddress wanted = Addresses.socket(address, port);
        try {
            return new FakeEndpoint(name, wanted);
        } catch (IOException e) {
            throw cannotListen(name, wanted, e);
        }
    }

    /** Who it says it is. */
    public String name() {
        return name;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return address;
    }

    /** The port it listens on, also while it refuses. */
    public int port() {
        return address.getPort();
    }

    /** Where it listens, as {@code 127.0.0.1:PORT}. */
    public String endpoint() {
        return Addresses.text(address);
    }

    /**
     * The URI of something on it, such as {@code http://127.0.0.1:PORT/list}.
     *
     * @param path begins with a slash
     * @throws IllegalArgumentException if that makes no URI
     */
    public URI uri(String path) {
        return URI.create("http://" + endpoint() + path);
    }

    /**
     * Answers 200 at once; listens again if it refused. This is how it starts.
     *
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void healthy() {
        become(Mode.HEALTHY);
    }

    /**
     * Answers with a status instead of 200, the rest as ever; listens again if it refused.
     *
     * @param status 400 to 599
     * @throws IllegalArgumentException if it is not in that range
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void fail(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400...599)");
        }
        become(new Mode(Kind.ANSWER, status, Duration.ZERO));
    }

    /**
     * Answers 200, this much later; other requests are not held up. Listens again if it refused.
     *
     * @throws IllegalArgumentException if it is negative
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void slow(Duration delay) {
        Durations.requireNotNegative("delay", delay);
        become(new Mode(Kind.ANSWER, 200, delay));
    }

    /**
     * Accepts connections and requests and answers nothing, like a process that was stopped. The requests it holds are
     * answered by the next mode. Listens again if it refused.
     *
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void hang() {
        become(Mode.HANGING);
    }

    /**
     * Resets the connection once the head of a request has come, before any byte of an answer. Listens again if it
     * refused.
     *
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void resetOnRequest() {
        become(new Mode(Kind.RESET, 0, Duration.ZERO));
    }

    /**
     * Swallows everything, like a network that lost the way: connects are not answered, so that clients run into their
     * connect timeout, and what comes over connections there are is not answered either. Takes 0.1 seconds. It ends with
     * any other mode or {@link #restore()}, which reset the old connections. On Windows, connects are refused instead.
     *
     * @throws UncheckedIOException if it refused and the port is gone
     */
    public void blackHole() {
        synchronized (modes) {
            swallowing = true;
        }
        try {
            server.swallow(address);
        } catch (IOException e) {
            throw cannotListen(name, address, e);
        }
    }

    /**
     * Closes the listening socket and resets all connections: connects are refused by the operating system from the
     * moment this returns. The port stays reserved where the system allows it.
     */
    public void refuse() {
        server.refuse(address);
        delays.clear();
        synchronized (modes) {
            held.clear();
        }
    }

    /**
     * Listens again on the same port after {@link #refuse()} or {@link #blackHole()}, in the mode it was in before.
     *
     * @throws IllegalStateException if it is closed
     * @throws UncheckedIOException if the port is gone
     */
    public void restore() {
        synchronized (modes) {
            if (closed) {
                throw new IllegalStateException(name + ": closed (expected: refusing)");
            }
            swallowing = false;
        }
        try {
            server.listen(address);
        } catch (IOException e) {
            throw cannotListen(name, address, e);
        }
    }

    /** How many requests have arrived since the start or {@link #forgetRequests()}, answered or not. */
    public long requests() {
        return paths.total();
    }

    /**
     * How many requests for one path, without query, have arrived since the start or {@link #forgetRequests()}. Counts
     * the newest 100,000 requests.
     */
    public int requestsFor(String path) {
        return paths.matching(path::equals).size();
    }

    /** How many connections have been accepted since the start. */
    public long connections() {
        return connections.get();
    }

    /** Forgets the requests so far. */
    public void forgetRequests() {
        paths.forget();
    }

    /**
     * Waits until at least {@code count} requests have arrived since the start or {@link #forgetRequests()}.
     *
     * @param count at most 100,000
     * @return their paths, in the order they arrived
     * @throws AssertionError if they have not arrived within the time
     * @throws IllegalStateException if interrupted while waiting; the interrupt flag stays set
     */
    public List<String> awaitRequests(int count, Duration within) {
        return paths.await(name + " requests", path -> true, count, within);
    }

    /** Resets all connections, frees the port, and ends the threads. Idempotent. */
    @Override
    public void close() {
        synchronized (modes) {
            closed = true;
            held.clear();
        }
        server.close();
        delays.close();
    }

    @Override
    public String toString() {
        return "FakeEndpoint " + name + " at " + endpoint();
    }

    private void become(Mode next) {
        List<Held> released;
        synchronized (modes) {
            mode = next;
            swallowing = false;
            released = new ArrayList<>(held);
            held.clear();
        }
        restore();
        released.forEach(request -> act(next, request));
    }

    private TcpSession opened(TcpConnection connection) {
        connections.incrementAndGet();
        return new HttpSession(connection, new Decision());
    }

    /** What happens to the requests of one connection: decided when they arrive, before anybody can know of them. */
    private final class Decision implements HttpSession.Handler {
        private Mode decided = Mode.HEALTHY;

        @Override
        public boolean arrived(HttpRequest request, HttpSession session) {
            decided = mode();
            paths.add(request.path());
            if (decided.kind() == Kind.RESET) {
                session.reset();
                return false;
            }
            return true;
        }

        @Override
        public void answer(HttpRequest request, HttpSession session) {
            act(decided, new Held(request, session));
        }
    }

    private Mode mode() {
        synchronized (modes) {
            return swallowing ? Mode.HANGING : mode;
        }
    }

    private void act(Mode current, Held request) {
        switch (current.kind()) {
            case ANSWER -> delays.run(current.delay(), () -> say(current.status(), request));
            case RESET -> request.session().reset();
            case HANG -> hold(request);
        }
    }

    private void say(int status, Held request) {
        String fields = "Content-Type: text/plain; charset=utf-8\r\nX-Endpoint: " + name + "\r\n";
        request.session().respond(status, fields, name.getBytes(StandardCharsets.US_ASCII));
    }

    /** Holds it, unless the mode has changed meanwhile. */
    private void hold(Held request) {
        Mode now;
        synchronized (modes) {
            now = mode();
            if (now.kind() == Kind.HANG) {
                held.removeIf(other -> !other.session().isOpen());
                held.add(request);
                return;
            }
        }
        act(now, request);
    }

    private static UncheckedIOException cannotListen(String name, InetSocketAddress address, IOException cause) {
        return new UncheckedIOException(
                name + ": can't listen on " + Addresses.text(address) + " (" + cause.getMessage() + ")", cause);
    }
}
