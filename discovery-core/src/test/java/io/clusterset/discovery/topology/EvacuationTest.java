package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.ManualTime;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Thirty endpoints in three zones, thirty clients in the same: what each endpoint gets, as the fleet has it. */
class EvacuationTest {

    private static final List<String> ZONES = List.of("a", "b", "c");

    private final ManualTime time = new ManualTime();
    private final Set<InetSocketAddress> down = new HashSet<>();
    private final List<Endpoint> home = new ArrayList<>();
    private final List<Endpoint> away = List.of(Endpoint.parse("10.9.0.1:80"), Endpoint.parse("10.9.0.2:80"));
    private final List<StaticSource> sources = new ArrayList<>();
    private final List<Discovery> clients = new ArrayList<>();
    private final List<Service> services = new ArrayList<>();

    @BeforeEach
    void threeZones() {
        for (int i = 0; i < 30; i++) {
            home.add(Endpoint.parse("10.0.0." + (i + 1) + ":80")
                    .withLocality(new Locality("r", ZONES.get(i / 10), "node-" + i)));
        }
    }

    private void start() {
        for (int i = 0; i < 30; i++) {
            String zone = ZONES.get(i / 10);
            StaticSource source = StaticSource.of(found(home));
            Discovery client = Discovery.builder()
                    .settings(Settings.none())
                    .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()))
                    .tier(Tier.of("local", "cluster.local"), source)
                    .tier(Tier.of("clusterset", "clusterset.local"), StaticSource.of(found(away)))
                    .topology(t -> t.zone(zone))
                    .prober((address, timeout, done) -> done.accept(
                            down.contains(address) ? new Prober.Refused("connection refused") : new Prober.Passed()))
                    .time(time, time)
                    .random(new Random(i))
                    .executor(Runnable::run)
                    .build();
            sources.add(source);
            clients.add(client);
            services.add(client.service("orders.shop"));
        }
    }

    @AfterEach
    void close() {
        clients.forEach(Discovery::close);
    }

    private static Resolution found(List<Endpoint> endpoints) {
        return new Resolution.Found(endpoints, Duration.ofDays(1), Evidence.NONE);
    }

    /** 600 calls of each client; how many each endpoint served. None may fail. */
    private Map<String, Integer> served() throws ConnectException {
        Map<String, Integer> served = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            for (Service service : services) {
                String where = service.<String, ConnectException>call(Call.idempotent(), endpoint -> {
                    if (down.contains(endpoint.socketAddress())) {
                        throw new ConnectException("Connection refused");
                    }
                    return endpoint.toString();
                });
                served.merge(where, 1, Integer::sum);
            }
            time.advance(Duration.ofMillis(10));
        }
        return served;
    }

    private static int in(Map<String, Integer> served, String tier) {
        return served.entrySet().stream()
                .filter(each -> each.getKey().startsWith(tier + " "))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    /** By how many percent the one that gets most or least is off the mean. */
    private static double skew(Map<String, Integer> served, List<Endpoint> endpoints) {
        int[] each = endpoints.stream()
                .mapToInt(endpoint -> served.getOrDefault("local " + endpoint.authority(), 0))
                .toArray();
        double mean = IntStream.of(each).average().orElseThrow();
        return IntStream.of(each)
                .mapToDouble(one -> Math.abs(one - mean) / mean * 100)
                .max()
                .orElseThrow();
    }

    @Test
    void zonesThatAreWellKeepTheirOwnCalls() throws Exception {
        start();
        Map<String, Integer> served = served();
        assertThat(in(served, "local")).isEqualTo(18_000);
        assertThat(skew(served, home)).isLessThanOrEqualTo(2);
        Map<Endpoint, Double> shares = services.get(0).decision().shares();
        shares.forEach((endpoint, share) -> assertThat(share)
                .isCloseTo(
                        endpoint.locality().zone().equals("a")
                                        && endpoint.tier().equals("local")
                                ? 10
                                : 0,
                        within(0.001)));
        assertThat(services.get(0).explain().toString()).contains("healthy, zone a, node node-0");
    }

    /** Its ten pods were moved or drained: what is left carries all, evenly, and nothing leaves the tier. */
    @Test
    void aZoneThatIsGoneFromTheAnswerIsCarriedByTheOthers() throws Exception {
        start();
        List<Endpoint> left = home.subList(10, 30);
        sources.forEach(source -> source.publish(found(left)));
        Map<String, Integer> served = served();
        assertThat(in(served, "local")).isEqualTo(18_000);
        assertThat(skew(served, left)).isLessThanOrEqualTo(10);
    }

    /** Its ten are listed and refuse: law 3 has the next tier take 7 % (140 × 20 / 30), the others carry the rest evenly. */
    @Test
    void aZoneThatIsListedAndDeadIsCarriedByTheOthers() throws Exception {
        start();
        home.subList(0, 10).forEach(endpoint -> down.add(endpoint.socketAddress()));
        Map<String, Integer> meeting = served();
        assertThat(in(meeting, "local") + in(meeting, "clusterset")).isEqualTo(18_000);
        time.advance(Duration.ofSeconds(10));

        Map<String, Integer> served = served();
        assertThat(services.get(0).decision().tiers().get(0).load().percent()).isEqualTo(93);
        assertThat(in(served, "local") / 180.0).isCloseTo(97.8, within(0.5)); // zones b and c never met its dead
        assertThat(skew(served, home.subList(10, 30))).isLessThanOrEqualTo(10);
    }

    /** One of thirty in a zone of its own: it gets no third of all calls, which would be ten times its part. */
    @Test
    void aZoneOfOneGetsNoThirdOfAllCalls() throws Exception {
        for (int i = 1; i < 10; i++) {
            Endpoint moved = home.get(i);
            home.set(i, moved.withLocality(new Locality("r", i < 6 ? "b" : "c", "node-" + i)));
        }
        start();
        Map<String, Integer> served = served();
        assertThat(in(served, "local")).isEqualTo(18_000);
        int lone = served.getOrDefault("local " + home.get(0).authority(), 0);
        assertThat(lone / 600.0).isBetween(1.0, 1.45); // Envoy's 140 %
        assertThat(skew(served, home)).isLessThanOrEqualTo(45);
    }
}
