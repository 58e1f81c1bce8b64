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

    /** Looks again and again while a decision is made; what has been seen is compared when it has been read. */
    @JCStressTest
    @Outcome(id = "in order", expect = Expect.ACCEPTABLE, desc = "each at least as new as the one before")
    @Outcome(expect = Expect.FORBIDDEN, desc = "older than what was seen before")
    @State
    public static class NothingGoesBack {
        private static final int LOOKS = 500;

        @Actor
        public void decides() {
            WORLD.decideAnew();
        }

        @Actor
        public void looks(L_Result result) {
            result.r1 = "in order";
            int newest = 0;
            for (int i = 0; i < LOOKS; i++) {
                Picker picker = WORLD.service.picker();
                Decision decision = WORLD.service.decision();
                int picked = number(picker.pick());
                int decided = number(decision.tiers().get(0).candidates().get(0));
                if (decided < picked) {
                    result.r1 = "the decision is older than the picker before it";
                } else if (picked < newest) {
                    result.r1 = "the picker went back";
                }
                newest = picked;
            }
        }
    }

    /** As callers see it: from one attempt to the next. */
    @JCStressTest
    @Outcome(
            id = "in order",
            expect = Expect.ACCEPTABLE,
            desc = "the second is picked from the same decision, or a newer one")
    @Outcome(expect = Expect.FORBIDDEN, desc = "the second is picked from an older decision")
    @State
    public static class AttemptsFollow {

        @Actor
        public void decides() {
            WORLD.decideAnew();
        }

        @Actor
        public void calls(L_Result result) {
            int first = call();
            int second = call();
            result.r1 = first <= second ? "in order" : "the picker went back";
        }

        private static int call() {
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
            Picker picker = WORLD.service.picker();
            result.r1 = read(picker);
        }

        private static String read(Picker picker) {
            List<Candidate> all = picker.ordered();
            int number = number(picker.pick());
            boolean same = all.stream().filter(Objects::nonNull).allMatch(candidate -> number(candidate) == number);
            return same && all.size() == OneService.ENDPOINTS ? "whole" : "half";
        }
    }
}
