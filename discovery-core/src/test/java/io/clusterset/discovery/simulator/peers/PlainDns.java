package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Answer;
import io.clusterset.discovery.simulator.Policy;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * DNS and nothing else: a search path with home's domain before the set's, the JVM's cache, and OkHttp 5.5, the HTTP client that
 * makes most of an answer with several addresses.
 *
 * <ul>
 *   <li>Search path: glibc asks the next domain if a name doesn't exist, has no address or is answered SERVFAIL, and not if
 *       nobody answers (resolv/res_query.c, {@code __res_context_search}; other resolvers move on for less, facts/client-peers.md
 *       5.1: doubt decided in favour).
 *   <li>Nobody answers: 5 s, twice (resolv.conf(5): timeout, attempts).
 *   <li>JVM cache: 30 s of what was found, 10 s of failures, no stale answers (java.security: networkaddress.cache.ttl,
 *       .negative.ttl, .stale.ttl; facts/client-peers.md 1.2). One lookup at a time for a name.
 *   <li>Fast fallback, 250 ms between connects of a race, the others called off when one is there (OkHttp 5: FastFallbackExchangeFinder.kt;
 *       facts/client-peers.md 5.3). Connect timeout 10 s (OkHttpClient.kt): a call has given up before.
 *   <li>Addresses that refused are tried last until they connect (RouteDatabase.kt); a race that was lost is no failure.
 *   <li>Idle connections are taken before new ones, the oldest first, 5 at most, 5 min (ConnectionPool.kt, RealConnectionPool.kt).
 *   <li>A connection that breaks costs no call while there is another address (retryOnConnectionFailure true); answers are not
 *       retried.
 * </ul>
 *
 * Left out: IPv6, and HTTP/2, for which it has one connection. facts/performance-baseline.md 6 has what the real one does.
 */
final class PlainDns implements Policy {

    private static final Duration FOUND_FOR = Duration.ofSeconds(30);
    private static final Duration FAILED_FOR = Duration.ofSeconds(10);
    private static final Duration RESOLVER_PATIENCE = Duration.ofSeconds(10);
    private static final Duration FALLBACK = Duration.ofMillis(250);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration IDLE = Duration.ofMinutes(5);
    private static final int MOST_IDLE = 5;

    @Override
    public String name() {
        return "plain DNS order";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private record Connection(Endpoint endpoint, long born, long idleSince) {}

    private static final class Process implements Caller {
        private final Wire wire;
        private final List<Connection> pool = new ArrayList<>();
        private final Set<Endpoint> failed = new HashSet<>();
        private final List<Consumer<List<Endpoint>>> waiting = new ArrayList<>();
        private List<Endpoint> known = List.of();
        private long knownUntil; // milliseconds
        private double phase; // of the first answer's time, since not all of a fleet begin in the same millisecond
        private long born; // how many connections there were

        Process(World world, Random random) {
            wire = new Wire(world);
            phase = random.nextDouble();
        }

        @Override
        public void call(Request request, Done done) {
            Wire.Call call = wire.call(request, done::served);
            resolve(addresses -> {
                if (addresses.isEmpty()) {
                    call.ends(false); // UnknownHostException
                } else if (!call.isOver()) {
                    exchange(call, new ArrayList<>(addresses));
                }
            });
        }

        private void resolve(Consumer<List<Endpoint>> then) {
            if (wire.world.millis() < knownUntil) {
                then.accept(known);
                return;
            }
            waiting.add(then);
            if (waiting.size() == 1) {
                ask(true);
            }
        }

        private void ask(boolean home) {
            long asked = wire.world.millis();
            wire.lookup(home, RESOLVER_PATIENCE, answer -> {
                boolean silent = wire.world.millis() - asked >= RESOLVER_PATIENCE.toMillis();
                if (home && !answer.found() && !silent) {
                    ask(false);
                } else {
                    resolved(answer);
                }
            });
        }

        private void resolved(Answer answer) {
            known = answer.endpoints();
            knownUntil = wire.world.millis() + Math.round(phase * (answer.found() ? FOUND_FOR : FAILED_FOR).toMillis());
            phase = 1;
            List<Consumer<List<Endpoint>>> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(one -> one.accept(known));
        }

        /** With an idle connection if there is one, which may be to an address that DNS has forgotten. */
        private void exchange(Wire.Call call, List<Endpoint> untried) {
            pool.removeIf(idle -> wire.world.millis() - idle.idleSince > IDLE.toMillis());
            if (!pool.isEmpty()) {
                Connection reused = pool.remove(0);
                send(call, reused, () -> exchange(call, untried)); // the pool gets smaller each time
            } else if (untried.isEmpty()) {
                call.ends(false);
            } else {
                List<Endpoint> plan = new ArrayList<>(untried);
                plan.sort((a, b) -> Boolean.compare(failed.contains(a), failed.contains(b)));
                new Race(call, plan, untried).next();
            }
        }

        private void send(Wire.Call call, Connection by, Runnable broken) {
            wire.send(call, by.endpoint, outcome -> {
                switch (outcome) {
                    case GOOD, ERROR, OVERLOADED -> {
                        if (pool.size() < MOST_IDLE) {
                            pool.add(new Connection(by.endpoint, by.born, wire.world.millis()));
                            pool.sort(Comparator.comparingLong(Connection::born));
                        }
                        call.ends(outcome == Outcome.GOOD);
                    }
                    case REFUSED -> broken.run();
                    case SILENCE -> call.ends(false);
                }
            });
        }

        /** Connects to one address after the other, and to the next while it waits; who is there first is used. */
        private final class Race {
            private final Wire.Call call;
            private final List<Endpoint> plan;
            private final List<Endpoint> untried;
            private Runnable fallback = () -> {};
            private int started;
            private int lost;
            private boolean won;

            Race(Wire.Call call, List<Endpoint> plan, List<Endpoint> untried) {
                this.call = call;
                this.plan = plan;
                this.untried = untried;
            }

            private void next() {
                fallback.run();
                if (won || started == plan.size() || call.isOver()) {
                    return;
                }
                Endpoint to = plan.get(started++);
                fallback = wire.after(FALLBACK, this::next);
                wire.connect(to, CONNECT_TIMEOUT, outcome -> {
                    if (!won && !call.isOver()) {
                        connected(to, outcome);
                    }
                });
            }

            private void connected(Endpoint to, Outcome outcome) {
                if (outcome == Outcome.GOOD) {
                    won = true;
                    fallback.run();
                    failed.remove(to);
                    untried.remove(to);
                    send(call, new Connection(to, born++, 0), () -> {
                        failed.add(to);
                        exchange(call, untried);
                    });
                    return;
                }
                failed.add(to);
                untried.remove(to);
                lost++;
                if (lost == plan.size()) {
                    call.ends(false);
                } else {
                    next();
                }
            }
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
