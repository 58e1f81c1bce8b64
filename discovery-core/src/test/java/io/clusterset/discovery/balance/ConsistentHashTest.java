package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Picker;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsistentHashTest {

    private static final int KEYS = 20_000;
    private static final Affinity HOT = Affinity.of("hot");

    private static Picker picker(Decision.Tier... tiers) {
        return Fleet.build(Balancer.consistentHash(), () -> 0, tiers);
    }

    private static List<Endpoint> homes(Picker picker) {
        return IntStream.range(0, KEYS)
                .mapToObj(i -> picker.pick(Affinity.of("customer-" + i)).endpoint())
                .toList();
    }

    private static Picker without(Picker before, List<Candidate> all, int gone) {
        List<Candidate> fewer = new ArrayList<>(all);
        fewer.remove(gone);
        return Fleet.build(Balancer.consistentHash(), Optional.of(before), () -> 0, 0, Fleet.home(fewer));
    }

    @ParameterizedTest
    @CsvSource({"2, 0.01", "3, 0.02", "10, 0.03", "11, 0.03", "41, 0.03", "164, 0.03", "655, 0.03", "2000, 0.04"})
    void withOneOfManyGoneFewKeysMoveBesidesItsOwn(int size, double besides) {
        List<Candidate> all = Fleet.equal("local", size);
        Picker before = picker(Fleet.home(all));
        List<Endpoint> then = homes(before);
        List<Endpoint> now = homes(without(before, all, size / 2));
        Endpoint gone = all.get(size / 2).endpoint();
        int moved = 0;
        int had = 0;
        for (int i = 0; i < KEYS; i++) {
            boolean its = then.get(i).equals(gone);
            had += its ? 1 : 0;
            moved += !its && !then.get(i).equals(now.get(i)) ? 1 : 0;
        }
        assertThat((double) had / KEYS).isCloseTo(1.0 / size, within(0.01));
        assertThat((double) moved / KEYS).isLessThan(besides);
        assertThat(now).doesNotContain(gone);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOrderOfEndpointsDoesNotMatter(boolean weighted) {
        Random random = new Random(1);
        float[] weights = new float[30];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = weighted ? 1 + random.nextInt(100) : 1;
        }
        List<Candidate> all = Fleet.weighing("local", weights);
        List<Endpoint> homes = homes(picker(Fleet.home(all)));
        List<Candidate> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, random);
        assertThat(homes(picker(Fleet.home(shuffled)))).isEqualTo(homes);
    }

    /** Equal weights have a way of their own to fill the table: it must lead to the same one. */
    @Test
    void anAlmostEqualWeightMovesAlmostNothing() {
        float[] weights = new float[10];
        Arrays.fill(weights, 1);
        List<Endpoint> equal = homes(picker(Fleet.home(Fleet.weighing("local", weights))));
        weights[4] = 0.99f;
        List<Endpoint> almost = homes(picker(Fleet.home(Fleet.weighing("local", weights))));
        long moved = IntStream.range(0, KEYS)
                .filter(i -> !equal.get(i).equals(almost.get(i)))
                .count();
        assertThat(moved).isLessThan(KEYS / 50);
    }

    @Test
    void slotsAreInProportionToWeight() {
        float[] weights = {1, 2, 3, 500, 0.1f, 70};
        double[] shares = Fleet.shares(weights);
        Candidate[] ordered = Maglev.inOrder(Fleet.weighing("local", weights));
        int[] owned = new int[weights.length];
        for (char owner : new Maglev(ordered).made()) {
            owned[Fleet.number(ordered[owner])]++;
        }
        for (int i = 0; i < weights.length; i++) {
            assertThat((double) owned[i]).isCloseTo(shares[i] * Maglev.SLOTS, within(2.0));
        }
    }

    @Test
    void ofManyThatAreDueLessThanASlotSomeHaveOne() {
        float[] weights = new float[1_001];
        Arrays.fill(weights, 1);
        weights[0] = 1_000_000;
        Candidate[] ordered = Maglev.inOrder(Fleet.weighing("local", weights));
        int small = 0;
        for (char owner : new Maglev(ordered).made()) {
            small += Fleet.number(ordered[owner]) == 0 ? 0 : 1;
        }
        assertThat(small).isBetween(36, 97); // 65.5 on average, Poisson at most, p < 1e-3
    }

    @Test
    void aTableIsMadeWithTheFirstKeyAndKeptWhileMembersAndWeightsAre() {
        List<Candidate> all = new ArrayList<>(Fleet.equal("local", 5));
        Candidate[] ordered = Maglev.inOrder(all);
        Maglev table = new Maglev(ordered);
        assertThat(table.isMade()).isFalse();
        char[] made = table.made();
        assertThat(table.made()).isSameAs(made);
        assertThat(table.fits(Maglev.inOrder(Fleet.equal("local", 5)))).isTrue();
        assertThat(table.fits(Maglev.inOrder(Fleet.equal("local", 4)))).isFalse();
        assertThat(table.fits(Maglev.inOrder(Fleet.weighing("local", 1, 1, 2, 1, 1))))
                .isFalse();
    }

    @Test
    void aTierHandsOverOnlyTheKeysThatItMust() {
        List<Candidate> local = Fleet.equal("local", 4);
        List<Candidate> remote = Fleet.equal("clusterset", 4);
        List<Endpoint> all = homes(picker(
                Decisions.decided("local", 100, false, local), Decisions.decided("clusterset", 0, false, remote)));
        List<Endpoint> some = homes(picker(
                Decisions.decided("local", 75, false, local), Decisions.decided("clusterset", 25, false, remote)));
        List<Endpoint> half = homes(picker(
                Decisions.decided("local", 50, false, local), Decisions.decided("clusterset", 50, false, remote)));
        int away = 0;
        for (int i = 0; i < KEYS; i++) {
            away += some.get(i).tier().equals("clusterset") ? 1 : 0;
            assertThat(some.get(i)).isIn(all.get(i), half.get(i));
            assertThat(half.get(i))
                    .satisfiesAnyOf(
                            home -> assertThat(home.tier()).isEqualTo("clusterset"),
                            home -> assertThat(home.tier()).isEqualTo("local"));
        }
        assertThat((double) away / KEYS).isCloseTo(0.25, within(0.01));
    }

    /** Everybody asks for the same few keys. */
    @ParameterizedTest
    @CsvSource({"1.25, 1", "1.25, 3", "2, 1", "1.1, 1"})
    void noEndpointHasMoreThanTheFactorTimesTheMeanOfOpenAttempts(double factor, int keys) {
        int size = 9;
        Picker picker = Fleet.build(Balancer.consistentHash(factor), () -> 0, Fleet.home(Fleet.equal("local", size)));
        Random random = new Random(4);
        Map<Endpoint, Integer> open = new HashMap<>();
        List<Candidate> attempts = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            if (random.nextInt(100) < 55 || attempts.isEmpty()) {
                Candidate picked = picker.pick(Affinity.of("key-" + random.nextInt(keys)));
                picked.outcomes().began();
                attempts.add(picked);
                int its = open.merge(picked.endpoint(), 1, Integer::sum);
                assertThat(its).isLessThanOrEqualTo((int) Math.ceil(factor * attempts.size() / size));
            } else {
                Candidate ended = attempts.remove(random.nextInt(attempts.size()));
                ended.outcomes().ended(0, Fleet.OK);
                open.merge(ended.endpoint(), -1, Integer::sum);
            }
        }
    }

    @Test
    void theBoundGoesByWeightAndTheKeyComesHomeWhenThereIsRoom() {
        float[] weights = {1, 1, 8};
        Picker picker = picker(Fleet.home(Fleet.weighing("local", weights)));
        Endpoint home = picker.pick(HOT).endpoint();
        Map<Integer, Integer> open = new HashMap<>();
        List<Candidate> attempts = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            Candidate picked = picker.pick(HOT);
            picked.outcomes().began();
            attempts.add(picked);
            open.merge(Fleet.number(picked), 1, Integer::sum);
        }
        assertThat(open.getOrDefault(0, 0)).isLessThanOrEqualTo(13);
        assertThat(open.getOrDefault(1, 0)).isLessThanOrEqualTo(13);
        assertThat(open.get(2)).isGreaterThanOrEqualTo(74);
        attempts.forEach(attempt -> attempt.outcomes().ended(0, Fleet.OK));
        assertThat(picker.pick(HOT).endpoint()).isEqualTo(home);
    }

    @Test
    void whatHangsAtOneThatIsLeftOutMakesNoRoomAtTheOthers() {
        List<Candidate> all = new ArrayList<>(Fleet.equal("local", 10));
        Picker before = picker(Fleet.home(all));
        Candidate hole = before.pick(HOT);
        IntStream.range(0, 500).forEach(i -> hole.outcomes().began());
        all.replaceAll(one -> one.endpoint().equals(hole.endpoint()) ? one.atMost(Candidate.Use.LEFT_OUT) : one);
        Picker picker = Fleet.build(Balancer.consistentHash(), Optional.of(before), () -> 0, 0, Fleet.home(all));
        Map<Endpoint, Integer> open = new HashMap<>();
        for (int i = 0; i < 90; i++) {
            Candidate picked = picker.pick(HOT);
            picked.outcomes().began();
            open.merge(picked.endpoint(), 1, Integer::sum);
        }
        assertThat(open).hasSizeGreaterThanOrEqualTo(7).doesNotContainKey(hole.endpoint());
        assertThat(open.values()).allMatch(count -> count <= 13); // 1.25 times 10, rounded up
    }

    @Test
    void withoutAKeyItIsEachInTurn() {
        Picker picker = picker(Fleet.home(Fleet.equal("local", 5)));
        long[] counts = Fleet.counts(picker, 5, 1_000);
        assertThat(counts).containsOnly(200);
    }

    @Test
    void aRebuildDoesNotShiftWhoseTurnItIs() {
        List<Candidate> local = Fleet.equal("local", 3);
        for (String name : List.of("consistent-hash", "least-request", "peak-ewma")) {
            Picker steady = Fleet.build(Balancer.parse(name), () -> 0, Fleet.home(local));
            Picker rebuilt = Fleet.build(Balancer.parse(name), () -> 0, Fleet.home(local));
            for (int i = 0; i < 100; i++) {
                assertThat(rebuilt.pick().endpoint()).isEqualTo(steady.pick().endpoint());
                rebuilt =
                        Fleet.build(Balancer.parse(name), Optional.of(rebuilt), () -> 0, 77L << 32, Fleet.home(local));
            }
        }
    }
}
