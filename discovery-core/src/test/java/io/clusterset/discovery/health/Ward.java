package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The health of one tier in virtual time. The process can be made to stand still while time goes on. */
final class Ward {

    final ManualTime time = new ManualTime();
    final List<Event> events = new ArrayList<>();
    final Scripted prober = new Scripted();
    final Health health;
    final HealthView view;
    boolean refuses; // the executor, whose tasks are lost then
    private HealthOptions options;
    private long stoodStill;

    Ward() {
        this(HealthOptions.defaults());
    }

    Ward(HealthOptions options) {
        this(options, new Random(1));
    }

    Ward(HealthOptions options, RandomGenerator random) {
        this.options = options;
        Executor lender = task -> {
            if (refuses) {
                throw new RejectedExecutionException("full");
            }
            task.run();
        };
        SerialExecutor serial = new SerialExecutor(lender, thrown -> {
            if (!refuses) {
                throw new AssertionError(thrown);
            }
        });
        Ticker ticker = () -> time.nanos() + stoodStill;
        health = new Health(() -> this.options, prober::by, ticker, time, serial, random, events::add);
        view = health.view(true, () -> {});
    }

    List<Candidate> candidates(List<Endpoint> tier) {
        return view.annotate(List.of(tier)).get(0);
    }

    Candidate look(Endpoint endpoint, List<Endpoint> tier) {
        return candidates(tier).get(tier.indexOf(endpoint));
    }

    State state(Endpoint endpoint, List<Endpoint> tier) {
        return look(endpoint, tier).verdict().state();
    }

    void report(Endpoint endpoint, Outcome outcome, List<Endpoint> tier) {
        Outcomes outcomes = look(endpoint, tier).outcomes();
        outcomes.ended(outcomes.began(), outcome);
    }

    void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    /** Settings have changed, and nobody is told. */
    void set(HealthOptions now) {
        options = now;
    }

    /** Settings have changed. */
    void reconfigure(HealthOptions now) {
        set(now);
        health.reconfigured();
    }

    /** No timer runs, and then it is later: as after SIGSTOP and SIGCONT. */
    void standStill(Duration by) {
        stoodStill += by.toNanos();
    }

    /** At most an hour. */
    long secondsUntil(BooleanSupplier so) {
        for (int seconds = 0; seconds < 3_600; seconds++) {
            if (so.getAsBoolean()) {
                return seconds;
            }
            pass(1_000);
        }
        throw new AssertionError("not within an hour");
    }

    /** Passes unless told otherwise; may keep its answers. */
    static final class Scripted implements Prober {
        final List<InetSocketAddress> probed = new ArrayList<>();
        final List<Probe> kinds = new ArrayList<>(); // of those
        final List<Runnable> held = new ArrayList<>();
        boolean holds;
        private final Map<InetSocketAddress, Result> answers = new HashMap<>();
        private final Set<InetSocketAddress> silent = new HashSet<>();

        void answer(Endpoint endpoint, Result result) {
            answers.put(endpoint.socketAddress(), result);
        }

        /** Never answers a probe. */
        void silent(Endpoint endpoint) {
            silent.add(endpoint.socketAddress());
        }

        Prober by(Probe kind) {
            return (address, timeout, done) -> {
                kinds.add(kind);
                probe(address, timeout, done);
            };
        }

        @Override
        public void probe(InetSocketAddress address, Duration timeout, Consumer<Result> done) {
            probed.add(address);
            Result result = answers.getOrDefault(address, new Passed());
            if (silent.contains(address)) {
                return;
            }
            if (holds) {
                held.add(() -> done.accept(result));
            } else {
                done.accept(result);
            }
        }
    }
}
