package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.topology.Eligibility.Eligible;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every policy and every tier. */
class TopologyPropertiesTest {

    private static final String[] HERES = {
        "",
        "zone=a",
        "zone=a region=r",
        "region=s",
        "zone=b node=n cluster=x",
        "node=m",
        "zone=c cluster=y label.rack=1"
    };

    private static String word(Random random, String... choices) {
        return " " + choices[random.nextInt(choices.length)];
    }

    private static List<Candidate> tier(Random random) {
        List<Candidate> tier = new ArrayList<>();
        int size = random.nextInt(random.nextInt(4) == 0 ? 60 : 7);
        boolean allReady = random.nextBoolean();
        boolean hinted = random.nextBoolean();
        String traffic =
                random.nextInt(3) > 0 ? "" : word(random, "traffic=prefer_same_zone", "traffic=prefer_same_node");
        for (int i = 1; i <= size; i++) {
            tier.add(Written.candidate(i
                    + word(random, "zone=a", "zone=b", "zone=c", "")
                    + word(random, "region=r", "region=s", "")
                    + word(random, "node=n", "node=m", "")
                    + word(random, "cluster=x", "cluster=y", "", "")
                    + word(random, "label.rack=1", "")
                    + (hinted ? word(random, "forZones=a", "forZones=b", "forZones=a,c", "forNodes=n forZones=a") : "")
                    + (allReady
                            ? ""
                            : word(
                                    random,
                                    "",
                                    "condition=not_ready",
                                    "condition=serving_terminating",
                                    "condition=terminating"))
                    + word(random, "", "", "sick", "waits")
                    + word(random, "weight=1", "weight=1", "weight=7", "weight=1000000", "weight=0")
                    + traffic));
        }
        return tier;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "any",
                "hints",
                "prefer-near",
                "prefer-node",
                "ladder:kubernetes.io/hostname,topology.kubernetes.io/zone,*",
                "ladder:rack,topology.kubernetes.io/region",
                "clusters:y,x",
                "clusters:x+prefer-near",
                "hints+clusters:y+prefer-node",
            })
    void everyTierIsDecidedSensibly(String policy) {
        Eligibility eligibility =
                new Eligibility(policy.isEmpty() ? Optional.empty() : Optional.of(Topology.parse(policy)));
        Random random = new Random(20_261_121);
        int weighted = 0;
        for (int round = 0; round < 3_000; round++) {
            List<Candidate> tier = tier(random);
            Here here = Written.here(HERES[random.nextInt(HERES.length)]);
            Eligible eligible = eligibility.of(here, tier);
            List<Candidate> mine = eligible.candidates();

            // each is either eligible or left out with a reason, once
            Set<String> seen = new HashSet<>();
            mine.forEach(candidate ->
                    assertThat(seen.add(candidate.endpoint().authority())).isTrue());
            eligible.excluded()
                    .forEach(dropped -> assertThat(seen.add(dropped.address())).isTrue());
            assertThat(seen).hasSize(tier.size());
            assertThat(eligible.missing()).isBetween(0, tier.size() - mine.size());

            // weights stay weights, and nothing that could be picked becomes unreachable
            Map<String, Float> before = new java.util.HashMap<>();
            tier.forEach(candidate -> before.put(candidate.endpoint().authority(), candidate.weight()));
            for (Candidate candidate : mine) {
                float was = before.getOrDefault(candidate.endpoint().authority(), -1f);
                assertThat(candidate.weight()).isBetween(0f, was);
                assertThat(candidate.weight() > 0).isEqualTo(was > 0);
                weighted += candidate.weight() < was ? 1 : 0;
            }

            // the order of an answer is no matter
            List<Candidate> shuffled = new ArrayList<>(tier);
            Collections.shuffle(shuffled, random);
            Eligible again = eligibility.of(here, shuffled);
            assertThat(Written.numbers(again.candidates())).isEqualTo(Written.numbers(mine));
            assertThat(again.missing()).isEqualTo(eligible.missing());
            assertThat(again.notes()).isEqualTo(eligible.notes());
            if (mine.stream().anyMatch(candidate -> candidate.isGood() && candidate.weight() > 0)) {
                Map<Integer, Double> shares = Written.shares(mine);
                Written.shares(again.candidates())
                        .forEach((number, share) ->
                                assertThat(share).isCloseTo(shares.getOrDefault(number, -1.0), within(1e-3)));
            }
        }
        boolean weighs = policy.isEmpty() || policy.contains("prefer") || policy.contains("clusters");
        assertThat(weighted > 0).isEqualTo(weighs);
    }
}
