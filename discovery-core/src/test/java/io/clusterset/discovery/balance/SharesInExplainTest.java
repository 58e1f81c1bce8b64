package io.clusterset.discovery.balance;

import static io.clusterset.discovery.balance.Decisions.candidate;
import static io.clusterset.discovery.balance.Decisions.decided;
import static io.clusterset.discovery.balance.Decisions.decision;
import static io.clusterset.discovery.balance.Decisions.picks;
import static io.clusterset.discovery.balance.Decisions.tier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What explain says of shares is what picks do. */
class SharesInExplainTest {

    private static final int PICKS = 10_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void picksAndSharesAgree(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            int home = random.nextInt(101);
            Decision decision = decision(
                    decided("local", home, random.nextInt(4) == 0, some("local", random)),
                    decided("clusterset", 100 - home, random.nextInt(4) == 0, some("clusterset", random)));
            if (decision.portions().isEmpty()) {
                continue;
            }
            Map<Endpoint, Double> shares = decision.shares();
            assertThat(shares.values().stream().mapToDouble(share -> share).sum())
                    .isCloseTo(
                            decision.portions().stream()
                                    .mapToInt(Decision.Portion::percent)
                                    .sum(),
                            within(1e-6));
            double all = shares.values().stream().mapToDouble(share -> share).sum();
            Map<String, Long> picks = picks(new RingPicker(decision, new Turns(random.nextInt()), false), PICKS);
            for (Decision.Tier tier : decision.tiers()) {
                for (Candidate candidate : tier.candidates()) {
                    double share = shares.getOrDefault(candidate.endpoint(), 0.0) / all;
                    assertThat(picks.getOrDefault(candidate.endpoint().toString(), 0L) / (double) PICKS)
                            .as(candidate.toString())
                            .isCloseTo(share, within(0.01));
                }
            }
        }
    }

    private static List<Candidate> some(String tier, Random random) {
        List<Candidate> candidates = new ArrayList<>();
        for (int n = 1; n <= random.nextInt(12); n++) {
            Verdict verdict = switch (random.nextInt(5)) {
                case 0 -> Decisions.SICK;
                case 1 -> Decisions.SUSPECT;
                default -> Verdict.HEALTHY;
            };
            float weight = random.nextInt(4) == 0 ? random.nextInt(1_000_001) : random.nextInt(5);
            candidates.add(candidate(tier, n, verdict).withWeight(weight));
        }
        return candidates;
    }

    @Test
    void aTierOfSuspectsHasNoShareWhileAnotherDoesItsWork() {
        Decision decision = decision(
                decided("local", 100, false, List.of(candidate("local", 1, Decisions.SUSPECT))),
                decided("clusterset", 0, false, tier("clusterset", 2)));
        assertThat(decision.shares())
                .containsOnlyKeys(
                        candidate("clusterset", 1, Verdict.HEALTHY).endpoint(),
                        candidate("clusterset", 2, Verdict.HEALTHY).endpoint())
                .allSatisfy((endpoint, share) -> assertThat(share).isEqualTo(50.0));
    }
}
