package io.clusterset.discovery.balance;

import static io.clusterset.discovery.balance.Decisions.SICK;
import static io.clusterset.discovery.balance.Decisions.SUSPECT;
import static io.clusterset.discovery.balance.Decisions.candidate;
import static io.clusterset.discovery.balance.Decisions.decided;
import static io.clusterset.discovery.balance.Decisions.decision;
import static io.clusterset.discovery.balance.Decisions.picks;
import static io.clusterset.discovery.balance.Decisions.tier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundRobinTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static Picker picker(Decision.Tier... tiers) {
        return Balancer.weightedRoundRobin().build(Decisions.rebuild(tiers));
    }

    /** Five that hang: two were judged, of these the cap keeps one in turn; the other three are suspect. */
    @Test
    void anUnhealthyOneThatTheCapKeepsInTurnDoesNotTakeTheSuspectsCalls() {
        Endpoint kept = candidate("local", 1, SICK).endpoint();
        List<Candidate> local = List.of(
                new Candidate(kept, SICK, Use.IN_TURN, 1, Outcomes.NOBODY),
                candidate("local", 2, SICK),
                candidate("local", 3, SUSPECT),
                candidate("local", 4, SUSPECT),
                candidate("local", 5, SUSPECT));
        assertThat(picks(picker(decided("local", 100, false, local)), 40))
                .hasSize(4)
                .containsEntry(kept.toString(), 10L);
    }

    @Test
    void aListTakesNoPermitOfATrial() {
        AtomicInteger permits = new AtomicInteger(5);
        Outcomes counting = new Outcomes() {
            @Override
            public long began() {
                return 0;
            }

            @Override
            public void ended(long mark, Outcome outcome) {}

            @Override
            public boolean admits() {
                return permits.getAndDecrement() > 0;
            }
        };
        List<Candidate> local = new ArrayList<>(tier("local", 4));
        Endpoint tried = candidate("local", 5, SUSPECT).endpoint();
        local.add(new Candidate(tried, SUSPECT, Use.ON_TRIAL, 1, counting));
        Picker picker = picker(decided("local", 100, false, local));
        for (int i = 0; i < 160; i++) {
            picker.ordered();
        }
        assertThat(permits).hasValue(5);
        assertThat(picks(picker, 160)).containsEntry(tried.toString(), 5L);
    }

    @ParameterizedTest
    @CsvSource({"1", "3", "16", "1000"})
    void eachEndpointOfOneTierIsPickedInTurn(int size) {
        Map<String, Long> picks =
                picks(picker(decided("local", 100, false, tier("local", Math.min(size, 250)))), size * 10);
        assertThat(picks.values()).allMatch(count -> count >= 10);
    }

    @ParameterizedTest
    @CsvSource({"100, 0", "99, 1", "70, 30", "50, 50", "5, 95", "0, 100"})
    void tiersGetTheirPercentAndEndpointsEqualSharesOfIt(int local, int clusterset) {
        Picker picker = picker(
                decided("local", local, false, tier("local", 3)),
                decided("clusterset", clusterset, false, tier("clusterset", 4)));
        Map<String, Long> picks = picks(picker, 12_000);
        long home = picks.entrySet().stream()
                .filter(e -> e.getKey().startsWith("local"))
                .mapToLong(Map.Entry::getValue)
                .sum();
        assertThat((double) home).isCloseTo(120.0 * local, within(3.0));
        picks.forEach((name, count) -> {
            double fair = name.startsWith("local") ? 12_000 * local / 300.0 : 12_000 * clusterset / 400.0;
            assertThat((double) count).as(name).isCloseTo(fair, within(3.0));
        });
    }

    @Test
    void aTiersPercentIsSpreadNotClumped() {
        Picker picker = picker(
                decided("local", 50, false, tier("local", 1)), decided("clusterset", 50, false, tier("clusterset", 1)));
        String run = IntStream.range(0, 100)
                .mapToObj(i -> picker.pick().endpoint().tier().substring(0, 1))
                .collect(Collectors.joining());
        assertThat(run).doesNotContain("lll").doesNotContain("ccc");
    }

    @Test
    void sickAndSuspectEndpointsAreNotPickedWhileBetterOnesExist() {
        Picker picker = picker(decided(
                "local",
                100,
                false,
                List.of(
                        candidate("local", 1, SICK),
                        candidate("local", 2, SUSPECT),
                        candidate("local", 3, Verdict.UNKNOWN))));
        assertThat(picks(picker, 100)).containsOnlyKeys("local 10.0.0.3:80");
    }

    @Test
    void aTierOfSuspectsIsPassedOverWhileAnotherTierIsBetter() {
        Picker picker = picker(
                decided("local", 100, false, List.of(candidate("local", 1, SUSPECT), candidate("local", 2, SUSPECT))),
                decided("clusterset", 0, false, tier("clusterset", 2)));
        assertThat(picks(picker, 100)).containsOnlyKeys("clusterset 10.1.0.1:80", "clusterset 10.1.0.2:80");
    }

    @Test
    void suspectsAreUsedWhenThereIsNobodyBetter() {
        Picker picker = picker(decided("local", 100, false, List.of(candidate("local", 1, SUSPECT))));
        assertThat(picks(picker, 10)).containsOnlyKeys("local 10.0.0.1:80");
    }

    @Test
    void inPanicEverybodyIsUsed() {
        Picker picker = picker(
                decided("local", 100, true, List.of(candidate("local", 1, SICK), candidate("local", 2, SUSPECT))),
                decided("clusterset", 0, false, List.of(candidate("clusterset", 1, SICK))));
        assertThat(picks(picker, 100)).containsOnlyKeys("local 10.0.0.1:80", "local 10.0.0.2:80");
    }

    @Test
    void aRetryGoesToTheBestThatWasNotTried() {
        List<Candidate> local = List.of(
                candidate("local", 1, Verdict.HEALTHY),
                candidate("local", 2, SICK),
                candidate("local", 3, Verdict.HEALTHY));
        Picker picker =
                picker(decided("local", 100, false, local), decided("clusterset", 0, false, tier("clusterset", 1)));
        Set<java.net.InetSocketAddress> tried = new HashSet<>();
        List<String> order = new ArrayList<>();
        tried.add(local.get(0).endpoint().socketAddress());
        for (Optional<Candidate> next = picker.another(tried, Optional.empty());
                next.isPresent();
                next = picker.another(tried, Optional.empty())) {
            order.add(next.get().endpoint().toString());
            tried.add(next.get().endpoint().socketAddress());
        }
        assertThat(order).containsExactly("local 10.0.0.3:80", "clusterset 10.1.0.1:80", "local 10.0.0.2:80");
    }

    @Test
    void theFirstRetryAfterARebuildIsNotAlwaysTheSameEndpoints() {
        Decision decision = decision(decided("local", 100, false, tier("local", 5)));
        Turns turns = new Turns(0);
        Set<Endpoint> met = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            RingPicker picker = new RingPicker(decision, turns, false);
            picker.pick();
            met.add(picker.another(Set.of(), Optional.empty()).orElseThrow().endpoint());
        }
        assertThat(met).hasSize(5);
    }

    @Test
    void aRetryGoesToWhoHasAnsweredBeforeItGoesToWhoWasNeverTried() {
        List<Candidate> local = List.of(
                candidate("local", 1, Verdict.UNKNOWN),
                candidate("local", 2, Verdict.UNKNOWN),
                candidate("local", 3, Verdict.HEALTHY),
                candidate("local", 4, SUSPECT),
                candidate("local", 5, Verdict.HEALTHY).withWeight(1e-9f)); // too far away
        Picker picker =
                picker(decided("local", 100, false, local), decided("clusterset", 0, false, tier("clusterset", 1)));
        Set<java.net.InetSocketAddress> tried = new HashSet<>();
        List<String> order = new ArrayList<>();
        for (Optional<Candidate> next = picker.another(tried, Optional.empty());
                next.isPresent();
                next = picker.another(tried, Optional.empty())) {
            order.add(next.get().endpoint().toString());
            tried.add(next.get().endpoint().socketAddress());
        }
        assertThat(order.get(0)).isEqualTo("local 10.0.0.3:80");
        assertThat(order.subList(1, 3)).containsExactlyInAnyOrder("local 10.0.0.1:80", "local 10.0.0.2:80");
        assertThat(order.subList(3, 6))
                .containsExactly("local 10.0.0.5:80", "clusterset 10.1.0.1:80", "local 10.0.0.4:80");
    }

    /** Also where each call retries twice, and where one stands behind a row of worse ones. */
    @Test
    void retriesSpreadEvenlyOverEquals() {
        List<Candidate> local = new ArrayList<>(List.of(candidate("local", 1, Verdict.HEALTHY)));
        for (int n = 2; n < 8; n++) {
            local.add(candidate("local", n, Verdict.UNKNOWN));
        }
        local.add(candidate("local", 8, Verdict.HEALTHY));
        Picker picker = picker(decided("local", 100, false, local));
        int first = 0;
        for (int i = 0; i < 1_000; i++) {
            Candidate next = picker.another(Set.of(), Optional.empty()).orElseThrow();
            first += next.endpoint().equals(local.get(0).endpoint()) ? 1 : 0;
            picker.another(Set.of(next.endpoint().socketAddress()), Optional.empty());
        }
        assertThat(first).isBetween(440, 560);
    }

    @Test
    void aRetryThatLeavesATierGoesToTheNextUnlessNobodyThereIsWell() {
        Decision.Tier local = decided("local", 100, false, tier("local", 3));
        Picker picker = picker(local, decided("clusterset", 0, false, tier("clusterset", 1)));
        assertThat(picker.another(Set.of(), Optional.of("local"))
                        .orElseThrow()
                        .endpoint()
                        .tier())
                .isEqualTo("clusterset");
        Picker worse = picker(local, decided("clusterset", 0, false, List.of(candidate("clusterset", 1, SICK))));
        assertThat(worse.another(Set.of(), Optional.of("local"))
                        .orElseThrow()
                        .endpoint()
                        .tier())
                .isEqualTo("local");
    }

    @Test
    void theOrderedListStartsWithThePickAndHoldsEverybodyOnce() {
        Picker picker = picker(
                decided("local", 100, false, tier("local", 3)), decided("clusterset", 0, false, tier("clusterset", 2)));
        List<Candidate> first = picker.ordered();
        List<Candidate> second = picker.ordered();
        assertThat(first).hasSize(5).doesNotHaveDuplicates();
        assertThat(first.subList(0, 3)).allMatch(c -> c.endpoint().tier().equals("local"));
        assertThat(first.get(0)).isNotEqualTo(second.get(0));
    }

    @Test
    void oneKeyMeetsOneEndpointAndKeysSpread() {
        Picker picker = picker(decided("local", 100, false, tier("local", 10)));
        Map<String, Long> spread = IntStream.range(0, 10_000)
                .mapToObj(i ->
                        picker.pick(Affinity.of("customer-" + i)).endpoint().toString())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        assertThat(spread).hasSize(10);
        assertThat(spread.values()).allMatch(count -> count > 800 && count < 1_200);
        assertThat(picker.pick(Affinity.of("x"))).isEqualTo(picker.pick(Affinity.of("x")));
    }

    @Test
    void theTurnsMayOverflow() {
        for (int start : new int[] {Integer.MAX_VALUE - 500, -500}) {
            Decision decision = decision(
                    decided("local", 50, false, tier("local", 3)),
                    decided("clusterset", 50, false, tier("clusterset", 3)));
            Picker picker = new RingPicker(decision, new Turns(start), false);
            assertThat(picks(picker, 1_200).values()).allMatch(count -> Math.abs(count - 200) <= 3);
        }
    }

    @Test
    void aThreadsTurnsCountUpByOne() {
        Turns turns = new Turns(7);
        for (int i = 7; i < 1_000; i++) {
            assertThat(turns.next()).isEqualTo(i);
        }
    }

    @Test
    void threadsThatMeetTakeNoLock() throws InterruptedException {
        Turns turns = new Turns(7);
        for (int i = 0; i < 1_000 && !turns.isShared(); i++) { // until they have met: on a busy machine that takes luck
            assertThat(ended(draw(turns))).isTrue();
        }
        assertThat(turns.isShared()).isTrue();
        synchronized (turns) {
            List<Thread> threads = draw(turns);
            assertThat(ended(threads)).isTrue();
        }
    }

    private static List<Thread> draw(Turns turns) {
        List<Thread> threads = IntStream.range(0, 9)
                .mapToObj(n -> new Thread(() -> {
                    for (int i = 0; i < 100_000; i++) {
                        turns.next();
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private static boolean ended(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    @Test
    void nothingToPickSaysWhyByTypeAndText() {
        Evidence servfail = new Evidence(List.of(), "10.96.0.10", "SERVFAIL", "SERVFAIL from 10.96.0.10", List.of());
        Resolution none = new Resolution.NoSuchName(Duration.ZERO, Evidence.NONE);
        Resolution empty = new Resolution.Empty(Duration.ZERO, Evidence.NONE);
        Resolution unknown = new Resolution.Unknown(List.of(), Duration.ZERO, servfail);
        assertThatThrownBy(() -> nothing(none, none).pick())
                .isInstanceOf(NoSuchServiceException.class)
                .hasMessage("orders.shop: no such service (local and clusterset: no such name)");
        assertThatThrownBy(() -> nothing(empty, none).pick()).isInstanceOf(NoEndpointException.class);
        assertThatThrownBy(() -> nothing(none, unknown).pick())
                .isInstanceOf(ResolutionException.class)
                .hasMessage(
                        "orders.shop: could not be resolved (local: no such name; clusterset: SERVFAIL from 10.96.0.10)");
        assertThat(nothing(none, none).ordered()).isEmpty();
        assertThat(nothing(none, none).another(Set.of(), Optional.empty())).isEmpty();
    }

    private static Picker nothing(Resolution local, Resolution clusterset) {
        return picker(answered("local", local), answered("clusterset", clusterset));
    }

    private static Decision.Tier answered(String name, Resolution answer) {
        return new Decision.Tier(
                new TierView(name, answer, 0, 0, List.of(), List.of()),
                new TierLoad(name, 0, 0, 0, false, ""),
                List.of(),
                List.of());
    }

    @Test
    void aRetryDoesNotShiftWhoseTurnItIs() {
        Picker picker = picker(decided("local", 100, false, tier("local", 2)));
        Candidate failing = picker.pick();
        int met = 0;
        for (int i = 0; i < 1_000; i++) {
            Candidate pick = picker.pick();
            if (pick.equals(failing)) {
                met++;
                picker.another(Set.of(pick.endpoint().socketAddress()), Optional.empty());
            }
        }
        assertThat(met).isBetween(499, 501);
    }
}
