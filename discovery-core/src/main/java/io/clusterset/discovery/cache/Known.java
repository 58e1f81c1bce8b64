package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The endpoints known of one name, and how answers change them: a complete answer replaces them, a partial one adds, and so
 * does one address at a time from a server that gives no more (Lighthouse). Used on the serial executor.
 */
final class Known {

    private static final Duration LEAST_UNSEEN = Duration.ofSeconds(60);
    private static final int UNSEEN_TTLS = 5;
    private static final int FEW = 4; // of fewer, the loss of some is ordinary
    private static final String ACCUMULATED = "one address per answer: they are added up";

    private final Supplier<Duration> staleFor;
    private List<Seen> seen = List.of(); // the latest first; one but for answers that add up
    private boolean lone; // the last complete answer held one address
    private boolean accumulating;

    Known(Supplier<Duration> staleFor) {
        this.staleFor = staleFor;
    }

    List<Endpoint> endpoints(long now) {
        seen = notOlderThan(staleFor.get(), now);
        return seen.size() == 1
                ? seen.get(0).endpoints()
                : seen.stream().flatMap(one -> one.endpoints().stream()).toList();
    }

    private List<Seen> notOlderThan(Duration most, long now) {
        return seen.stream().filter(one -> now - one.at() <= most.toNanos()).toList();
    }

    void remember(List<Endpoint> endpoints, long at) {
        seen = endpoints.isEmpty() ? List.of() : List.of(new Seen(endpoints, at));
        lone = oneEach(endpoints);
    }

    /** A source that tells of changes has told of none until now. */
    void stillThere(long now) {
        seen = seen.stream().map(one -> new Seen(one.endpoints(), now)).toList();
    }

    void forget() {
        seen = List.of();
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
        List<Endpoint> said = answer.endpoints();
        if (inPlace(known, said) * 2 >= known.size()) {
            return false; // half of them are still there
        }
        Set<InetSocketAddress> addresses = addresses(known);
        long kept = addresses(said).stream().filter(addresses::contains).count();
        long dropped = known.size() - kept;
        return kept == 0 || (known.size() >= FEW && dropped * 2 > known.size());
    }

    /** How many are where they were: it tells most lists from each other without looking anything up. */
    private static int inPlace(List<Endpoint> before, List<Endpoint> now) {
        int same = 0;
        for (int i = 0; i < Math.min(before.size(), now.size()); i++) {
            same += before.get(i).sameAddress(now.get(i)) ? 1 : 0;
        }
        return same;
    }

    private static Set<InetSocketAddress> addresses(List<Endpoint> endpoints) {
        return endpoints.stream().map(Endpoint::socketAddress).collect(Collectors.toSet());
    }

    /** Takes an answer in; returns it with all that is known now. */
    Resolution.Found take(Resolution.Found found, Duration ttl, long now) {
        boolean told = ttl.compareTo(EndpointSource.PUSHED) > 0; // by a source that tells of changes: it has no others
        boolean one = found.complete() && !told && oneEach(found.endpoints());
        if (one
                && lone
                && !seen.isEmpty()
                && Collections.disjoint(addresses(found.endpoints()), addresses(endpoints(now)))) {
            accumulating = true; // two of one address, and not the same: the server gives them one at a time
        }
        if (!found.complete()) {
            keepOlder(found, staleFor.get(), now);
        } else if (one && accumulating) {
            Duration fiveTtls = ttl.multipliedBy(UNSEEN_TTLS);
            keepOlder(found, fiveTtls.compareTo(LEAST_UNSEEN) > 0 ? fiveTtls : LEAST_UNSEEN, now);
            accumulating = !oneEach(endpoints(now));
        } else {
            accumulating = false;
            seen = List.of(new Seen(found.endpoints(), now));
        }
        if (found.complete()) {
            lone = one;
        }
        Evidence said = found.evidence();
        Evidence evidence = accumulating && said.detail().isEmpty() ? said.withDetail(ACCUMULATED) : said;
        return new Resolution.Found(endpoints(now), found.complete(), ttl, evidence);
    }

    /** What was just seen comes first, what was not seen lately goes. */
    private void keepOlder(Resolution.Found found, Duration unseen, long now) {
        Set<InetSocketAddress> again = addresses(found.endpoints());
        List<Seen> all = new ArrayList<>();
        all.add(new Seen(found.endpoints(), now));
        for (Seen before : notOlderThan(unseen, now)) {
            List<Endpoint> left = before.endpoints().stream()
                    .filter(endpoint -> !again.contains(endpoint.socketAddress()))
                    .toList();
            if (!left.isEmpty()) {
                all.add(new Seen(left, before.at()));
            }
        }
        seen = all;
    }

    /** At most one address of each family, as a server gives that chooses for its clients. */
    static boolean oneEach(List<Endpoint> endpoints) {
        long v6 = endpoints.stream().limit(3).filter(Endpoint::isV6).count();
        return v6 <= 1 && endpoints.size() - v6 <= 1;
    }

    /**
     * Endpoints and the last answer that held them.
     *
     * @param endpoints as they were in that answer
     * @param at ticker nanoseconds
     */
    private record Seen(List<Endpoint> endpoints, long at) {}
}
