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
 * Envoy, one cluster with home as priority 0 and the set as priority 1, beside each client, with what Istio adds.
 *
 * <ul>
 *   <li>Load by {@link Priorities}: 140 % overprovisioning, panic below 50 % (cluster.proto: healthy_panic_threshold). Back at
 *       once.
 *   <li>STRICT_DNS: asks each 5 s (dns_refresh_rate); no name and no address empty the priority (dns_nodata_noname_is_success),
 *       failures keep it; a host that DNS forgot stays while its checks pass (service_discovery: "eventually consistent").
 *   <li>Active checks, which Envoy has no defaults for: HTTP, each 3 s, timeout 1 s, down after 3, up after 1: the defaults of
 *       Envoy Gateway (api/v1alpha1/healthcheck_types.go). A status other than 200 is down at once (health_check.proto,
 *       unhealthy_threshold).
 *   <li>{@link Outliers}, too; a good check ends an ejection (successful_active_health_check_uneject_host true).
 *   <li>Round robin inside a priority. Route timeout: the application's 2 s, as if it were set so (504, which counts as failure
 *       of the host; Istio has none).
 *   <li>Retries, Istio's (pilot/pkg/networking/core/route/retry: DefaultPolicy): 2, of connect-failure, refused-stream, 503; another
 *       host, 5 draws (previous_hosts); back-off up to 25 ms, then up to 50 ms (retry_state_impl.cc: base interval
 *       25 ms; backoff_strategy.cc, by which its docs' 75 ms are wrong). In favour: a connection that breaks is a connect failure.
 *   <li>The second check of each host comes at a random time, since not all of a fleet begin in the same millisecond.
 * </ul>
 *
 * Left out: circuit breakers, slow start, idle clusters (checked each 60 s), zones, the proxy's own time. Stands for gRPC's xDS
 * priorities as well, which differ: any READY child keeps all calls in its priority (no percents, no panic); the next is tried after
 * 10 s of CONNECTING or at once on failure; no retries by default; facts/client-peers.md 2.4.
 */
final class EnvoyPriority implements Policy {

    private static final Duration DNS_REFRESH = Duration.ofSeconds(5);
    private static final Duration CHECK = Duration.ofSeconds(3);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(1);
    private static final int DOWN_AFTER = 3;
    private static final int RETRIES = 2;
    private static final int DRAWS = 5;
    private static final int BACKOFF_MILLIS = 25;

    @Override
    public String name() {
        return "Envoy priority";
    }

    @Override
    public Caller open(World world, long seed) {
        return new Process(world, new Random(seed));
    }

    private static final class Process implements Caller {
        private final Wire wire;
        private final Random random;
        private final Map<Endpoint, Host> hosts = new LinkedHashMap<>();
        private final Map<Host, Integer> failures = new LinkedHashMap<>(); // of checks, in a row
        private final List<Wire.Call> waiting = new ArrayList<>();
        private final Outliers outliers;
        private boolean begun;
        private int position;

        Process(World world, Random random) {
            this.wire = new Wire(world);
            this.random = random;
            this.position = random.nextInt(1_000);
            this.outliers = new Outliers(wire, () -> List.copyOf(hosts.values()), random.nextDouble());
            for (boolean home : new boolean[] {true, false}) {
                new Names(wire, home, DNS_REFRESH, answer -> DNS_REFRESH, answer -> resolved(home, answer));
            }
        }

        private void resolved(boolean home, Answer answer) {
            if (answer.kind() == Answer.Kind.UNKNOWN) {
                return;
            }
            for (Endpoint one : answer.endpoints()) {
                if (!hosts.containsKey(one)) {
                    Host host = new Host(one, home);
                    host.up = false;
                    hosts.put(one, host);
                    check(host, Duration.ofMillis(random.nextInt((int) CHECK.toMillis())));
                }
            }
            for (Host host : List.copyOf(hosts.values())) {
                if (host.home == home) {
                    host.listed = answer.endpoints().contains(host.endpoint);
                    forgetIfGone(host);
                }
            }
        }

        private void forgetIfGone(Host host) {
            if (!host.listed && !host.up) {
                hosts.remove(host.endpoint);
                failures.remove(host);
            }
        }

        private void check(Host host, Duration next) {
            wire.get(host.endpoint, CHECK_TIMEOUT, outcome -> {
                if (!hosts.containsValue(host)) {
                    return;
                }
                checked(host, outcome);
                wire.after(next, () -> {
                    if (hosts.containsValue(host)) {
                        check(host, CHECK);
                    }
                });
            });
        }

        private void checked(Host host, Outcome outcome) {
            if (outcome == Outcome.GOOD) {
                failures.remove(host);
                host.up = true;
                if (host.ejected) {
                    Outliers.forgive(host);
                }
                begin();
                return;
            }
            boolean answered = outcome == Outcome.ERROR || outcome == Outcome.OVERLOADED;
            int inARow = failures.merge(host, 1, Integer::sum);
            if (answered || inARow >= DOWN_AFTER) {
                host.up = false;
                forgetIfGone(host);
            }
        }

        /** The cluster is warm: its calls need not wait any more. */
        private void begin() {
            if (!begun) {
                begun = true;
                waiting.forEach(call -> attempt(call, new HashSet<>()));
                waiting.clear();
            }
        }

        @Override
        public void call(Request request, Done done) {
            Wire.Call call = wire.call(request, done::served);
            if (begun) {
                attempt(call, new HashSet<>());
            } else {
                waiting.add(call);
            }
        }

        private void attempt(Wire.Call call, Set<Host> tried) {
            List<Host> from = choice();
            if (from.isEmpty() || call.isOver()) {
                call.ends(false); // 503, no healthy upstream
                return;
            }
            Host host = from.get(Math.floorMod(position++, from.size()));
            for (int draw = 1; draw < DRAWS && tried.contains(host); draw++) {
                host = from.get(Math.floorMod(position++, from.size()));
            }
            Host chosen = host;
            tried.add(chosen);
            call.attempts++;
            wire.send(call, chosen.endpoint, outcome -> {
                outliers.ended(chosen, outcome == Outcome.GOOD);
                boolean retriable = outcome == Outcome.REFUSED || outcome == Outcome.OVERLOADED;
                if (retriable && call.attempts <= RETRIES) {
                    int most = BACKOFF_MILLIS << (call.attempts - 1);
                    wire.after(Duration.ofMillis(random.nextInt(most)), () -> attempt(call, tried));
                } else {
                    call.ends(outcome == Outcome.GOOD);
                }
            });
        }

        private List<Host> choice() {
            Priorities now = Priorities.of(hosts.values());
            boolean home = random.nextInt(100) < now.home();
            boolean panics = home ? now.homePanics() : now.awayPanics();
            return hosts.values().stream()
                    .filter(host -> host.home == home && (panics || host.isHealthy()))
                    .toList();
        }

        @Override
        public void close() {
            wire.close();
        }
    }
}
