package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.topology.Eligibility;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class AssessmentTest {

    private static final Tier LOCAL = Tier.of("local", "cluster.local");
    private static final Verdict SICK = new Verdict(State.UNHEALTHY, "connection refused");
    private static final Verdict DOUBTFUL = new Verdict(State.SUSPECT, "timed out");

    private final ManualTime time = new ManualTime();
    private final Drills drills = new Drills(time, time, Runnable::run, event -> {});
    private final Counted counted = new Counted();
    private final Assessment assessment = new Assessment(tier -> counted, drills);

    private static List<Endpoint> endpoints(int count, Condition condition) {
        List<Endpoint> all = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            all.add(Endpoint.parse("10.0.0." + i + ":80").withCondition(condition));
        }
        return all;
    }

    private static List<Candidate> candidates(Verdict... verdicts) {
        List<Candidate> all = new ArrayList<>();
        for (Verdict verdict : verdicts) {
            Endpoint endpoint = Endpoint.parse("10.0.0." + (all.size() + 1) + ":80");
            all.add(new Candidate(endpoint, verdict, Candidate.Use.IN_TURN, 1, new Untold()));
        }
        return all;
    }

    private static TierView view(Resolution resolution, Evidence.Dropped... dropped) {
        return new TierView("local", resolution, 0, 0, resolution.endpoints(), List.of(dropped));
    }

    private static TierView found(List<Endpoint> endpoints) {
        return view(new Resolution.Found(endpoints, Duration.ofSeconds(5), Evidence.NONE));
    }

    private static Eligibility.Eligible eligible(List<Candidate> candidates, int missing) {
        return new Eligibility.Eligible(candidates, List.of(), missing, List.of());
    }

    private static HealthView.Census census(int healthy, String why) {
        return new HealthView.Census(healthy, why.isEmpty(), false, why);
    }

    /** Of these, all of whom are eligible and were counted anew. */
    private TierHealth of(Tier tier, TierView view, Eligibility.Eligible eligible) {
        return assessment.of(tier, view, eligible, List.of(), census(99, "a census of others"));
    }

    @Test
    void aCensusOfThoseThatAreMeantIsTakenAsItIs() {
        List<Candidate> all = candidates(Verdict.HEALTHY, SICK);
        TierHealth health = assessment.of(
                LOCAL, found(endpoints(2, Condition.READY)), eligible(all, 0), all, census(7, "as counted"));
        assertThat(health.healthy()).isEqualTo(7);
        assertThat(health.why()).isEqualTo("as counted");
        assertThat(health.total()).isEqualTo(2);
    }

    @Test
    void ofSomeOfThemAnotherIsMade() {
        TierHealth health = of(
                LOCAL,
                found(endpoints(4, Condition.READY)),
                eligible(candidates(Verdict.HEALTHY, DOUBTFUL, SICK, Verdict.UNKNOWN), 0));
        assertThat(health.healthy()).isEqualTo(3);
        assertThat(health.why()).isEqualTo("suspect: timed out");
        assertThat(of(LOCAL, found(endpoints(1, Condition.READY)), eligible(candidates(SICK), 0))
                        .why())
                .isEqualTo("connection refused");
        assertThat(of(LOCAL, found(endpoints(1, Condition.READY)), eligible(candidates(Verdict.UNKNOWN), 0))
                        .why())
                .isEqualTo(Assessment.NOT_TRIED);
    }

    @Test
    void whoIsNotReadyIsMissing() {
        TierHealth health = of(LOCAL, found(endpoints(1, Condition.READY)), eligible(candidates(Verdict.HEALTHY), 3));
        assertThat(health.total()).isEqualTo(4);
        assertThat(health.why()).isEqualTo("3 more not ready");
        assertThat(of(LOCAL, found(endpoints(1, Condition.READY)), eligible(List.of(), 3))
                        .total())
                .as("a tier that has none at all is out anyway")
                .isZero();
    }

    @Test
    void whoIsExpectedAndNotFoundIsMissingFromThoseThatAreMeantInProportion() {
        Tier six = LOCAL.withMinEndpoints(6);
        TierHealth half = of(six, found(endpoints(4, Condition.READY)), eligible(candidates(Verdict.HEALTHY, SICK), 0));
        assertThat(half.total()).isEqualTo(3);
        assertThat(half.why()).isEqualTo("only 4 of the 6 expected found; connection refused");
        assertThat(of(six, found(endpoints(6, Condition.NOT_READY)), eligible(candidates(Verdict.HEALTHY), 0))
                        .total())
                .as("found, though not ready")
                .isEqualTo(1);
        assertThat(of(six, found(endpoints(6, Condition.TERMINATING)), eligible(candidates(Verdict.HEALTHY), 0))
                        .total())
                .as("those that end are no longer of those expected")
                .isEqualTo(6);
    }

    @Test
    void onlyWhoseSourceCouldNotTellIsBlind() {
        Resolution silent = new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL from 10.96.0.10"));
        TierHealth blind = of(LOCAL, view(silent), eligible(List.of(), 0));
        assertThat(blind.blind()).isTrue();
        assertThat(blind.why()).isEqualTo("SERVFAIL from 10.96.0.10");
        assertThat(of(LOCAL, view(silent), eligible(candidates(Verdict.HEALTHY), 0))
                        .blind())
                .isFalse();
        TierHealth none =
                of(LOCAL, view(new Resolution.NoSuchName(Duration.ZERO, Evidence.NONE)), eligible(List.of(), 0));
        assertThat(none.blind()).isFalse();
        assertThat(none.why()).isEqualTo("no such name");
    }

    @Test
    void whyNobodyIsEligibleIsSaid() {
        Eligibility.Eligible excluded = new Eligibility.Eligible(
                List.of(),
                List.of(new Evidence.Dropped("10.0.0.1:80", "another zone"), new Evidence.Dropped("10.0.0.2:80", "x")),
                0,
                List.of());
        assertThat(of(LOCAL, found(endpoints(2, Condition.READY)), excluded).why())
                .isEqualTo("2 known, none eligible: another zone");
        TierView dropped = view(
                new Resolution.Found(endpoints(1, Condition.READY), Duration.ZERO, Evidence.NONE),
                new Evidence.Dropped("10.0.0.1:80", "in an earlier tier"));
        assertThat(of(LOCAL, dropped, eligible(List.of(), 0)).why()).isEqualTo("all of them: in an earlier tier");
    }

    @Test
    void guardsAndDrillsAreHandedOnAndAttemptsAreCountedWhenAskedFor() {
        drills.begin("local", 5, Duration.ofMinutes(1), new Object());
        TierHealth health = of(
                LOCAL.withMaxLoad(40), found(endpoints(1, Condition.READY)), eligible(candidates(Verdict.HEALTHY), 0));
        assertThat(health.maxLoad()).isEqualTo(OptionalInt.of(40));
        assertThat(health.drill()).isEqualTo(OptionalInt.of(5));
        counted.succeeded = 3;
        counted.failed = 2;
        assertThat(health.attempts().get()).isEqualTo(new TierHealth.Attempts(3, 2));
    }

    private static final class Counted implements HealthView.Tally {
        private long succeeded;
        private long failed;

        @Override
        public long succeeded() {
            return succeeded;
        }

        @Override
        public long failed() {
            return failed;
        }
    }
}
