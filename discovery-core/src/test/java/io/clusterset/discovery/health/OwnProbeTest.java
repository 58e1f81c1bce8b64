package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Services that are probed in ways of their own. */
class OwnProbeTest {

    private static final Outcome RESET = new Outcome.FailedHard("connection reset", false);
    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final List<Endpoint> TIER = List.of(A, Endpoint.parse("10.0.0.2:80"), Endpoint.parse("10.0.0.3:80"));
    private static final Probe READY = Probe.http("/ready");

    private final Ward ward = new Ward();

    private HealthView view(Probe own) {
        return ward.health.view(true, Optional.of(own), () -> {}, () -> {});
    }

    private static void fails(HealthView service) {
        Outcomes outcomes = service.annotate(List.of(TIER)).get(0).get(0).outcomes();
        outcomes.ended(outcomes.began(), RESET);
    }

    private static State state(HealthView service) {
        return service.annotate(List.of(TIER)).get(0).get(0).verdict().state();
    }

    @Test
    void aServiceIsProbedInItsOwnWayWhateverTheOptionsSay() {
        ward.set(HealthOptions.builder().probe(Probe.https("/")).build());
        fails(view(READY));
        assertThat(ward.prober.kinds).containsExactly(READY);
        ward.set(HealthOptions.builder().probe(Probe.none()).build());
        fails(view(Probe.tcp()));
        assertThat(ward.prober.kinds).containsExactly(READY, Probe.tcp());
    }

    @Test
    void unlessNobodyIsProbed() {
        ward.set(HealthOptions.builder().probing(Probing.OFF).build());
        HealthView service = view(READY);
        fails(service);
        ward.pass(6_100);
        assertThat(state(service)).isEqualTo(State.UNKNOWN);
        assertThat(ward.prober.probed).isEmpty();
    }

    @Test
    void noneOfItsOwnMeansNeverProbed() {
        ward.set(HealthOptions.builder().probing(Probing.ALWAYS).build());
        HealthView service = view(Probe.none());
        service.annotate(List.of(TIER));
        service.standBy(TIER);
        fails(service);
        service.probeNow(() -> {});
        ward.reconfigure(HealthOptions.defaults());
        ward.pass(120_000);
        assertThat(ward.prober.probed).isEmpty();
        assertThat(state(service)).isEqualTo(State.UNKNOWN);
    }

    @Test
    void noneOfItsOwnIsNotTheUdpPortOfTheSameNumber() {
        HealthView tcp = view(Probe.none());
        HealthView udp = ward.health.view(false, Optional.of(READY), () -> {}, () -> {});
        fails(udp);
        assertThat(state(udp)).isEqualTo(State.SUSPECT);
        assertThat(state(tcp)).isEqualTo(State.UNKNOWN);
        assertThat(ward.prober.probed).isEmpty();
    }

    @Test
    void verdictsAreSharedByThoseWithTheSameProbeAndByNobodyElse() {
        HealthView one = view(READY);
        HealthView same = view(Probe.http("/ready"));
        HealthView other = view(Probe.http("/live"));
        fails(one);
        assertThat(state(one)).isEqualTo(State.SUSPECT);
        assertThat(state(same)).isEqualTo(State.SUSPECT);
        assertThat(state(other)).isEqualTo(State.UNKNOWN);
        assertThat(ward.state(A, TIER)).isEqualTo(State.UNKNOWN);
        assertThat(ward.health.size()).isEqualTo(9);
        assertThat(ward.health.kinds()).isEqualTo(3);
    }

    @Test
    void theBeatLooksAtAll() {
        HealthView service = view(READY);
        service.annotate(List.of(TIER)).get(0).get(0).outcomes().began();
        ward.prober.holds = true;
        ward.pass(1_250);
        assertThat(state(service)).isEqualTo(State.SUSPECT);
    }

    @Test
    void whatNobodyUsesAnyMoreIsLetGo() {
        for (int i = 0; i < 100; i++) {
            HealthView service = view(Probe.http("/" + i));
            fails(service);
            service.close();
            view(Probe.http("/never/" + i)).close();
        }
        assertThat(ward.health.kinds()).isEqualTo(100); // remembered, as endpoints are
        HealthView back = view(Probe.http("/7"));
        assertThat(state(back)).isEqualTo(State.SUSPECT);
        ward.pass(40_000);
        assertThat(ward.health.kinds()).isEqualTo(1);
        back.annotate(List.of());
        ward.pass(40_000);
        assertThat(ward.health.size()).isZero();
        assertThat(ward.health.kinds()).isEqualTo(1); // somebody looks
        back.close();
        assertThat(ward.health.kinds()).isZero();
    }

    @Test
    void aViewThatWasClosedMayLookAgain() {
        HealthView service = view(READY);
        fails(service);
        service.close();
        ward.pass(40_000);
        assertThat(state(service)).isEqualTo(State.UNKNOWN);
        fails(service);
        assertThat(state(service)).isEqualTo(State.SUSPECT);
        assertThat(ward.health.kinds()).isEqualTo(1);
    }

    @Test
    void overTheWireOneServiceAsksWhetherItIsReadyAndTheOtherWhetherItListens() throws Exception {
        ManualTime time = new ManualTime();
        SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
            throw new AssertionError(thrown);
        });
        try (FakeEndpoint server = FakeEndpoint.start("a");
                FakeEndpoint second = FakeEndpoint.start("b"); // or the first would be asked three times
                IoLoop io = new IoLoop("discovery-io", Ticker.system(), thrown -> {});
                WireProber wire = new WireProber(Optional.empty(), io, time, event -> {});
                Health health = new Health(
                        () -> HealthOptions.builder()
                                .probeTimeout(Duration.ofSeconds(10))
                                .build(),
                        wire::prober,
                        time,
                        time,
                        serial,
                        new Random(1),
                        event -> {})) {
            server.fail(503);
            List<Endpoint> tier = List.of(Endpoint.parse(server.endpoint()), Endpoint.parse(second.endpoint()));
            HealthView asks = health.view(true, Optional.of(READY), () -> {}, () -> {});
            HealthView listens = health.view(true, Optional.of(Probe.tcp()), () -> {}, () -> {});
            assertThat(examined(asks, tier, serial)).isEqualTo(new Verdict(State.UNHEALTHY, "probe answered 503"));
            assertThat(examined(listens, tier, serial).state()).isEqualTo(State.HEALTHY);
            assertThat(server.requestsFor("/ready")).isEqualTo(1);
            assertThat(server.requestsFor("/")).isZero();
            server.healthy();
            assertThat(examined(asks, tier, serial).state()).isEqualTo(State.HEALTHY);
        }
    }

    private static Verdict examined(HealthView service, List<Endpoint> tier, SerialExecutor serial) throws Exception {
        List<List<Endpoint>> tiers = List.of(tier);
        CompletableFuture<Verdict> verdict = new CompletableFuture<>();
        serial.execute(() -> {
            service.annotate(tiers);
            service.probeNow(
                    () -> verdict.complete(service.annotate(tiers).get(0).get(0).verdict()));
        });
        return verdict.get(20, TimeUnit.SECONDS);
    }
}
