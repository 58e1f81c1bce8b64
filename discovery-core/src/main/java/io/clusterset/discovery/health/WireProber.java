package io.clusterset.discovery.health;

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

/**
 * Probes over real sockets, TCP and HTTP on the shared selector thread. Reads a status line and no more; follows nothing.
 */
public final class WireProber implements Prober, AutoCloseable {

    static final String USER_AGENT = "clusterset-discovery-probe";

    private final Probe kind;
    private final IoLoop io;
    private final Optional<HttpsProber> https;

    /**
     * With what to do and where.
     *
     * @param options whose probe is asked, unless it is {@link Probe#none()}
     * @param scheduler for the deadlines of HTTPS probes
     * @param events told of certificates that can't be verified
     */
    @SuppressWarnings("exports") // io is not exported: the builder makes these
    public WireProber(HealthOptions options, IoLoop io, Scheduler scheduler, EventSink events) {
        this.kind = options.probe();
        this.io = io;
        this.https = kind instanceof Probe.Https asked
                ? Optional.of(new HttpsProber(asked.path(), options.probeTls(), scheduler, events))
                : Optional.empty();
    }

    @Override
    public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
        Consumer<IOException> failed =
                why -> done.accept(why instanceof SocketTimeoutException ? new TimedOut() : new Refused(words(why)));
        if (https.isPresent()) {
            HttpsProber prober = https.get();
            if (prober.cold()) { // its time is longer then, and a black hole must be found in the usual one
                io.connect(address, timeout, () -> prober.probe(address, timeout, done), failed);
            } else {
                prober.probe(address, timeout, done);
            }
        } else if (kind instanceof Probe.Http http) {
            String request = "GET " + http.path() + " HTTP/1.1\r\nHost: "
                    + Endpoint.of(address.getAddress(), address.getPort()).authority()
                    + "\r\nUser-Agent: " + USER_AGENT + "\r\nConnection: close\r\n\r\n";
            io.firstLine(
                    address,
                    request.getBytes(StandardCharsets.US_ASCII),
                    timeout,
                    line -> done.accept(judge(line)),
                    failed);
        } else {
            io.connect(address, timeout, () -> done.accept(new Passed()), failed);
        }
    }

    /** How long a probe that begins now may take: the first HTTPS probes of a process take longer. */
    Duration longest(Duration timeout) {
        return https.filter(HttpsProber::cold)
                .map(prober -> timeout.plus(prober.longest(timeout)))
                .orElse(timeout);
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
        https.ifPresent(HttpsProber::close);
    }
}
