package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The endpoints known of one name, and how answers change them: a complete answer replaces them, a partial one adds, and so
 * does one address at a time from a server that gives no more (Lighthouse). Used on the serial executor.
 */
final class Known {

    private static final Duration LEAST_UNSEEN = Duration.ofSeconds(60);
    private static final int UNSEEN_TTLS = 5;
    private static final int FEW = 4; // of fewer, the loss of some is ordinary
    private static final String ACCUMULATED = "one address per answer: they are added up";

    private final Duration staleFor;
    private final Map<InetSocketAddress, Seen> seen = new LinkedHashMap<>();
    private boolean lone; // the last complete answer held one address
    private boolean accumulating;

    Known(Duration staleFor) {
        this.staleFor = staleFor;
    }

    List<Endpoint> endpoints(long now) {
        seen.values().removeIf(one -> now - one.at() > staleFor.toNanos());
        return seen.values().stream().map(Seen::endpoint).toList();
    }

    void remember(Collection<Endpoint> endpoints, long at) {
        endpoints.forEach(endpoint -> seen.put(endpoint.socketAddress(), new Seen(endpoint, at)));
        lone = oneEach(endpoints);
    }

    void forget() {
        seen.clear();
        lone = false;
        accumulating = false;
    }

    /**
     * Whether an answer is so surprising that it should be heard twice: it would drop all that is known, or more than half of
     * four or more.
     */
    boolean surprisedBy(Resolution answer, long now) {
        List<Endpoint> known = endpoints(now);
        if (known.isEmpty() || answer instanceof Resolution.Unknown) {
            return false;
        }
        if (answer instanceof Resolution.Found found) {
            boolean adds = !found.complete() || (oneEach(found.endpoints()) && (lone || accumulating));
            if (adds) {
                return false;
            }
        }
        long kept = answer.endpoints().stream()
                .map(Endpoint::socketAddress)
                .distinct()
                .filter(seen::containsKey)
                .count();
        long dropped = known.size() - kept;
        return kept == 0 || (known.size() >= FEW && dropped * 2 > known.size());
    }

    /** Takes an answer in; returns it with all that is known now. */
    Resolution.Found take(Resolution.Found found, Duration ttl, long now) {
        boolean told = ttl.compareTo(EndpointSource.PUSHED) > 0; // by a source that tells of changes: it has no others
        boolean one = found.complete() && !told && oneEach(found.endpoints());
        boolean another = found.endpoints().stream().noneMatch(e -> seen.containsKey(e.socketAddress()));
        if (one && lone && another && !seen.isEmpty()) {
            accumulating = true; // two of one address, and not the same: the server gives them one at a time
        }
        if (!found.complete()) {
            keepOlder(found, staleFor, now);
        } else if (one && accumulating) {
            Duration fiveTtls = ttl.multipliedBy(UNSEEN_TTLS);
            keepOlder(found, fiveTtls.compareTo(LEAST_UNSEEN) > 0 ? fiveTtls : LEAST_UNSEEN, now);
            accumulating = !oneEach(endpoints(now));
        } else {
            accumulating = false;
            seen.clear();
            found.endpoints().forEach(endpoint -> seen.put(endpoint.socketAddress(), new Seen(endpoint, now)));
        }
        if (found.complete()) {
            lone = one;
        }
        Evidence said = found.evidence();
        Evidence evidence = accumulating && said.detail().isEmpty()
                ? new Evidence(said.queries(), said.answeredBy(), said.rcode(), ACCUMULATED, said.dropped())
                : said;
        return new Resolution.Found(endpoints(now), found.complete(), ttl, evidence);
    }

    /** What was just seen comes first, what was not seen lately goes. */
    private void keepOlder(Resolution.Found found, Duration unseen, long now) {
        Map<InetSocketAddress, Seen> all = new LinkedHashMap<>();
        found.endpoints().forEach(endpoint -> all.put(endpoint.socketAddress(), new Seen(endpoint, now)));
        seen.forEach((address, before) -> {
            if (now - before.at() <= unseen.toNanos()) {
                all.putIfAbsent(address, before);
            }
        });
        seen.clear();
        seen.putAll(all);
    }

    /** At most one address of each family, as a server gives that chooses for its clients. */
    private static boolean oneEach(Collection<Endpoint> endpoints) {
        Map<Boolean, Integer> perFamily = new HashMap<>();
        endpoints.forEach(e -> perFamily.merge(e.isV6(), 1, Integer::sum));
        return perFamily.values().stream().allMatch(count -> count == 1);
    }

    /**
     * An endpoint and the last answer that held it.
     *
     * @param endpoint as it was in that answer
     * @param at ticker nanoseconds
     */
    private record Seen(Endpoint endpoint, long at) {}
}
