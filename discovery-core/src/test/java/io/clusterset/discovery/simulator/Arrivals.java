package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * That an endpoint nobody has heard of before begins slowly: in its first second it has at most half of what one of its zone has that
 * has been in the same tier for long. When it was heard of, and who was there, is known from what the sources said.
 */
final class Arrivals {

    private static final long FIRST = 1_000; // milliseconds
    private static final long LONG =
            15_000; // its own slow start is over by then, and whatever the cache asked twice is believed
    private static final double MOST = 0.5;

    private final Consumer<String> breaks;
    private final Map<String, Map<InetSocketAddress, Long>> there = new HashMap<>(); // by tier, and since when
    private final Set<InetSocketAddress> everHeard = new HashSet<>();
    private final Map<InetSocketAddress, Long> young = new HashMap<>();

    Arrivals(Consumer<String> breaks) {
        this.breaks = breaks;
    }

    /** A tier's source answered. That it can't tell changes nothing. */
    void said(String tier, Resolution answer, long now) {
        if (answer instanceof Resolution.Unknown) {
            return;
        }
        Map<InetSocketAddress, Long> before = there.getOrDefault(tier, Map.of());
        if (answer.endpoints().size() == before.size()
                && answer.endpoints().stream().allMatch(one -> before.containsKey(one.socketAddress()))) {
            return; // as most answers
        }
        Map<InetSocketAddress, Long> after = new HashMap<>();
        for (Endpoint endpoint : answer.endpoints()) {
            InetSocketAddress address = endpoint.socketAddress();
            after.put(address, before.getOrDefault(address, now));
            if (everHeard.add(address)) {
                young.put(address, now);
            }
        }
        there.put(tier, after);
    }

    void decided(Look look) {
        if (young.isEmpty()) {
            return;
        }
        long now = look.decision.snapshot().takenAt() / 1_000_000;
        young.values().removeIf(since -> now - since >= FIRST);
        for (Decision.Tier tier : look.decision.tiers()) {
            for (Candidate candidate : tier.candidates()) {
                if (young.containsKey(candidate.endpoint().socketAddress())) {
                    slowly(look, tier, candidate.endpoint(), now);
                }
            }
        }
    }

    private void slowly(Look look, Decision.Tier tier, Endpoint fresh, long now) {
        Map<InetSocketAddress, Long> since = there.getOrDefault(tier.view().tier(), Map.of());
        double others = tier.candidates().stream()
                .map(Candidate::endpoint)
                .filter(other -> now - since.getOrDefault(other.socketAddress(), now) >= LONG
                        && other.locality().zone().equals(fresh.locality().zone()))
                .mapToDouble(look::share)
                .max()
                .orElse(0);
        if (others > 0 && look.share(fresh) > MOST * others) {
            breaks.accept(fresh.authority() + " has " + look.share(fresh)
                    + " % of the traffic in its first second, and others of its tier " + others
                    + " % (expected: at most half)");
        }
    }
}
