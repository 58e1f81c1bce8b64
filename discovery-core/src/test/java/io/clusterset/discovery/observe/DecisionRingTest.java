package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DecisionRingTest {

    private static final long SECOND = 1_000_000_000;

    private final DecisionRing ring = new DecisionRing();

    /** Of one tier with so many endpoints, the last of them unhealthy. */
    private static Decision decision(int percent, int endpoints) {
        List<Endpoint> all = IntStream.range(0, endpoints)
                .mapToObj(i -> Endpoint.parse("10.0." + i / 250 + "." + (i % 250 + 1) + ":80"))
                .toList();
        List<Candidate> candidates = all.stream()
                .map(endpoint -> new Candidate(
                        endpoint,
                        endpoint.equals(all.get(endpoints - 1))
                                ? new Verdict(Verdict.State.UNHEALTHY, "refused")
                                : Verdict.HEALTHY,
                        Candidate.Use.IN_TURN,
                        1,
                        Outcomes.NOBODY))
                .toList();
        Resolution found = new Resolution.Found(all, Duration.ofSeconds(5), Evidence.NONE);
        TierView view = new TierView("local", found, 0, 0, all, List.of());
        Snapshot snapshot = new Snapshot(ServiceName.of("orders", "shop"), 0, List.of(view));
        return new Decision(
                snapshot,
                List.of(new Decision.Tier(
                        view, new TierLoad("local", percent, percent, percent, false, ""), candidates, List.of())),
                List.of(),
                List.of());
    }

    private void replaced(String subject, int percent, double from, double to) {
        ring.replaced(subject, decision(percent, 1), (long) (from * SECOND), (long) (to * SECOND));
    }

    private List<Integer> percents(String subject) {
        return ring.of(subject).stream()
                .map(past -> past.decision().tiers().get(0).load().percent())
                .toList();
    }

    @Test
    void theLastOfEachServiceAreKeptTheEldestFirst() {
        for (int i = 0; i < 100; i++) {
            replaced("orders.shop", i, 10.0 * i, 10.0 * i + 10);
        }
        assertThat(percents("orders.shop"))
                .containsExactlyElementsOf(IntStream.range(68, 100).boxed().toList());
        assertThat(ring.of("carts.shop")).isEmpty();
    }

    @Test
    void manyServicesTogetherDontTakeMoreThanTheirShareAndTheQuietestLosesFirst() {
        for (int service = 0; service < 1_000; service++) {
            for (int i = 0; i < 10; i++) {
                replaced("s" + service + ".shop", i, 10.0 * i, 10.0 * i + 10);
            }
        }
        int sum = IntStream.range(0, 1_000)
                .map(service -> ring.of("s" + service + ".shop").size())
                .sum();
        assertThat(sum).isEqualTo(DecisionRing.OF_ALL);
        assertThat(ring.of("s0.shop")).isEmpty();
        assertThat(ring.of("s999.shop")).hasSize(10);
    }

    @Test
    void ofWhatFlickersOneASecondIsKept() {
        replaced("orders.shop", 100, 0, 60);
        for (int i = 0; i < 50; i++) { // ten times a second, for five seconds
            replaced("orders.shop", i % 2, 60 + i / 10.0, 60.1 + i / 10.0);
        }
        replaced("orders.shop", 50, 65, 100);
        assertThat(percents("orders.shop")).hasSizeBetween(6, 8).startsWith(100).endsWith(50);
    }

    @Test
    void ofALargeTierTheSickAreKeptAndSomeOthersAndThatIsSaid() {
        ring.replaced("orders.shop", decision(100, 10_000), 0, SECOND * 10);
        Decision kept = ring.of("orders.shop").get(0).decision();
        Decision.Tier tier = kept.tiers().get(0);
        assertThat(tier.candidates()).hasSize(20);
        assertThat(tier.candidates().get(0).verdict().reason()).isEqualTo("refused");
        assertThat(tier.view().endpoints()).hasSize(20);
        assertThat(tier.view().resolution().endpoints()).hasSize(20);
        assertThat(kept.notes()).containsExactly("local: 20 of its 10000 endpoints are remembered");
    }
}
