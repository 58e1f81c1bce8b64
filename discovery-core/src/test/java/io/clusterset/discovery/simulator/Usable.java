package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether law 7 calls somebody usable, by what the sources said and by who has served: the library is not asked. */
final class Usable {

    private static final long HEARD_MILLIS = 1_000; // a source that was heard is decided on by then
    private static final long STILL_MILLIS = 290_000; // five minutes, less what the last decision may be late

    private final Map<String, Said> tiers = new LinkedHashMap<>();
    private final Map<InetSocketAddress, Long> served = new HashMap<>();

    /** A tier's source answered. That it can't tell changes nothing. */
    void said(String tier, Resolution answer, long now) {
        Optional<Said> before = Optional.ofNullable(tiers.get(tier));
        if (answer instanceof Resolution.Found found) {
            long since =
                    before.filter(said -> !said.gone).map(said -> said.since).orElse(now);
            tiers.put(tier, new Said(found.endpoints(), false, since));
        } else if (!(answer instanceof Resolution.Unknown)) {
            before.filter(said -> !said.gone).ifPresent(said -> tiers.put(tier, new Said(said.endpoints, true, now)));
        }
    }

    /** It gave a good answer. */
    void served(Endpoint endpoint, long now) {
        served.put(endpoint.socketAddress(), now);
    }

    /** Who must be usable now, and why; empty if nobody must. */
    Optional<String> somebody(long now) {
        return tiers.entrySet().stream()
                .filter(entry -> entry.getValue().isUsable(now) && !isOthers(entry.getValue()))
                .findFirst()
                .map(entry -> entry.getValue().endpoints.size() + " of " + entry.getKey()
                        + (entry.getValue().gone ? ", the last known" : ", which nobody took back"));
    }

    /** What is another tier's, too (law 10), goes with that one. */
    private boolean isOthers(Said said) {
        return said.gone
                && tiers.values().stream()
                        .anyMatch(other -> !other.equals(said)
                                && said.endpoints.stream().anyMatch(one -> other.has(one.socketAddress())));
    }

    private final class Said {
        private final List<Endpoint> endpoints;
        private final boolean gone; // said to be, by who should know
        private final long since;

        Said(List<Endpoint> endpoints, boolean gone, long since) {
            this.endpoints = endpoints;
            this.gone = gone;
            this.since = since;
        }

        boolean has(InetSocketAddress address) {
            return endpoints.stream().anyMatch(one -> one.socketAddress().equals(address));
        }

        boolean isUsable(long now) {
            return gone
                    ? now - since < STILL_MILLIS || endpoints.stream().anyMatch(one -> servedLately(one, now))
                    : now - since >= HEARD_MILLIS;
        }

        private boolean servedLately(Endpoint endpoint, long now) {
            Long at = served.get(endpoint.socketAddress());
            return at != null && now - at < STILL_MILLIS;
        }
    }
}
