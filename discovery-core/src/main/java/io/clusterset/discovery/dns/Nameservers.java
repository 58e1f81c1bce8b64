package io.clusterset.discovery.dns;

import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;

/**
 * Which nameservers answer for which zone: one that forwards a zone to somebody dead is silent for that zone alone. One that
 * left five questions of a zone in a row unanswered, and answered none of it meanwhile, is down for it: it is not asked, but
 * once a second, whoever asks, to see whether it is back. Used on the loop's thread.
 */
final class Nameservers {

    private static final int PATIENCE = 5;
    private static final long PROBES_APART = 1_000_000_000L;

    private final Ticker ticker;
    private final Listener listener;
    private final Map<Place, Silence> silences = new HashMap<>();
    private final Map<Place, Long> answered = new HashMap<>(); // when, last; as many as tiers have servers

    /** With who is told when one goes down, and when it answers again. */
    Nameservers(Ticker ticker, Listener listener) {
        this.ticker = ticker;
        this.listener = listener;
    }

    /** Those that are up, in their order. */
    List<InetSocketAddress> up(List<InetSocketAddress> servers, Name zone) {
        List<InetSocketAddress> up = new ArrayList<>(servers);
        up.removeIf(server -> isDown(new Place(server, zone)));
        return up;
    }

    private boolean isDown(Place place) {
        Silence silence = silences.get(place);
        return silence != null && silence.questions >= PATIENCE;
    }

    /** Those that are down and whose time to be asked again has come; they are taken to be asked now. */
    List<InetSocketAddress> toProbe(List<InetSocketAddress> servers, Name zone) {
        long now = ticker.nanos();
        List<InetSocketAddress> due = new ArrayList<>();
        for (InetSocketAddress server : servers) {
            Silence silence = silences.get(new Place(server, zone));
            if (silence != null && silence.questions >= PATIENCE && silence.mayProbe(now)) {
                due.add(server);
            }
        }
        return due;
    }

    /** How long it has not answered. */
    Duration silentFor(InetSocketAddress server, Name zone) {
        Silence silence = silences.get(new Place(server, zone));
        return silence == null ? Duration.ZERO : Duration.ofNanos(ticker.nanos() - silence.since);
    }

    void answered(InetSocketAddress server, Name zone) {
        Place place = new Place(server, zone);
        boolean wasDown = isDown(place);
        silences.remove(place);
        answered.put(place, ticker.nanos());
        if (wasDown) {
            listener.back(server, zone);
        }
    }

    /** It did not answer a question asked then; if it answered another since, it lives. */
    void silent(InetSocketAddress server, Name zone, long since) {
        Place place = new Place(server, zone);
        Long heard = answered.get(place);
        if (heard == null || heard - since < 0) {
            Silence silence = silences.computeIfAbsent(place, p -> new Silence(since));
            silence.questions++;
            if (silence.questions == PATIENCE) {
                listener.down(server, zone);
            }
        }
    }

    /** Told on the loop's thread. */
    interface Listener {
        void down(InetSocketAddress server, Name zone);

        void back(InetSocketAddress server, Name zone);
    }

    /** A server as the one to ask about a zone. */
    private record Place(InetSocketAddress server, Name zone) {}

    private static final class Silence {
        private final long since;
        private int questions;
        private boolean probedBefore;
        private long probedAt;

        private Silence(long since) {
            this.since = since;
        }

        boolean mayProbe(long now) {
            if (probedBefore && now - probedAt < PROBES_APART) {
                return false;
            }
            probedBefore = true;
            probedAt = now;
            return true;
        }
    }
}
