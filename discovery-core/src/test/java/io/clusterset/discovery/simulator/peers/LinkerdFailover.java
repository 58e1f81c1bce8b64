package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Policy;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * linkerd-failover (2025-08) on linkerd2-proxy (2026-08): a primary Service and one in the other cluster, both sides meshed.
 *
 * <ul>
 *   <li>Binary: while the API has one ready endpoint of the primary, it has all calls, else the secondary; back at once; no
 *       percents (facts/client-peers.md 5.2). In favour: the operator, its TrafficSplit and the destination controller take no
 *       time, and the secondary's pods are met without a gateway between.
 *   <li>Readiness as the API tells it; while it is away, the last known.
 *   <li>Power of two choices by peak EWMA, decay 10 s, first guess 30 ms (facts/client-peers.md 3.8, 3.9). A call that is given up
 *       counts its time so far.
 *   <li>One connection to each endpoint, made again after 100 ms to 500 ms, jitter 0.1, connect timeout 1 s
 *       (linkerd/app/src/env.rs: DEFAULT_OUTBOUND_CONNECT_TIMEOUT, DEFAULT_OUTBOUND_CONNECT_BACKOFF); without it an endpoint gets
 *       no calls. In favour: that it broke is known without a call, so a call that meets a broken one is placed anew. A black hole
 *       breaks it after 30 s (charts/partials: LINKERD2_PROXY_OUTBOUND_CONNECT_USER_TIMEOUT).
 *   <li>No endpoint with a connection: a call waits; after 3 s of that, calls fail at once
 *       (DEFAULT_OUTBOUND_HTTP_FAILFAST_TIMEOUT).
 *   <li>No retries and no failure accrual, both of which must be asked for by annotation (docs: reference/retries,
 *       reference/circuit-breaking).
 * </ul>
 *
 * Left out: zones, HTTP/1 without the mesh, the proxies' own time.
 */
final class LinkerdFailover implements Policy {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final double FIRST_BACKOFF = 100;
    private static final double LAST_BACKOFF = 500;
    private static final double JITTER = 0.1;
    private static final Duration USER_TIMEOUT = Duration.ofSeconds(30);
    private static final long FAIL_FAST_MILLIS = 3_000;
    private static final double DECAY_MILLIS = 10_000;
    private static final double FIRST_GUESS_MILLIS = 30;

    @Override
    public String name() {
        return "linkerd-failover";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private static final class Process implements Caller {
        private final Wire wire;
        private final Random random;
        private final Map<Endpoint, Link> links = new LinkedHashMap<>();
        private final List<Wire.Call> waiting = new ArrayList<>();
        private final List<Runnable> watches = new ArrayList<>();
        private List<Endpoint> primary = List.of();
        private List<Endpoint> secondary = List.of();
        private Optional<Long> nobodySince = Optional.empty();

        Process(World world, Random random) {
            this.wire = new Wire(world);
            this.random = random;
            watches.add(world.watchReady(true, this::heard));
            watches.add(world.watchReady(false, this::heard));
            wire.after(Duration.ZERO, this::heard);
        }

        private void heard() {
            primary = wire.world.ready(true).orElse(primary);
            secondary = wire.world.ready(false).orElse(secondary);
            for (Endpoint one : active()) {
                links.computeIfAbsent(one, Link::new);
            }
            links.values().removeIf(link -> link.isOver(active()));
            place();
        }

        private List<Endpoint> active() {
            return primary.isEmpty() ? secondary : primary;
        }

        @Override
        public void call(Request request, Done done) {
            attempt(wire.call(request, done::served));
        }

        private void attempt(Wire.Call call) {
            List<Link> able =
                    links.values().stream().filter(link -> link.connected).toList();
            if (able.isEmpty()) {
                long now = wire.world.millis();
                long since = nobodySince.orElse(now);
                nobodySince = Optional.of(since);
                if (now - since >= FAIL_FAST_MILLIS) {
                    call.ends(false);
                } else {
                    waiting.add(call);
                }
                return;
            }
            nobodySince = Optional.empty();
            choice(able).send(call);
        }

        private Link choice(List<Link> able) {
            int first = random.nextInt(able.size());
            if (able.size() == 1) {
                return able.get(first);
            }
            int second = (first + 1 + random.nextInt(able.size() - 1)) % able.size();
            return able.get(first).load() <= able.get(second).load() ? able.get(first) : able.get(second);
        }

        private void place() {
            if (links.values().stream().anyMatch(link -> link.connected)) {
                List<Wire.Call> all = List.copyOf(waiting);
                waiting.clear();
                all.stream().filter(call -> !call.isOver()).forEach(this::attempt);
            }
        }

        @Override
        public void close() {
            watches.forEach(Runnable::run);
            wire.close();
        }

        /** An endpoint, the connection to it, and how long it takes. */
        private final class Link {
            private final Endpoint endpoint;
            private boolean connected;
            private boolean over;
            private double backoff = FIRST_BACKOFF;
            private double estimate = FIRST_GUESS_MILLIS;
            private long estimatedAt;
            private int pending;
            private Optional<Runnable> silence = Optional.empty(); // calls off what happens when it lasts

            Link(Endpoint endpoint) {
                this.endpoint = endpoint;
                this.estimatedAt = wire.world.millis();
                connect();
            }

            boolean isOver(List<Endpoint> active) {
                over = !active.contains(endpoint);
                if (over) {
                    heardOf();
                }
                return over;
            }

            private void connect() {
                wire.connect(endpoint, CONNECT_TIMEOUT, outcome -> {
                    if (over) {
                        return;
                    }
                    if (outcome == Outcome.GOOD) {
                        connected = true;
                        backoff = FIRST_BACKOFF;
                        place();
                    } else {
                        again();
                    }
                });
            }

            private void again() {
                double wait = backoff * (1 + JITTER * random.nextDouble());
                backoff = Math.min(LAST_BACKOFF, backoff * 2);
                wire.after(Duration.ofMillis(Math.round(wait)), () -> {
                    if (!over) {
                        connect();
                    }
                });
            }

            private void breaks() {
                heardOf();
                if (connected) {
                    connected = false;
                    again();
                }
            }

            private void heardOf() {
                silence.ifPresent(Runnable::run);
                silence = Optional.empty();
            }

            /** The estimate sinks while nothing is heard. */
            private double estimate() {
                long now = wire.world.millis();
                estimate *= Math.exp((estimatedAt - now) / DECAY_MILLIS);
                estimatedAt = now;
                return estimate;
            }

            double load() {
                return estimate() * (pending + 1);
            }

            private void took(long millis) {
                double kept = Math.exp((estimatedAt - wire.world.millis()) / DECAY_MILLIS);
                estimate = millis > estimate ? millis : estimate * kept + millis * (1 - kept);
                estimatedAt = wire.world.millis();
            }

            void send(Wire.Call call) {
                long sent = wire.world.millis();
                pending++;
                if (silence.isEmpty()) {
                    silence = Optional.of(wire.after(USER_TIMEOUT, this::breaks));
                }
                wire.send(call, endpoint, outcome -> {
                    pending--;
                    if (outcome == Outcome.REFUSED) {
                        breaks();
                        attempt(call);
                        return;
                    }
                    took(wire.world.millis() - sent);
                    if (outcome != Outcome.SILENCE) {
                        heardOf();
                    }
                    call.ends(outcome == Outcome.GOOD);
                });
            }
        }
    }
}
