package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Answer;
import io.clusterset.discovery.simulator.Policy;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * ServiceTalk 0.42.66: one client over the names of both clusters, home's hosts with priority 0, the set's with 1. No discoverer
 * of its own sets a priority, and what an event of another says has no public one: this is what could be made of it.
 *
 * <ul>
 *   <li>DNS: TTL between 10 s and 5 min, jitter up to 4 s (facts/client-peers.md 1.1); failures and, by default, missing names
 *       keep the hosts (ST#2776); in favour, so does an answer without addresses. A failure is asked again after 10 s.
 *   <li>Load by priority as Envoy's, 140 %; if no host at all is well, priorities are passed over (DefaultHostPriorityStrategy)
 *       and there is none to call (fail-open is off: facts/client-peers.md 1.4).
 *   <li>Round robin (RoundRobinLoadBalancer).
 *   <li>5 connects in a row that fail: no calls, a connect each 5 s ± 3 s until one succeeds (HealthCheckConfig.java; in
 *       favour, since with outlier detection on it is 10 s: OutlierDetectorConfig.java, failureDetectorInterval). One whose call
 *       is given up has failed; those that nobody waits for have Netty's 30 s (both seen of 0.42.62).
 *   <li>A connection has one call at a time (HTTP/1.1); a call that finds none idle connects.
 *   <li>{@link Outliers} (OutlierDetectorConfig.java: Envoy's numbers, "at least one host"); a call that is given up is a failure
 *       (cancellationIsError true). In favour it is on, which the plain client's balancer has not.
 *   <li>Retries of what was not sent: at once, 4 (RetryingHttpRequesterFilter.java: ofImmediateBounded, maxTotalRetries); nobody to call: the call waits for a host. In favour, a broken connection was not sent on.
 *   <li>A host that DNS forgot is called while a connection to it is open, then dropped ("expired").
 * </ul>
 *
 * Left out: P2C (not the default), subsets, re-subscription to DNS when all are unhealthy, which asks nothing new of a name that
 * lies or is dead.
 */
final class ServiceTalk implements Policy {

    private static final int TTL_MILLIS = 10_000; // the clamp's: CoreDNS says less
    private static final int TTL_JITTER_MILLIS = 4_000;
    private static final Duration QUERY_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    private static final int FAILED_CONNECTS = 5;
    private static final int REVIVAL_MILLIS = 5_000;
    private static final int REVIVAL_JITTER_MILLIS = 3_000;
    private static final int RETRIES = 4;

    @Override
    public String name() {
        return "ServiceTalk";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private static final class Process implements Caller {
        private final Wire wire;
        private final Random random;
        private final Map<Endpoint, Connected> hosts = new LinkedHashMap<>();
        private final List<Wire.Call> waiting = new ArrayList<>();
        private final Outliers outliers;
        private int position;

        Process(World world, Random random) {
            this.wire = new Wire(world);
            this.random = random;
            this.position = random.nextInt(1_000);
            this.outliers = new Outliers(wire, this::all, random.nextDouble());
            for (boolean home : new boolean[] {true, false}) {
                new Names(
                        wire,
                        home,
                        QUERY_TIMEOUT,
                        answer -> Duration.ofMillis(TTL_MILLIS + random.nextInt(TTL_JITTER_MILLIS)),
                        answer -> resolved(home, answer));
            }
        }

        private List<Host> all() {
            return hosts.values().stream().map(one -> one.host).toList();
        }

        private void resolved(boolean home, Answer answer) {
            if (!answer.found()) {
                return;
            }
            for (Endpoint one : answer.endpoints()) {
                hosts.computeIfAbsent(one, endpoint -> new Connected(new Host(endpoint, home)));
            }
            for (Connected one : List.copyOf(hosts.values())) {
                if (one.host.home == home) {
                    one.host.listed = answer.endpoints().contains(one.host.endpoint);
                    one.dropIfExpired();
                }
            }
            somebodyMayBeWell();
        }

        @Override
        public void call(Request request, Done done) {
            attempt(wire.call(request, done::served));
        }

        private void attempt(Wire.Call call) {
            boolean home = random.nextInt(100) < Priorities.of(all()).home();
            List<Connected> healthy =
                    hosts.values().stream().filter(one -> one.host.isHealthy()).toList();
            List<Connected> preferred =
                    healthy.stream().filter(one -> one.host.home == home).toList();
            List<Connected> from = preferred.isEmpty() ? healthy : preferred;
            if (from.isEmpty()) {
                waiting.add(call);
            } else {
                from.get(Math.floorMod(position++, from.size())).use(call);
            }
        }

        private void retry(Wire.Call call) {
            call.attempts++;
            if (call.attempts <= RETRIES && !call.isOver()) {
                attempt(call);
            } else {
                call.ends(false);
            }
        }

        private void somebodyMayBeWell() {
            List<Wire.Call> some = List.copyOf(waiting);
            waiting.clear();
            some.stream().filter(call -> !call.isOver()).forEach(this::attempt);
        }

        @Override
        public void close() {
            wire.close();
        }

        /** A host and the connections to it. */
        private final class Connected {
            private final Host host;
            private int idle;
            private int busy;
            private int failedConnects;

            Connected(Host host) {
                this.host = host;
            }

            void use(Wire.Call call) {
                if (idle > 0) {
                    idle--;
                    send(call);
                    return;
                }
                wire.connect(host.endpoint, call.left(), outcome -> {
                    connected(outcome);
                    if (outcome == Outcome.GOOD) {
                        send(call);
                        return;
                    }
                    outliers.ended(host, false);
                    if (outcome == Outcome.REFUSED) {
                        retry(call);
                    }
                });
            }

            private void send(Wire.Call call) {
                busy++;
                wire.send(call, host.endpoint, outcome -> {
                    busy--;
                    idle += outcome == Outcome.SILENCE || outcome == Outcome.REFUSED ? 0 : 1;
                    dropIfExpired();
                    if (outcome == Outcome.REFUSED) {
                        retry(call);
                    } else {
                        outliers.ended(host, outcome == Outcome.GOOD);
                        call.ends(outcome == Outcome.GOOD);
                    }
                });
            }

            private void connected(Outcome outcome) {
                if (outcome == Outcome.GOOD) {
                    failedConnects = 0;
                    return;
                }
                failedConnects++;
                if (failedConnects >= FAILED_CONNECTS && host.up) {
                    host.up = false;
                    revive();
                }
            }

            private void revive() {
                int wait = REVIVAL_MILLIS - REVIVAL_JITTER_MILLIS + random.nextInt(2 * REVIVAL_JITTER_MILLIS);
                wire.after(Duration.ofMillis(wait), () -> {
                    if (hosts.containsValue(this)) {
                        wire.connect(host.endpoint, CONNECT_TIMEOUT, outcome -> {
                            if (outcome == Outcome.GOOD) {
                                host.up = true;
                                idle++;
                                connected(outcome);
                                somebodyMayBeWell();
                            } else {
                                revive();
                            }
                        });
                    }
                });
            }

            void dropIfExpired() {
                if (!host.listed && idle + busy == 0) {
                    hosts.remove(host.endpoint);
                }
            }
        }
    }
}
