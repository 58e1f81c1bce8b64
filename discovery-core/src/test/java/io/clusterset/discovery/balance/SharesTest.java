package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every balancer gives every endpoint its share: of picks, of keys, or of pins. Sequences are fixed. */
class SharesTest {

    private static final int PICKS = 200_000;

    /** Those that draw at random while nothing is open. */
    static Stream<String> atRandom() {
        return Stream.of("random", "least-request", "peak-ewma");
    }

    static Stream<String> all() {
        return Stream.concat(atRandom(), Stream.of("weighted-round-robin", "consistent-hash"));
    }

    private static float[] weights(String kind) {
        return switch (kind) {
            case "equal" -> new float[] {1, 1, 1, 1, 1, 1, 1};
            case "uneven" -> new float[] {1, 0, 2, 3, 0, 10, 4};
            case "ramping" -> new float[] {0.1f, 1, 1, 0.7f};
            case "one" -> new float[] {3};
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Picker picker(String balancer, float... weights) {
        return Fleet.build(Balancer.parse(balancer), () -> 0, Fleet.home(Fleet.weighing("local", weights)));
    }

    @ParameterizedTest
    @MethodSource("atRandom")
    void randomPicksFollowWeights(String balancer) {
        for (String kind : List.of("equal", "uneven", "ramping")) {
            float[] weights = weights(kind);
            ChiSquared.check(Fleet.counts(picker(balancer, weights), weights.length, PICKS), Fleet.shares(weights));
        }
        assertThat(picker(balancer, weights("one")).pick()).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("atRandom")
    void randomPicksFollowTheTiersLoadsToo(String balancer) {
        Picker picker = Fleet.build(
                Balancer.parse(balancer),
                () -> 0,
                Decisions.decided("local", 70, false, Fleet.weighing("local", 1, 3)),
                Decisions.decided("clusterset", 30, false, Fleet.weighing("clusterset", 2, 1)));
        long[] counts = new long[4];
        for (int i = 0; i < PICKS; i++) {
            Candidate pick = picker.pick();
            counts[Fleet.number(pick) + (pick.endpoint().tier().equals("local") ? 0 : 2)]++;
        }
        ChiSquared.check(counts, new double[] {0.175, 0.525, 0.2, 0.1});
    }

    /** At most 1 % of all picks off, and at most 1 % of its share if that is 5 % or more. */
    @ParameterizedTest
    @ValueSource(strings = {"weighted-round-robin", "consistent-hash"})
    void inTurnTheErrorIsLessThanOnePercentOfTenThousandPicks(String balancer) {
        Random random = new Random(5);
        for (int round = 0; round < 200; round++) {
            float[] weights = new float[1 + random.nextInt(40)];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = random.nextInt(4) == 0 ? 0 : random.nextInt(1 << random.nextInt(20));
            }
            weights[0] = 1;
            Picker picker = Fleet.build(
                    Balancer.parse(balancer),
                    Optional.empty(),
                    () -> 0,
                    random.nextLong(),
                    Fleet.home(Fleet.weighing("local", weights)));
            long[] counts = Fleet.counts(picker, weights.length, 10_000);
            double[] shares = Fleet.shares(weights);
            for (int i = 0; i < weights.length; i++) {
                assertThat(counts[i] / 10_000.0)
                        .as("%s of %s", i, Arrays.toString(weights))
                        .isCloseTo(shares[i], within(shares[i] >= 0.05 ? 0.01 * shares[i] : 0.01));
                assertThat(weights[i] > 0 || counts[i] == 0).isTrue();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void oneOfAMillionIsPickedOnceInAMillionTimes(String balancer) {
        long[] counts = Fleet.counts(picker(balancer, 1, 1_000_000), 2, 4_000_000);
        assertThat(counts[0]).isBetween(0L, 14L); // 4 expected: Poisson, p < 1e-4
    }

    @ParameterizedTest
    @MethodSource("all")
    void aThousandSmallOnesBesideABigOneHaveATenthOfAPercentTogether(String balancer) {
        float[] weights = new float[1_001];
        Arrays.fill(weights, 1);
        weights[500] = 1_000_000;
        long[] counts = Fleet.counts(picker(balancer, weights), 1_001, 6_000_000);
        counts[500] = 0;
        assertThat(Arrays.stream(counts).sum()).isBetween(5_700L, 6_290L); // 5,994, and 3.8 deviations to either side
        assertThat(Arrays.stream(counts).max().orElseThrow()).isLessThan(22); // 6 each; 1,000 times, p < 1e-3
        assertThat(Arrays.stream(counts).filter(count -> count > 0).count()).isGreaterThan(970);
    }

    @ParameterizedTest
    @MethodSource("all")
    void theTurnsMayOverflow(String balancer) {
        for (int start : new int[] {Integer.MAX_VALUE - PICKS / 2, -PICKS / 2}) {
            Picker picker = Fleet.build(
                    Balancer.parse(balancer),
                    Optional.empty(),
                    () -> 0,
                    (long) start << 32,
                    Fleet.home(Fleet.weighing("local", weights("uneven"))));
            ChiSquared.check(Fleet.counts(picker, 7, PICKS), Fleet.shares(weights("uneven")));
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void severalThreadsTogetherKeepTheShares(String balancer) throws InterruptedException {
        float[] weights = weights("uneven");
        Picker picker = picker(balancer, weights);
        long[][] counts = new long[4][];
        List<Thread> threads = IntStream.range(0, counts.length)
                .mapToObj(n -> new Thread(() -> counts[n] = Fleet.counts(picker, weights.length, PICKS)))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        long[] sum = IntStream.range(0, weights.length)
                .mapToLong(i -> Arrays.stream(counts).mapToLong(some -> some[i]).sum())
                .toArray();
        ChiSquared.check(sum, Fleet.shares(weights));
    }

    /** Each pair as often as it should: by weight, and then by weight among the others. */
    @ParameterizedTest
    @CsvSource({"equal", "uneven", "ramping"})
    void theSecondOfTwoIsDrawnByWeightAmongTheOthers(String kind) {
        float[] weights = weights(kind);
        List<Candidate> candidates = Fleet.weighing("local", weights);
        Ring ring = new Ring(Decisions.decision(Fleet.home(candidates)).portions());
        long[] counts = new long[weights.length * weights.length];
        for (int turn = 0; turn < 1_000_000; turn++) {
            int point = Elsewhere.mix(turn);
            int first = ring.at(point);
            int second = ring.otherThan(first, Elsewhere.mix(point + Turns.GOLDEN));
            counts[Fleet.number(ring.candidate(first)) * weights.length + Fleet.number(ring.candidate(second))]++;
        }
        ChiSquared.check(counts, pairs(weights));
    }

    private static double[] pairs(float... weights) {
        double[] shares = Fleet.shares(weights);
        double[] pairs = new double[weights.length * weights.length];
        for (int i = 0; i < weights.length; i++) {
            for (int j = 0; j < weights.length; j++) {
                pairs[i * weights.length + j] = i == j ? 0 : shares[i] * shares[j] / (1 - shares[i]);
            }
        }
        return pairs;
    }

    /** With the loads held fixed, the lower number the less loaded: what is picked follows from the pairs, exactly. */
    @ParameterizedTest
    @CsvSource({"equal", "uneven", "ramping"})
    void theLessLoadedOfTwoWinsAndWeightsAreNotDistorted(String kind) {
        float[] weights = weights(kind);
        Picker picker = picker("least-request", weights);
        List<Candidate> gauged = picker.ordered().stream().toList();
        for (Candidate candidate : gauged) {
            int open = (int) (Fleet.number(candidate) * candidate.weight() * 20);
            IntStream.range(0, open).forEach(i -> candidate.outcomes().began());
        }
        double[] pairs = pairs(weights);
        double[] shares = Fleet.shares(weights);
        double[] expected = new double[weights.length];
        for (int first = 0; first < weights.length; first++) {
            for (int second = 0; second < weights.length; second++) {
                double fair = Math.min(1, (1 - shares[first]) / (1 - shares[second]));
                double won = second < first ? pairs[first * weights.length + second] * fair : 0;
                expected[second] += won;
                expected[first] += pairs[first * weights.length + second] - won;
            }
        }
        ChiSquared.check(Fleet.counts(picker, weights.length, 1_000_000), expected);
    }

    @Test
    void ofTwoThatAreLoadedAlikeTheFirstDrawnWins() {
        for (String balancer : List.of("least-request", "peak-ewma")) {
            Picker picker = picker(balancer, weights("uneven"));
            Picker random = picker("random", weights("uneven"));
            for (int i = 0; i < 10_000; i++) {
                assertThat(picker.pick().endpoint()).isEqualTo(random.pick().endpoint());
            }
        }
    }

    /** A canary beside a busy endpoint: both are in every pair, and it idles all the time. */
    @Test
    void aLightEndpointBesideAHeavyOneIsNotFloodedBecauseItIsIdle() {
        for (String balancer : List.of("least-request", "peak-ewma")) {
            Picker picker = picker(balancer, 1, 99);
            Candidate heavy = picker.ordered().stream()
                    .filter(candidate -> candidate.weight() == 99)
                    .findFirst()
                    .orElseThrow();
            IntStream.range(0, 50).forEach(i -> heavy.outcomes().began());
            long canary = Fleet.counts(picker, 2, 100_000)[0];
            assertThat(canary).as(balancer).isBetween(1_500L, 2_500L); // 2 % at most: first or second, once in 100 each
        }
    }

    @Test
    void keysFollowWeights() {
        float[] weights = weights("uneven");
        Picker picker = picker("consistent-hash", weights);
        Supplier<long[]> counted = () -> {
            long[] counts = new long[weights.length];
            for (int i = 0; i < PICKS; i++) {
                counts[Fleet.number(picker.pick(Affinity.of("customer-" + i)))]++;
            }
            return counts;
        };
        ChiSquared.check(counted.get(), Fleet.shares(weights));
    }

    @Test
    void pinsFollowWeightsAndTiersLoads() {
        Random random = new Random(9);
        Decision.Tier local = Decisions.decided("local", 60, false, Fleet.weighing("local", 1, 0, 2));
        Decision.Tier remote = Decisions.decided("clusterset", 40, false, Fleet.equal("clusterset", 2));
        long[] counts = new long[5];
        for (int i = 0; i < 50_000; i++) {
            Picker picker = Fleet.build(Balancer.sticky(), Optional.empty(), () -> 0, random.nextLong(), local, remote);
            Candidate pinned = picker.pick();
            counts[Fleet.number(pinned) + (pinned.endpoint().tier().equals("local") ? 0 : 3)]++;
        }
        ChiSquared.check(counts, new double[] {0.2, 0, 0.4, 0.2, 0.2});
    }
}
