package io.clusterset.discovery;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import java.util.List;
import java.util.Objects;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * One thread decides, another picks: what it sees is whole, and never older than what it saw before.
 *
 * <p>{@link Pipeline} writes the decision and then the picker; {@link Service#decision()} reads the picker and then the
 * decision. So a decision is at least as new as any picker that was read before it.
 */
public final class PickerStress {

    /** For all states: making one takes longer than what is tried here. */
    private static final OneService WORLD = new OneService();

    private PickerStress() {}

    private static int number(Candidate candidate) {
        return OneService.number(candidate.verdict().reason());
    }

    /** Picks, a decision, and another pick. */
    @JCStressTest
    @Outcome(id = "in order", expect = Expect.ACCEPTABLE, desc = "each at least as new as the one before")
    @Outcome(expect = Expect.FORBIDDEN, desc = "older than what was seen before")
    @State
    public static class NothingGoesBack {

        @Actor
        public void decides() {
            WORLD.decideAnew();
        }

        @Actor
        public void picks(L_Result result) {
            int first = pick();
            Decision decision = WORLD.service.decision();
            int decided = number(decision.tiers().get(0).candidates().get(0));
            int second = pick();
            if (decided < first) {
                result.r1 = "the decision is older than the picker before it";
            } else if (second < first) {
                result.r1 = "the picker went back";
            } else {
                result.r1 = "in order";
            }
        }

        private static int pick() {
            try (Attempt attempt = WORLD.service.next()) {
                return OneService.number(attempt.verdict().reason());
            }
        }
    }

    /** All that a picker holds comes from one decision. */
    @JCStressTest
    @Outcome(id = "whole", expect = Expect.ACCEPTABLE, desc = "all of one decision")
    @Outcome(expect = Expect.FORBIDDEN, desc = "no picker, or half of one")
    @State
    public static class PickersAreWhole {

        @Actor
        public void decides() {
            WORLD.decideAnew();
        }

        @Actor
        public void looks(L_Result result) {
            Picker picker = WORLD.service.pipeline().picker();
            result.r1 = picker == null ? "none" : read(picker);
        }

        private static String read(Picker picker) {
            List<Candidate> all = picker.ordered();
            int number = number(picker.pick());
            boolean same = all.stream().filter(Objects::nonNull).allMatch(candidate -> number(candidate) == number);
            return same && all.size() == OneService.ENDPOINTS ? "whole" : "half";
        }
    }
}
