package io.clusterset.discovery.kubernetes;

import static io.clusterset.discovery.kubernetes.MemoryServer.BROKEN;
import static io.clusterset.discovery.kubernetes.MemoryServer.refused;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How many ask, and when. */
final class TurnstileTest {

    private final Bench bench = new Bench();
    private final MemoryServer server = bench.server;
    private final List<Reflector<EndpointSlice>> reflectors = new ArrayList<>();

    private void watch(int services) {
        for (int i = 0; i < services; i++) {
            reflectors.add(bench.reflector("ns" + i));
            bench.start(reflectors.get(i));
        }
    }

    private boolean allAlive() {
        return reflectors.stream().allMatch(reflector -> reflector.state().alive());
    }

    @AfterEach
    void nothingWasThrown() {
        assertThat(bench.thrown).isEmpty();
    }

    /** F51, at start. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 40})
    void aSickApiServerIsAskedFifteenTimesAMinuteHoweverManyWatch(int services) {
        server.refuseAll(refused(503));
        watch(services);
        for (int minute = 0; minute < 5; minute++) {
            int before = minute == 0 ? 0 : server.requests.size();
            bench.seconds(60);
            assertThat(server.requests.size() - before).isBetween(1, 15);
        }
        server.refuseNothing();
        bench.seconds(35);
        assertThat(allAlive()).isTrue();
    }

    /** F51, where each kind and namespace has its own backoff. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void whenAllKindsAreSickTheServerIsAskedTwentyTimesAMinute(int places) {
        server.refuseAll(refused(500));
        watch(places);
        for (int minute = 0; minute < 5; minute++) {
            int before = minute == 0 ? 0 : server.requests.size();
            bench.seconds(60);
            assertThat(server.requests.size() - before).isBetween(1, 20);
        }
        server.refuseNothing();
        bench.seconds(35);
        assertThat(allAlive()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 504})
    void whatIsWrongWithOnePlaceHoldsUpNoOther(int status) {
        server.refuse(path -> path.contains("/ns0/") ? Optional.of(refused(status)) : Optional.empty());
        watch(2);
        assertThat(reflectors.get(1).state().alive()).isTrue();
        assertThat(server.asked("/ns0/")).isOne();
        bench.seconds(60);
        assertThat(server.asked("/ns0/")).isBetween(5L, 8L);
        bench.seconds(240);
        assertThat(server.asked("/ns0/")).isBetween(12L, 20L);
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void whatIsWrongWithTheServerHoldsUpAll(int status) {
        server.refuse(path -> path.contains("/ns0/") ? Optional.of(refused(status)) : Optional.empty());
        watch(2);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void whatASickPlaceAsksForIsHeeded() {
        server.refuseAll(refused(500, Duration.ofSeconds(20)));
        watch(1);
        bench.seconds(19.9);
        assertThat(server.requests).hasSize(1);
        bench.seconds(0.2);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void afterAFailureAnotherPlaceIsLetInFirst() {
        watch(2);
        bench.seconds(200);
        server.refuse(path -> path.contains("/ns0/") ? Optional.of(refused(503)) : Optional.empty());
        server.endAll(MemoryServer.CLEAN); // that of ns0 first
        assertThat(reflectors.get(1).state().alive()).isFalse();
        bench.seconds(0.97);
        assertThat(reflectors.get(1).state().alive()).isTrue();
    }

    /** F51, mid-life. */
    @Test
    void anApiServerThatDiesIsAskedFifteenTimesAMinuteHoweverManyWatch() {
        watch(40);
        assertThat(allAlive()).isTrue();
        bench.seconds(200);
        server.requests.clear();
        server.refuseAll(BROKEN);
        server.endAll(BROKEN);
        bench.seconds(60);
        assertThat(server.requests.size()).isBetween(3, 15);
        server.refuseNothing();
        bench.seconds(35);
        assertThat(allAlive()).isTrue();
        assertThat(server.lists()).isZero(); // the watches go on where they were
    }

