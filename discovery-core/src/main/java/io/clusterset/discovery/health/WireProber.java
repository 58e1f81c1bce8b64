package io.clusterset.discovery.health;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Consumer;

/** Probes over real sockets, on the shared selector thread. Reads a status line and no more; follows nothing. */
public final class WireProber implements Prober {

    private final Probe kind;
    private final IoLoop io;

    /**
     * With what to do and where.
     *
     * @param kind a TCP or HTTP probe
     */
    @SuppressWarnings("exports") // io is not exported: the builder makes these
    public WireProber(Probe kind, IoLoop io) {
        this.kind = kind;
        this.io = io;
    }

    @Override
    public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
        Consumer<IOException> failed =
                why -> done.accept(why instanceof SocketTimeoutException ? new TimedOut() : new Refused(words(why)));
        if (kind instanceof Probe.Http http) {
            String request = "GET " + http.path() + " HTTP/1.1\r\nHost: "
                    + Endpoint.of(address.getAddress(), address.getPort()).authority()
                    + "\r\nUser-Agent: clusterset-discovery-probe\r\nConnection: close\r\n\r\n";
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
}
