package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one name, in a new order each time, as the balancer has it. The orders go round for a while: a lookup should cost
 * no more than the JVM's. Thread-safe.
 */
final class Addresses {

    private static final int MOST_OF_A_TIER = 8;
    private static final int FEWEST_ORDERS = 64; // enough for a share of 5 % to be seen
    private static final int MOST_ORDERS = 1_024;
    private static final int ROUNDS = 16;

    private final String host;
    private final Authority authority;
    private volatile @Nullable Orders orders;

    Addresses(String host, Authority authority) {
        this.host = host;
        this.authority = authority;
    }

    boolean isOf(Authority other) {
        return authority.equals(other);
    }

    /**
     * The addresses to try, at least one.
     *
     * @throws io.clusterset.discovery.model.DiscoveryException if there is none
     */
    List<InetAddress> next() {
        Service service = authority.service();
        Decision decision = service.decision();
        Orders now = orders;
        if (now == null || !now.isOf(decision) || now.areStale()) {
            now = new Orders(decision);
            orders = now;
        }
        return now.take(service);
    }

    private List<InetAddress> addresses(Service service, Map<Endpoint, InetAddress> named) {
        List<Endpoint> endpoints = service.endpoints();
        if (endpoints.isEmpty()) {
            try (Attempt late = service.next()) { // says why there is none, or there is one by now
                endpoints = List.of(late.endpoint());
            }
        }
        boolean v6 = endpoints.get(0).isV6();
        Map<String, Integer> ofTier = new HashMap<>();
        return endpoints.stream()
                .filter(endpoint -> endpoint.isV6() == v6)
                .filter(endpoint -> ofTier.merge(endpoint.tier(), 1, Integer::sum) <= MOST_OF_A_TIER)
                .map(endpoint -> named.computeIfAbsent(endpoint, one -> Lane.named(host, one)))
                .distinct()
                .toList();
    }

    /** Made of one decision, each when it is first asked for. */
    private final class Orders {
        private final Decision decision;
        private final AtomicReferenceArray<@Nullable List<InetAddress>> all;
        private final Map<Endpoint, InetAddress> named = new ConcurrentHashMap<>();
        private int taken; // by any thread: whether two of them get the same order matters to nobody

        Orders(Decision decision) {
            this.decision = decision;
            int endpoints = decision.tiers().stream()
                    .mapToInt(tier -> tier.candidates().size())
                    .sum();
            all = new AtomicReferenceArray<>(
                    endpoints == 1 ? 1 : Math.max(FEWEST_ORDERS, Math.min(endpoints, MOST_ORDERS)));
        }

        @SuppressWarnings("ReferenceEquality") // decisions are replaced, never edited
        boolean isOf(Decision other) {
            return decision == other;
        }

        boolean areStale() {
            return all.length() > 1 && taken >= all.length() * ROUNDS; // one stays the only one
        }

        List<InetAddress> take(Service service) {
            int now = taken;
            taken = now + 1;
            int at = now % all.length();
            List<InetAddress> known = all.get(at);
            if (known != null) {
                return known;
            }
            List<InetAddress> made = addresses(service, named);
            all.set(at, made);
            return made;
        }
    }
}
