package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StickyTest {

    private final ManualTime time = new ManualTime();
    private final List<Candidate> local = new ArrayList<>(Fleet.equal("local", 5));
    private Picker picker = build(Optional.empty(), 0, Fleet.home(local));

    private Picker build(Optional<Picker> before, long random, Decision.Tier... tiers) {
        return Fleet.build(Balancer.sticky(Duration.ofMinutes(10)), before, time, random, tiers);
    }

    private void rebuild(Decision.Tier... tiers) {
        picker = build(Optional.of(picker), 0, tiers);
    }

    private Endpoint picked() {
        Set<Endpoint> all = new HashSet<>();
        IntStream.range(0, 100).forEach(i -> all.add(picker.pick().endpoint()));
        assertThat(all).hasSize(1);
        assertThat(picker.ordered().get(0).endpoint()).isIn(all);
        return all.iterator().next();
    }

    private void ends(Outcome outcome) {
        Candidate candidate = picker.pick();
        candidate.outcomes().ended(candidate.outcomes().began(), outcome);
    }

    @Test
    void allPicksGoToOneEndpointAndSoTheyDoAfterARebuildInAnotherOrder() {
        Endpoint pinned = picked();
        Collections.shuffle(local, new Random(3));
        local.addAll(Fleet.equal("local", 9).subList(5, 9));
        rebuild(Fleet.home(local));
        assertThat(picked()).isEqualTo(pinned);
        ends(Fleet.OK);
        ends(new Outcome.Abandoned());
        ends(new Outcome.FailedOtherwise("no such order"));
        assertThat(picked()).isEqualTo(pinned);
    }

    static Stream<Outcome> failures() {
        return Stream.of(Fleet.REFUSED, Fleet.LATE);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void aFailureMovesThePinToAnotherEndpointOnce(Outcome failure) {
        for (int i = 0; i < 200; i++) {
            Endpoint pinned = picked();
            Candidate late = picker.pick();
            long mark = late.outcomes().began();
            ends(failure);
            Endpoint next = picked();
            assertThat(next).isNotEqualTo(pinned);
            late.outcomes().ended(mark, failure); // began before: known already
            assertThat(picked()).isEqualTo(next);
        }
    }

    /** Two pickers are in use for a moment while one takes the other's place. */
    @Test
    void aFailureSeenThroughThePickerBeforeMovesItToo() {
        Endpoint pinned = picked();
        Candidate old = picker.pick();
        rebuild(Fleet.home(local));
        assertThat(picked()).isEqualTo(pinned);
        old.outcomes().ended(0, Fleet.REFUSED);
        assertThat(picked()).isNotEqualTo(pinned);
    }

    @Test
    void theOnlyEndpointStaysThoughItFails() {
        rebuild(Fleet.home(local.subList(0, 1)));
        picked();
        ends(Fleet.REFUSED);
        assertThat(picked()).isEqualTo(local.get(0).endpoint());
    }

    @Test
    void afterAFailureWeightsCountAmongTheOthers() {
        float[] weights = {2, 1, 3, 4};
        long[] counts = new long[16];
        Picker sticky = build(Optional.empty(), 0, Fleet.home(Fleet.weighing("local", weights)));
        for (int i = 0; i < 100_000; i++) {
            Candidate from = sticky.pick();
            from.outcomes().ended(0, Fleet.REFUSED);
            counts[Fleet.number(from) * 4 + Fleet.number(sticky.pick())]++;
        }
        for (int from = 0; from < 4; from++) {
            float[] others = weights.clone();
            others[from] = 0;
            long[] row = new long[4];
            System.arraycopy(counts, from * 4, row, 0, 4);
            ChiSquared.check(row, Fleet.shares(others));
        }
    }

    @Test
    void oneThatIsGoneOrSickIsLeft() {
        Endpoint pinned = picked();
        List<Candidate> others = local.stream()
                .filter(candidate -> !candidate.endpoint().equals(pinned))
                .toList();
        List<Candidate> sick = local.stream()
                .map(candidate -> candidate.endpoint().equals(pinned) ? candidate.atMost(Use.PASSED_OVER) : candidate)
                .toList();
        rebuild(Fleet.home(sick));
        Endpoint second = picked();
        assertThat(second).isNotEqualTo(pinned);
        rebuild(Fleet.home(local)); // well again: no reason to go back
        assertThat(picked()).isEqualTo(second);
        rebuild(Fleet.home(local.stream()
                .filter(candidate -> !candidate.endpoint().equals(second))
                .toList()));
        assertThat(picked()).isNotEqualTo(second);
        assertThat(others).isNotEmpty();
    }

    @Test
    void anIdlePinIsDrawnAnew() {
        Set<Endpoint> met = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            Endpoint pinned = picked();
            met.add(pinned);
            for (int minute = 0; minute < 30; minute++) { // in use all the time
                time.advance(Duration.ofMinutes(1));
                assertThat(picker.pick().endpoint()).isEqualTo(pinned);
            }
            time.advance(Duration.ofMinutes(10).minusMillis(101));
            assertThat(picker.pick().endpoint()).isEqualTo(pinned);
            time.advance(Duration.ofMinutes(10));
        }
        assertThat(met).hasSize(5);
    }

    /** Law 5's steps: were pins to stay until a tier has no load at all, every process would move with the last step. */
    @Test
    void ofManyProcessesAsManyMoveWithEachStepAsShould() {
        List<Candidate> remote = Fleet.equal("clusterset", 3);
        Random random = new Random(8);
        List<Picker> processes = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            processes.add(build(Optional.empty(), random.nextLong(), split(0, local, remote)));
        }
        List<Endpoint> before = picks(processes);
        for (int percent : new int[] {5, 25, 50, 100}) {
            processes.replaceAll(process -> build(Optional.of(process), 0, split(percent, local, remote)));
            List<Endpoint> now = picks(processes);
            long atHome = now.stream().filter(at -> at.tier().equals("local")).count();
            assertThat(atHome / 4_000.0).isCloseTo(percent / 100.0, within(0.03));
            for (int i = 0; i < now.size(); i++) { // nobody moves who need not
                assertThat(now.get(i).equals(before.get(i))
                                || (now.get(i).tier().equals("local")
                                        && before.get(i).tier().equals("clusterset")))
                        .isTrue();
            }
            before = now;
        }
    }

    private static Decision.Tier[] split(int home, List<Candidate> local, List<Candidate> remote) {
        return new Decision.Tier[] {
            Decisions.decided("local", home, false, local), Decisions.decided("clusterset", 100 - home, false, remote)
        };
    }

    private static List<Endpoint> picks(List<Picker> processes) {
        return processes.stream().map(process -> process.pick().endpoint()).toList();
    }

    @Test
    void callsWithAKeyGoToTheKeysEndpoint() {
        Endpoint pinned = picked();
        Set<Endpoint> met = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Affinity key = Affinity.of("customer-" + i);
            assertThat(picker.pick(key)).isEqualTo(picker.pick(key));
            met.add(picker.pick(key).endpoint());
        }
        assertThat(met).hasSize(5);
        assertThat(picked()).isEqualTo(pinned);
    }

    @Test
    void severalThreadsMoveTogether() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            Set<Endpoint> met = ConcurrentHashMap.newKeySet();
            Picker shared = picker;
            List<Thread> threads = IntStream.range(0, 4)
                    .mapToObj(n -> new Thread(() -> IntStream.range(0, 50)
                            .forEach(i -> met.add(shared.pick().endpoint()))))
                    .toList();
            threads.forEach(Thread::start);
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(met).hasSize(1);
            ends(Fleet.REFUSED);
        }
    }
}
