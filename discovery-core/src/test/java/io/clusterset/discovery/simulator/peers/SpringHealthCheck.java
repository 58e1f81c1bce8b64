package io.clusterset.discovery.simulator.peers;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.simulator.Policy;
import io.clusterset.discovery.simulator.Request;
import io.clusterset.discovery.simulator.World;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Spring Cloud LoadBalancer 5.0, {@code spring.cloud.loadbalancer.configurations=health-check}, with spring-retry and
 * {@code RestTemplate}: the endpoints of both clusters in one list, since it knows no order.
 *
 * <ul>
 *   <li>Endpoints: what a DiscoveryClient over the APIs of both clusters has; an API that is away leaves the last known. By
 *       default this preset fetches them once and never again, and new pods are never seen (refetchInstances false,
 *       LoadBalancerProperties.HealthCheck; the preset has no 35 s cache, unlike the plain one: LoadBalancerClientConfiguration).
 *       In favour: {@code refetch-instances=true}, each 25 s (refetchInstancesInterval).
 *   <li>Check: GET each 25 s, the first at once (interval, initialDelay); one answer decides; one endpoint after the other, each
 *       blocking without a timeout, on a connection of its own (HealthCheckServiceInstanceListSupplier over a plain RestTemplate:
 *       facts/performance-baseline.md 6). A connect to nobody ends when Linux gives up, after 127 s (ip-sysctl: tcp_syn_retries
 *       6; in favour, since newer kernels take 131 s: tcp_syn_linear_timeouts).
 *   <li>The list begins anew with each round and grows with each endpoint found alive; it is empty when a round ends with none
 *       (updateResultsList true; facts/client-peers.md 2.1, "run results").
 *   <li>The second round comes at a random time, since not all of a fleet begin in the same millisecond.
 *   <li>Round robin from a random position (RoundRobinLoadBalancer).
 *   <li>Retry: 0 on the same, 1 on the next endpoint, of GET, for an IOException only (maxRetriesOnSameServiceInstance 0,
 *       maxRetriesOnNextServiceInstance 1, retryableStatusCodes empty, backoff off), not the one just tried if there is another
 *       (LoadBalancerClientConfiguration: retry.avoid-previous-instance true or missing).
 * </ul>
 *
 * Left out: zones, hints, and the 30 s timeout of discovery.
 */
final class SpringHealthCheck implements Policy {

    private static final Duration INTERVAL = Duration.ofSeconds(25);
    private static final int[] SYN_SECONDS = {1, 2, 4, 8, 16, 32, 64}; // between the tries of a connect
    private static final Duration FOREVER = Duration.ofMinutes(30); // an answer that is read without a timeout
    private static final int ATTEMPTS = 2;

    @Override
    public String name() {
        return "Spring health-check";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private static final class Process implements Caller {
        private final Wire wire;
        private final List<Consumer<List<Endpoint>>> waiting = new ArrayList<>();
        private List<Endpoint> home = List.of();
        private List<Endpoint> away = List.of();
        private Optional<List<Endpoint>> alive = Optional.empty();
        private int position;
        private Duration phase;

        Process(World world, Random random) {
            wire = new Wire(world);
            position = random.nextInt(1_000);
            phase = Duration.ofMillis(random.nextInt((int) INTERVAL.toMillis()));
            wire.after(Duration.ZERO, this::round);
        }

        private void round() {
            home = wire.world.ready(true).orElse(home);
            away = wire.world.ready(false).orElse(away);
            List<Endpoint> all = new ArrayList<>(home);
            all.addAll(away);
            check(all, 0, List.of(), wire.world.millis());
        }

        private void check(List<Endpoint> all, int index, List<Endpoint> found, long began) {
            if (index == all.size()) {
                if (found.isEmpty()) {
                    publish(found);
                }
                Duration spent = Duration.ofMillis(wire.world.millis() - began);
                wire.after(phase.minus(spent), this::round);
                phase = INTERVAL;
                return;
            }
            Endpoint one = all.get(index);
            isAlive(one, 0, good -> {
                List<Endpoint> more = new ArrayList<>(found);
                if (good) {
                    more.add(one);
                    publish(List.copyOf(more));
                }
                check(all, index + 1, more, began);
            });
        }

        private void isAlive(Endpoint one, int syn, Consumer<Boolean> then) {
            if (syn == SYN_SECONDS.length) {
                then.accept(false);
                return;
            }
            wire.connect(one, Duration.ofSeconds(SYN_SECONDS[syn]), outcome -> {
                switch (outcome) {
                    case GOOD -> wire.get(one, FOREVER, answer -> then.accept(answer == Outcome.GOOD));
                    case SILENCE -> isAlive(one, syn + 1, then);
                    default -> then.accept(false);
                }
            });
        }

        private void publish(List<Endpoint> list) {
            alive = Optional.of(list);
            List<Consumer<List<Endpoint>>> all = List.copyOf(waiting);
            waiting.clear();
            all.forEach(one -> one.accept(list));
        }

        @Override
        public void call(Request request, Done done) {
            Wire.Call call = wire.call(request, done::served);
            if (alive.isPresent()) {
                attempt(call, alive.get());
            } else {
                waiting.add(list -> attempt(call, list));
            }
        }

        private void attempt(Wire.Call call, List<Endpoint> from) {
            if (from.isEmpty() || call.isOver()) {
                call.ends(false); // 503: no servers available
                return;
            }
            Endpoint one = from.get(Math.floorMod(position++, from.size()));
            call.attempts++;
            wire.send(call, one, outcome -> {
                if (outcome == Outcome.REFUSED && call.attempts < ATTEMPTS) {
                    attempt(call, without(one));
                } else {
                    call.ends(outcome == Outcome.GOOD);
                }
            });
        }

        private List<Endpoint> without(Endpoint tried) {
            List<Endpoint> now = alive.orElse(List.of());
            List<Endpoint> others =
                    now.stream().filter(one -> !one.equals(tried)).toList();
            return others.isEmpty() ? now : others;
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
