package io.clusterset.discovery.health;

import io.clusterset.discovery.health.Prober.Passed;
import io.clusterset.discovery.health.Prober.Refused;
import io.clusterset.discovery.health.Prober.Result;
import io.clusterset.discovery.health.Prober.TimedOut;
import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Scheduler;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Probes over real sockets, TCP and HTTP on the shared selector thread. Reads a status line and no more; follows nothing.
 */
public final class WireProber implements AutoCloseable {

    static final String USER_AGENT = "clusterset-discovery-probe";

    private final IoLoop io;
    private final HttpsProber https;

    /**
     * With where to do it.
     *
     * @param probeTls see {@link HealthOptions#probeTls()}; it can't change
     * @param scheduler for the deadlines of HTTPS probes
     * @param events told of certificates that can't be verified
     */
    @SuppressWarnings("exports") // io is not exported: the builder makes these
    public WireProber(Optional<SSLContext> probeTls, IoLoop io, Scheduler scheduler, EventSink events) {
        this.io = io;
        this.https = new HttpsProber(probeTls, scheduler, events);
    }

    /** Who makes such probes; for {@link Probe#none()} there is nobody better than who connects. */
    public Prober prober(Probe kind) {
        if (kind instanceof Probe.Https asked) {
            return new ByHttps(asked.path());
        } else if (kind instanceof Probe.Http asked) {
            return (address, timeout, done) -> http(asked.path(), address, timeout, done);
        }
        return (address, timeout, done) -> io.connect(address, timeout, () -> done.accept(new Passed()), failure(done));
    }

    private void http(String path, InetSocketAddress address, Duration timeout, Consumer<Result> done) {
        String request = "GET " + path + " HTTP/1.1\r\nHost: "
                + Endpoint.of(address.getAddress(), address.getPort()).authority()
                + "\r\nUser-Agent: " + USER_AGENT + "\r\nConnection: close\r\n\r\n";
        io.firstLine(
                address,
                request.getBytes(StandardCharsets.US_ASCII),
                timeout,
                line -> done.accept(judge(line)),
                failure(done));
    }

    private static Consumer<IOException> failure(Consumer<Result> done) {
        return why -> done.accept(why instanceof SocketTimeoutException ? new TimedOut() : new Refused(words(why)));
    }

    private static Result judge(String statusLine) {
        if (statusLine.matches("HTTP/1\\.[01] [23]\\d\\d.*")) {
            return new Passed();
        }
        boolean http = statusLine.matches("HTTP/1\\.[01] \\d{3}.*");
        return new Refused(http ? "probe answered " + statusLine.substring(9, 12) : "probe answer is not HTTP/1.1");
    }

    private static String words(IOException why) {
        String message = String.valueOf(why.getMessage()).toLowerCase(Locale.ROOT);
        return why instanceof ConnectException && message.contains("refused") ? "connection refused" : message;
    }

    /** Ends HTTPS probes; the others end with their selector thread. Idempotent. */
    @Override
    public void close() {
        https.close();
    }

    /** The first of them, whatever their paths, take longer. */
    private final class ByHttps implements SlowAtFirst {
        private final String path;

        ByHttps(String path) {
            this.path = path;
        }

        @Override
        public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
            if (https.cold()) { // its time is longer then, and a black hole must be found in the usual one
                io.connect(address, timeout, () -> https.probe(path, address, timeout, done), failure(done));
            } else {
                https.probe(path, address, timeout, done);
            }
        }

        @Override
        public Duration longest(Duration timeout) {
            return https.cold() ? timeout.plus(https.longest(timeout)) : timeout;
        }
    }
}
