package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A second endpoint comes in second 100. */
class ArrivalsTest {

    private static final Endpoint OLD = Endpoint.parse("10.0.0.1:80");
    private static final Endpoint FRESH = Endpoint.parse("10.0.0.2:80");

    private final List<String> broken = new ArrayList<>();
    private final Arrivals arrivals = new Arrivals(broken::add);

    @Test
    void withMoreThanHalfOfAnOldOnesShare() {
        said(1_000, OLD);
        said(100_000, FRESH, OLD);
        decided(100_100, weighs(OLD, 1f), weighs(FRESH, 0.5f));
        assertThat(broken).isEmpty();
        decided(100_900, weighs(OLD, 1f), weighs(FRESH, 0.6f));
        assertThat(broken).hasSize(1).first().asString().startsWith("10.0.0.2:80 has 37.");
    }

    @Test
    void itMayAfterItsFirstSecond() {
        said(1_000, OLD);
        said(100_000, OLD, FRESH);
        decided(101_000, weighs(OLD, 1f), weighs(FRESH, 1f));
        assertThat(broken).isEmpty();
    }

    @Test
    void itMayWhereAllAreNew() {
        said(90_000, OLD);
        said(100_000, OLD, FRESH);
        decided(100_100, weighs(OLD, 1f), weighs(FRESH, 1f));
        assertThat(broken).isEmpty();
    }

    @Test
    void itMayWhereTheOldOneIsSickOrFarAway() {
        said(1_000, OLD);
        said(100_000, OLD, FRESH);
        decided(
                100_100,
                new Candidate(
                        OLD,
                        new Verdict(Verdict.State.SUSPECT, "refused"),
                        Candidate.Use.PASSED_OVER,
                        1f,
                        Outcomes.NOBODY),
                weighs(FRESH, 1f));
        decided(100_200, weighs(OLD.withLocality(new Locality("eu", "b", "")), 0.1f), weighs(FRESH, 1f));
        assertThat(broken).isEmpty();
    }

    @Test
    void oneThatWasHeardOfBeforeIsNotNewNorIsOneThatASilentSourceKept() {
        said(1_000, OLD, FRESH);
        said(50_000, OLD);
        arrivals.said("local", new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.NONE), 60_000);
        said(100_000, OLD, FRESH);
        decided(100_100, weighs(OLD, 1f), weighs(FRESH, 1f));
        assertThat(broken).isEmpty();
    }

    private void said(long millis, Endpoint... endpoints) {
        arrivals.said("local", new Resolution.Found(List.of(endpoints), Duration.ZERO, Evidence.NONE), millis);
    }

    private static Candidate weighs(Endpoint endpoint, float weight) {
        return new Candidate(endpoint, Verdict.HEALTHY, Candidate.Use.IN_TURN, weight, Outcomes.NOBODY);
    }

    private void decided(long millis, Candidate... candidates) {
        TierView view = new TierView(
                "local",
                new Resolution.Empty(Duration.ZERO, Evidence.NONE),
                0,
                0,
                List.of(candidates).stream().map(Candidate::endpoint).toList(),
                List.of());
        Decision.Tier tier = new Decision.Tier(
                view, new TierLoad("local", 100, 100, 100, false, ""), List.of(candidates), List.of());
        Snapshot snapshot = new Snapshot(ServiceName.of("orders", "shop"), millis * 1_000_000, List.of(view));
        arrivals.decided(new Look(new Decision(snapshot, List.of(tier), List.of(), List.of())));
    }
}