    @Test
    void afterAFailureOneAsksAndOnlyWhenThatWasAnsweredTheOthers() {
        server.refuseAll(refused(503));
        watch(20);
        int atFirst = server.requests.size();
        assertThat(atFirst).isEqualTo(1); // this one was answered before another could ask
        server.hang();
        bench.seconds(1);
        assertThat(server.requests).hasSize(2);
        bench.seconds(100);
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void afterWatchesBrokeOneAsksFirst() {
        watch(20);
        bench.seconds(10);
        server.requests.clear();
        server.hang();
        server.endAll(BROKEN);
        bench.seconds(2);
        assertThat(server.requests).hasSize(1);
    }

    @Test
    void atMostEightListsAreInFlight() {
        watch(8);
        server.hang();
        for (int i = 8; i < 40; i++) {
            reflectors.add(bench.reflector("ns" + i));
            bench.start(reflectors.get(i));
        }
        assertThat(server.lists()).isEqualTo(8 + 8);
    }

    @Test
    void atFirstThreeAsk() {
        server.hang();
        watch(10);
        assertThat(server.requests).hasSize(3);
    }

    @Test
    void whatTheServerAsksForIsHeededUpToAMinute() {
        server.refuseAll(refused(429, Duration.ofSeconds(20)));
        watch(1);
        bench.seconds(19.9);
        assertThat(server.requests).hasSize(1);
        server.refuseAll(refused(429, Duration.ofHours(1)));
        bench.seconds(0.2);
        assertThat(server.requests).hasSize(2);
        bench.seconds(59.7);
        assertThat(server.requests).hasSize(2);
        server.refuseNothing();
        bench.seconds(0.3);
        assertThat(allAlive()).isTrue();
    }

    @Test
    void itsBackoffBeginsAnewAfterAnAnswer() {
        server.refuseAll(refused(500));
        watch(1);
        bench.seconds(300);
        server.refuseNothing();
        bench.seconds(35);
        assertThat(allAlive()).isTrue();
        bench.seconds(125);
        server.refuseAll(refused(500));
        server.endAll(MemoryServer.CLEAN);
        int before = server.requests.size();
        bench.seconds(1);
        assertThat(server.requests.size()).isEqualTo(before + 1);
    }

    /** F52. */
    @Test
    void whatIsForbiddenIsAskedForByOneInFiveMinutes() {
        server.refuse(path -> path.contains("/namespaces/ns0/") ? Optional.of(refused(403)) : Optional.empty());
        for (int i = 0; i < 10; i++) {
            reflectors.add(bench.reflector("ns0"));
            bench.start(reflectors.get(i));
        }
        Reflector<EndpointSlice> other = bench.reflector("ns1");
        bench.start(other);
        assertThat(other.state().alive()).isTrue();
        assertThat(reflectors).allMatch(reflector -> reflector.state().trouble().isPresent());
        int atFirst = (int) server.asked("/ns0/");
        assertThat(atFirst).isEqualTo(1);
        bench.advance(Duration.ofHours(1));
        assertThat(server.asked("/ns0/") - atFirst).isBetween(10L, 12L);

        server.refuseNothing();
        bench.seconds(361);
        assertThat(allAlive()).isTrue();
    }

    @Test
    void whenTheOneWhoAsksForAllIsGoneAnotherDoes() {
        server.refuseAll(refused(403));
        watch(1);
        Reflector<EndpointSlice> second = bench.reflector("ns0");
        bench.start(second);
        server.hang();
        bench.seconds(361);
        server.mute(false);
        server.refuseNothing();
        bench.serial.execute(reflectors.get(0)::end);
        bench.seconds(2);
        assertThat(second.state().alive()).isTrue();
    }

    @Test
    void anAnswerToWhatWasAskedBeforeAFailureOpensNothing() {
        List<Turnstile.Pass> passes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            bench.serial.execute(() ->
                    bench.turnstile.enter(new Turnstile.Place("services", "shop"), new Turnstile.Visitor() {
                        @Override
                        public void enter(Turnstile.Pass pass) {
                            passes.add(pass);
                        }

                        @Override
                        public void barred(ApiServer.Answer.Refused why) {}
                    }));
        }
        assertThat(passes).hasSize(3);
        bench.serial.execute(() -> passes.get(0).failed(BROKEN));
        bench.serial.execute(() -> passes.get(1).passed());
        assertThat(passes).hasSize(3);
        bench.serial.execute(() -> passes.get(2).failed(BROKEN));
        bench.seconds(0.97); // the second failure is of the same moment: it does not double
        assertThat(passes).hasSize(4);
    }
}
