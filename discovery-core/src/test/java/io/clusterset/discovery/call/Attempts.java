package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.Sleeper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A loop of attempts at a list of endpoints, and what came of it. */
abstract class Attempts {

    static final CompletableFuture<Void> SETTLED = CompletableFuture.completedFuture(null);

    final ManualTime time = new ManualTime();
    final List<String> tried = new ArrayList<>();
    final List<String> outcomes = new ArrayList<>();
    final ListPicker picker = new ListPicker("local", "local", "local", "clusterset");
    final AttemptLoop loop = loop(() -> picker, SETTLED);

    AttemptLoop loop(Supplier<Picker> from, CompletableFuture<?> whenSettled) {
        return loop(from, whenSettled, time, time);
    }

    static AttemptLoop loop(
            Supplier<Picker> from, CompletableFuture<?> whenSettled, ManualTime clock, Sleeper sleeper) {
        return new AttemptLoop(
                "orders.shop",
                from,
                () -> whenSettled,
                new RetryBudget(BudgetOptions::defaults, clock),
                AttemptSink.NONE,
                clock,
                clock,
                sleeper,
                Runnable::run,
                new Random(1));
    }

    static IOException refused() {
        return new ConnectException("Connection refused");
    }

    /** Picks the first of a list; others in order, another tier first when told to leave one. */
    final class ListPicker implements Picker {
        private final List<Candidate> all = new ArrayList<>();
        int handedOut;

        ListPicker(String... tiers) {
            for (String tier : tiers) {
                Endpoint endpoint =
                        Endpoint.parse("10.0.0." + (all.size() + 1) + ":80").withTier(tier);
                all.add(new Candidate(endpoint, Verdict.HEALTHY, Candidate.Use.IN_TURN, 1, new Recorder()));
            }
        }

        @Override
        public Candidate pick() {
            handedOut++;
            return all.get(0);
        }

        @Override
        public Candidate pick(Affinity affinity) {
            return all.get(0);
        }

        @Override
        public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
            List<Candidate> left = all.stream()
                    .filter(c -> !tried.contains(c.endpoint().socketAddress()))
                    .toList();
            handedOut += left.isEmpty() ? 0 : 1;
            return left.stream()
                    .filter(c -> leaving.isEmpty() || !c.endpoint().tier().equals(leaving.get()))
                    .findFirst()
                    .or(() -> left.stream().findFirst());
        }

        @Override
        public List<Candidate> ordered() {
            return all;
        }
    }

    final class Recorder implements Outcomes {
        @Override
        public long began() {
            return 0;
        }

        @Override
        public boolean admits() {
            return false;
        }

        @Override
        public void ended(long mark, Outcome outcome) {
            outcomes.add(outcome.getClass().getSimpleName());
        }
    }
}
