package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Answer;
import io.clusterset.discovery.simulator.Policy;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * Armeria 1.40, {@code HealthCheckedEndpointGroup.of(dns home).orElse(HealthCheckedEndpointGroup.of(dns set))}.
 *
 * <ul>
 *   <li>DNS follows the TTL, 1 s at least; a failure is tried again after 1 s, doubled up to 32 s, jitter 0.2, and the last known
 *       stay (DnsEndpointGroupBuilder; facts/client-peers.md 2.3). In favour: an answer without addresses is a failure, too.
 *   <li>Health: HEAD 3 s after the last answer, jitter 0.2; 2xx is well, all else is not, and one result decides
 *       (HttpHealthChecker.java; HealthCheckedEndpointGroup: DEFAULT_HEALTH_CHECK_RETRY_BACKOFF). No long polling: the pods offer
 *       none. A check of a black hole ends with the connect timeout, 3.2 s (Flags: defaultConnectTimeoutMillis), since hung
 *       calls hold the connections that are there: so it was measured, and in favour of it where a client has few calls. A slow
 *       answer has 15 s (Flags: defaultResponseTimeoutMillis).
 *   <li>An endpoint is used from its first good check on, and no more when DNS has forgotten it.
 *   <li>All of home down: the set, at once; one of home up: home, at once (OrElseEndpointGroup). Nobody: a call waits for
 *       someone, 3.2 s, more than its patience (selectionTimeout).
 *   <li>Weighted round robin, all weights 1000 (EndpointSelectionStrategy). No retry: RetryingClient must be asked for.
 *   <li>The second check of each endpoint comes at a random time, since not all of a fleet begin in the same millisecond.
 * </ul>
 *
 * Left out: ramp-up, the outlier breaker and the xDS module, all of which must be asked for. {@code benchmarks/run failover} has
 * what the real one does: to a black hole whose connections stay open its check takes 15 s more than here.
 */
final class ArmeriaOrElse implements Policy {

    private static final Duration TTL = Duration.ofSeconds(Answer.TTL_SECONDS);
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);
    private static final long FIRST_BACKOFF = 1_000;
    private static final long LAST_BACKOFF = 32_000;
    private static final long CHECK_MILLIS = 3_000;
    private static final double JITTER = 0.2;
    private static final Duration CONNECT_TIMEOUT = Duration.ofMillis(3_200);
    private static final Duration RESPONSE_TIMEOUT = Duration.ofSeconds(15);

    @Override
    public String name() {
        return "Armeria orElse";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private static final class Process implements Caller {
        private final Wire wire;
        private final Random random;
        private final List<Wire.Call> waiting = new ArrayList<>();
        private final Group home;
        private final Group away;
        private int position;

        Process(World world, Random random) {
            this.wire = new Wire(world);
            this.random = random;
            this.position = random.nextInt(1_000);
            this.home = new Group(true);
            this.away = new Group(false);
        }

        @Override
        public void call(Request request, Done done) {
            attempt(wire.call(request, done::served));
        }

        private void attempt(Wire.Call call) {
            List<Endpoint> from = home.healthy().isEmpty() ? away.healthy() : home.healthy();
            if (from.isEmpty()) {
                waiting.add(call);
                return;
            }
            Endpoint one = from.get(Math.floorMod(position++, from.size()));
            wire.send(call, one, outcome -> call.ends(outcome == Outcome.GOOD));
        }

        private void somebodyIsWell() {
            List<Wire.Call> all = List.copyOf(waiting);
            waiting.clear();
            all.stream().filter(call -> !call.isOver()).forEach(this::attempt);
        }

        private Duration jittered(double millis) {
            return Duration.ofMillis(Math.round(millis * (1 - JITTER + 2 * JITTER * random.nextDouble())));
        }

        /** The endpoints of one name, each looked after. */
        private final class Group {
            private final Map<Endpoint, Boolean> health = new LinkedHashMap<>();
            private List<Endpoint> healthy = List.of();
            private long backoff = FIRST_BACKOFF;

            Group(boolean home) {
                new Names(wire, home, QUERY_TIMEOUT, this::next, this::resolved);
            }

            List<Endpoint> healthy() {
                return healthy;
            }

            private Duration next(Answer answer) {
                if (answer.found()) {
                    backoff = FIRST_BACKOFF;
                    return TTL;
                }
                Duration next = jittered((double) backoff);
                backoff = Math.min(LAST_BACKOFF, backoff * 2);
                return next;
            }

            private void resolved(Answer answer) {
                if (!answer.found()) {
                    return;
                }
                Set<Endpoint> gone = new HashSet<>(health.keySet());
                gone.removeAll(answer.endpoints());
                health.keySet().removeAll(gone);
                for (Endpoint one : answer.endpoints()) {
                    if (health.putIfAbsent(one, false) == null) {
                        check(one, random.nextDouble() * CHECK_MILLIS);
                    }
                }
                recount();
            }

            private void check(Endpoint one, double nextMillis) {
                wire.connect(one, CONNECT_TIMEOUT, connected -> {
                    if (connected == Outcome.GOOD) {
                        wire.get(one, RESPONSE_TIMEOUT, answer -> checked(one, answer == Outcome.GOOD, nextMillis));
                    } else {
                        checked(one, false, nextMillis);
                    }
                });
            }

            private void checked(Endpoint one, boolean good, double nextMillis) {
                if (health.replace(one, good) != null) {
                    wire.after(jittered(nextMillis), () -> {
                        if (health.containsKey(one)) {
                            check(one, CHECK_MILLIS);
                        }
                    });
                    recount();
                }
            }

            private void recount() {
                healthy = health.entrySet().stream()
                        .filter(Map.Entry::getValue)
                        .map(Map.Entry::getKey)
                        .toList();
                if (!healthy.isEmpty()) {
                    somebodyIsWell();
                }
            }
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
