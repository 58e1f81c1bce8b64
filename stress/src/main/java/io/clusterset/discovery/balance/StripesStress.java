package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** Two threads that meet at one counter, and part: every endpoint has its turn, before, while and after they do. */
public final class StripesStress {

    private static final int DRAWS = 300;
    private static final int ENDPOINTS = 3;

    private static final Outcomes NOBODY = new Outcomes() {
        @Override
        public long began() {
            return 0;
        }

        @Override
        public void ended(long mark, io.clusterset.discovery.model.Outcome outcome) {}

        @Override
        public boolean admits() {
            return false;
        }
    };

    private static final Decision DECISION = decision();

    private StripesStress() {}

    private static Decision decision() {
        List<Candidate> candidates = IntStream.range(0, ENDPOINTS)
                .mapToObj(n -> new Candidate(
                        Endpoint.parse("127.0.0.1:" + (80 + n)), Verdict.HEALTHY, Candidate.Use.IN_TURN, 1, NOBODY))
                .toList();
        TierView view =
                new TierView("local", new Resolution.Empty(Duration.ZERO, Evidence.NONE), 0, 0, List.of(), List.of());
        Decision.Tier tier =
                new Decision.Tier(view, new TierLoad("local", 100, 100, 100, false, ""), candidates, List.of());
        Snapshot snapshot = new Snapshot(ServiceName.of("orders", "shop"), 0, List.of(view));
        return new Decision(snapshot, List.of(tier), List.of(), List.of());
    }

    /** Both pick. */
    @JCStressTest
    @Outcome(id = "true", expect = Expect.ACCEPTABLE, desc = "each endpoint as often as the others")
    @Outcome(expect = Expect.FORBIDDEN, desc = "an endpoint had its turn too often or too rarely")
    @State
    public static class PicksAddUp {
        private final Picker picker = new RingPicker(DECISION, new Turns(0), false);
        private final int[] one = new int[ENDPOINTS];
        private final int[] other = new int[ENDPOINTS];

        @Actor
        public void one() {
            pick(one);
        }

        @Actor
        public void other() {
            pick(other);
        }

        private void pick(int[] counts) {
            for (int i = 0; i < DRAWS; i++) {
                counts[picker.pick().endpoint().port() - 80]++;
            }
        }

        @Arbiter
        public void atTheEnd(Z_Result result) {
            result.r1 = IntStream.range(0, ENDPOINTS)
                    .allMatch(n -> Math.abs(one[n] + other[n] - 2 * DRAWS / ENDPOINTS) <= 3);
        }
    }
}
