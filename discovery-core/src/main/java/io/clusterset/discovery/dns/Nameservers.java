package io.clusterset.discovery.dns;

import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which nameservers answer. One that left five questions in a row unanswered is down: it is asked behind the others, and
 * once a second, whoever asks, to see whether it is back. Used on the loop's thread.
 */
final class Nameservers {

    private static final int PATIENCE = 5;
    private static final long PROBES_APART = 1_000_000_000L;

    private final Ticker ticker;
    private final Runnable back;
    private final Map<InetSocketAddress, Silence> silences = new HashMap<>();
    private boolean probedBefore;
    private long probedAt;

    /** With what is told when one that was down answers. */
    Nameservers(Ticker ticker, Runnable back) {
        this.ticker = ticker;
        this.back = back;
    }

    /** Those that are up, in their order. */
    List<InetSocketAddress> up(List<InetSocketAddress> servers) {
        List<InetSocketAddress> up = new ArrayList<>(servers);
        up.removeIf(this::isDown);
        return up;
    }

    boolean isDown(InetSocketAddress server) {
        Silence silence = silences.get(server);
        return silence != null && silence.questions >= PATIENCE;
    }

    /** Whether it is time to ask one that is down; if so, it is taken to be asked now. */
    boolean mayProbe() {
        long now = ticker.nanos();
        if (probedBefore && now - probedAt < PROBES_APART) {
            return false;
        }
        probedBefore = true;
        probedAt = now;
        return true;
    }

    /** How long it has not answered. */
    Duration silentFor(InetSocketAddress server) {
        Silence silence = silences.get(server);
        return silence == null ? Duration.ZERO : Duration.ofNanos(ticker.nanos() - silence.since);
    }

    void answered(InetSocketAddress server) {
        boolean wasDown = isDown(server);
        silences.remove(server);
        if (wasDown) {
            back.run();
        }
    }

    void silent(InetSocketAddress server) {
        silences.computeIfAbsent(server, s -> new Silence(ticker.nanos())).questions++;
    }

    private static final class Silence {
        private final long since;
        private int questions;

        private Silence(long since) {
            this.since = since;
        }
    }
}
