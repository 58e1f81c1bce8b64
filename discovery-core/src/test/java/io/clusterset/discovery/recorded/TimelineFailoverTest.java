package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.ManualTime;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded timelines under a caller who calls ten times a second: whatever DNS says, no call fails that need not. */
class TimelineFailoverTest {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Resolution REMOTE = Timeline.found(Duration.ofSeconds(5), "10.245.0.1", "10.245.0.2");
    private static final Resolution NOTHING = new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE);

    private final ManualTime time = new ManualTime();
    private final TreeMap<String, Integer> served = new TreeMap<>();
    private Predicate<InetSocketAddress> down = address -> false;
    private Optional<Discovery> discovery = Optional.empty();

    private Service orders(Playback.Server local, Playback.Server clusterset) {
        Prober prober = (address, timeout, done) ->
                done.accept(down.test(address) ? new Prober.Refused("connection refused") : new Prober.Passed());
        Discovery built = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), new Playback(time, local))
                .tier(Tier.of("clusterset", "clusterset.local"), new Playback(time, clusterset))
                .prober(prober)
                .time(time, time)
                .random(new Random(1))
                .executor(Runnable::run)
                .build();
        discovery = Optional.of(built);
        return built.service("orders.shop");
    }

    @AfterEach
    void leavesNothingBehind() {
        discovery.ifPresent(Discovery::close);
        assertThat(time.pending()).isZero();
    }

    private void call(Service service, Duration during) throws ConnectException {
        for (Duration left = during; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            String tier = service.<String, ConnectException>call(Call.idempotent(), endpoint -> {
                if (down.test(endpoint.socketAddress())) {
                    throw new ConnectException("Connection refused");
                }
                return endpoint.tier();
            });
            served.merge(tier, 1, Integer::sum);
            time.advance(STEP);
        }
    }

    private boolean between(long fromMillis, long toMillis) {
        long now = time.nanos() / 1_000_000;
        return now >= fromMillis && now < toMillis;
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "kubeadm", "default"})
    void aHomeThatIsNotReadyCostsNoCallHoweverLateItsDnsIs(String server) throws Exception {
        Timeline home = Timeline.of(
                "all endpoints become not ready, then ready again", server + " roll.demo.svc.cluster.local A");
        down = address -> address.getAddress().getHostAddress().startsWith("10.244.30.") && between(1_001, 35_064);
        Service orders = orders((now, effort) -> home.at(now), (now, effort) -> REMOTE);
        call(orders, Duration.ofSeconds(35));
        assertThat(served.get("clusterset")).isGreaterThan(330);
        served.clear();
        call(orders, Duration.ofSeconds(200));
        call(orders, Duration.ofSeconds(1));
        served.clear();
        call(orders, Duration.ofSeconds(10));
        assertThat(served).containsOnlyKeys("local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "fresh-external", "fresh-cached"})
    void aBlindDnsServerMovesNoTraffic(String server) throws Exception {
        Timeline home = Timeline.of(
                "DNS servers started while the API server is away", server + " db.demo.svc.cluster.local A");
        Duration start = Duration.ofSeconds(10);
        Service orders = orders(
                (now, effort) -> now.compareTo(start) < 0
                        ? Timeline.found(Duration.ofSeconds(5), "10.244.3.1", "10.244.3.2", "10.244.3.3")
                        : home.at(now.minus(start)),
                (now, effort) -> REMOTE);
        call(orders, Duration.ofMinutes(2));
        assertThat(served).containsOnlyKeys("local");
    }

    @Test
    void anApiServerThatIsAwayMovesNoTraffic() throws Exception {
        Timeline home = Timeline.of("API server stops under running servers", "raw db.demo.svc.cluster.local A");
        Timeline next =
                Timeline.of("API server stops under running servers", "intree mc-db.demo.svc.clusterset.local A");
        call(orders((now, effort) -> home.at(now), (now, effort) -> next.at(now)), Duration.ofMinutes(1));
        assertThat(served).containsOnlyKeys("local");
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "intree", "kubeadm", "default"})
    void endpointsThatOnlyDnsHasLostServeOnWhileTheySucceed(String server) throws Exception {
        Timeline remote = Timeline.of(
                "imported slices of one cluster vanish, then the import",
                server + " mc-roll.demo.svc.clusterset.local A");
        Service orders = orders((now, effort) -> NOTHING, (now, effort) -> remote.at(now));
        call(orders, Duration.ofMinutes(1)); // no tier has any from 9 to 17 s and from 25 s on
        assertThat(served).containsOnlyKeys("clusterset");
    }

    @Test
    void aClusterThatVanishesFromTheSetLeavesHomeAlone() throws Exception {
        Timeline remote = Timeline.of(
                "imported slices of one cluster vanish, then the import", "raw mc-roll.demo.svc.clusterset.local A");
        Resolution home = Timeline.found(Duration.ofSeconds(30), "10.244.3.1", "10.244.3.2");
        call(orders((now, effort) -> home, (now, effort) -> remote.at(now)), Duration.ofMinutes(1));
        assertThat(served).containsOnlyKeys("local");
    }

    @Test
    void aNamespaceThatIsDeletedMovesTrafficToTheClusterSet() throws Exception {
        Timeline home = Timeline.of("namespace deleted", "raw web.gone.svc.cluster.local A");
        Service orders = orders((now, effort) -> home.at(now), (now, effort) -> REMOTE);
        call(orders, Duration.ofSeconds(40)); // the VIP is still reachable: nobody is refused, DNS alone says so
        served.clear();
        call(orders, Duration.ofSeconds(10));
        assertThat(served).containsOnlyKeys("clusterset");
    }
}
