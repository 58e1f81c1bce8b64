package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Verdict;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;

/** An attempt without a waiting thread ends once: by its answer or by its time. */
public final class AttemptLoopStress {

    private static final Endpoint ENDPOINT = Endpoint.parse("127.0.0.1:80");

    private AttemptLoopStress() {}

    /** Notes what it is told; the only endpoint there is. */
    private static final class Lone implements Outcomes, Picker {
        private final ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        private final Candidate candidate = new Candidate(ENDPOINT, Verdict.HEALTHY, Candidate.Use.IN_TURN, 1, this);

        @Override
        public long began() {
            return 0;
        }

        @Override
        public void ended(long mark, io.clusterset.discovery.model.Outcome outcome) {
            told.add(outcome.getClass().getSimpleName());
        }

        @Override
        public boolean admits() {
            return false;
        }

        @Override
        public Candidate pick() {
            return candidate;
        }

        @Override
        public Candidate pick(Affinity affinity) {
            return candidate;
        }

        @Override
        public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
            return Optional.empty();
        }

        @Override
        public List<Candidate> ordered() {
            return List.of(candidate);
        }
    }

    /** The answer comes when the time is up. */
    @JCStressTest
    @Outcome(id = "\\[Succeeded\\], answered", expect = Expect.ACCEPTABLE, desc = "the answer came first")
    @Outcome(id = "\\[FailedSoft\\], failed", expect = Expect.ACCEPTABLE, desc = "the time was up first")
    @Outcome(expect = Expect.FORBIDDEN, desc = "none or two outcomes, or not what the caller got")
    @State
    public static class AnswerMeetsTimeout {
        private final Lone lone = new Lone();
        private volatile Runnable timeUp = () -> {};
        private final CompletableFuture<String> answer = new CompletableFuture<>();
        private final CompletableFuture<String> result;

        public AnswerMeetsTimeout() {
            AttemptLoop loop = new AttemptLoop(
                    "orders.shop",
                    () -> lone,
                    () -> CompletableFuture.completedFuture(lone),
                    new RetryBudget(BudgetOptions::defaults, () -> 0),
                    AttemptSink.NONE,
                    () -> 0,
                    (delay, task) -> {
                        timeUp = task;
                        return () -> {};
                    },
                    time -> {},
                    Runnable::run,
                    new Random(1));
            result = loop.runAsync(Call.once(), endpoint -> answer);
        }

        @Actor
        public void answers() {
            answer.complete("answer");
        }

        @Actor
        public void timeIsUp() {
            timeUp.run();
        }

        @Arbiter
        public void atTheEnd(LL_Result seen) {
            seen.r1 = lone.told.toString();
            seen.r2 = !result.isDone() ? "open" : result.isCompletedExceptionally() ? "failed" : "answered";
        }
    }
}
