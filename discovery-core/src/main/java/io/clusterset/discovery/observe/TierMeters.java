package io.clusterset.discovery.observe;

import io.clusterset.discovery.observe.Figures.Attempts;
import io.clusterset.discovery.observe.Figures.Lookups;
import io.clusterset.discovery.observe.Figures.OfTier;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The meters of one tier of one service, or of all that are not told apart from it. Guarded by the board. */
final class TierMeters {

    private static final Set<String> OUTCOMES = Set.of("found", "empty", "no-such-name", "unknown");

    /** Those that a resolver sends for a reason of its own, not as part of an update or a signature. */
    private static final Set<String> RCODES =
            Set.of("NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "NOTAUTH", "NOTZONE", "BADVERS");

    private final Tags tags;
    private final MeterGroup counts;
    private final Cell picks;
    private final Cell succeeded;
    private final Cell failedHard;
    private final Cell failedSoft;
    private final Cell failedOtherwise;
    private final Cell abandoned;
    private final Map<Answer, TimedCell> lookups = new HashMap<>();
    private Optional<State> state = Optional.empty();

    TierMeters(MeterGroup group, Tags tags) {
        this.tags = tags;
        this.counts = group;
        this.picks = group.counter(Metric.PICKS, tags);
        this.succeeded = group.counter(Metric.ATTEMPTS, tags.and("outcome", "succeeded"));
        this.failedHard = group.counter(Metric.ATTEMPTS, tags.and("outcome", "failed-hard"));
        this.failedSoft = group.counter(Metric.ATTEMPTS, tags.and("outcome", "failed-soft"));
        this.failedOtherwise = group.counter(Metric.ATTEMPTS, tags.and("outcome", "failed-otherwise"));
        this.abandoned = group.counter(Metric.ATTEMPTS, tags.and("outcome", "abandoned"));
    }

    /** What came to the counts of one service's tier since it was read before. */
    void count(OfTier before, OfTier now) {
        Attempts then = before.attempts();
        Attempts attempts = now.attempts();
        picks.add(increase(then.picked(), attempts.picked()));
        succeeded.add(increase(then.succeeded(), attempts.succeeded()));
        failedHard.add(increase(then.failedHard(), attempts.failedHard()));
        failedSoft.add(increase(then.failedSoft(), attempts.failedSoft()));
        failedOtherwise.add(increase(then.failedOtherwise(), attempts.failedOtherwise()));
        abandoned.add(increase(then.abandoned(), attempts.abandoned()));
        now.lookups().forEach(answers -> count(before, answers));
    }

    private void count(OfTier before, Lookups answers) {
        Lookups then = before.lookups().stream()
                .filter(one ->
                        one.outcome().equals(answers.outcome()) && one.rcode().equals(answers.rcode()))
                .findFirst()
                .orElse(new Lookups(answers.outcome(), answers.rcode(), 0, Duration.ZERO));
        lookups.computeIfAbsent(new Answer(outcome(answers), rcode(answers)), this::timer)
                .add(
                        increase(then.count(), answers.count()),
                        increase(then.took().toNanos(), answers.took().toNanos()));
    }

    private TimedCell timer(Answer answer) {
        return counts.timer(Metric.LOOKUPS, tags.and("outcome", answer.outcome(), "rcode", answer.rcode()));
    }

    /** What was answered, in words of closed sets. */
    private record Answer(String outcome, String rcode) {}

    private static String outcome(Lookups answers) {
        return OUTCOMES.contains(answers.outcome()) ? answers.outcome() : ToldApart.OTHER;
    }

    private static String rcode(Lookups answers) {
        return answers.rcode().isEmpty()
                ? "none"
                : RCODES.contains(answers.rcode()) ? answers.rcode() : ToldApart.OTHER;
    }

    /** How these tiers are now; none while calls of none of their services go by them: then only what was counted is shown. */
    void show(List<OfTier> tiers) {
        if (tiers.isEmpty()) {
            state.ifPresent(State::remove);
            state = Optional.empty();
            return;
        }
        State shown = state.orElseGet(() -> new State(counts.another(), tags));
        state = Optional.of(shown);
        shown.set(tiers);
    }

    void remove() {
        counts.remove();
        state.ifPresent(State::remove);
    }

    /** A count that went back began anew: its service was forgotten meanwhile. */
    static long increase(long before, long now) {
        return now >= before ? now - before : now;
    }

    static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    /** What is so now, and is not counted. */
    private static final class State {

        private final MeterGroup group;
        private final Cell load;
        private final Cell panic;
        private final Cell known;
        private final Cell healthy;
        private final Cell ejected;
        private final Cell stale;

        State(MeterGroup group, Tags tags) {
            this.group = group;
            this.load = group.gauge(Metric.LOAD, tags);
            this.panic = group.gauge(Metric.PANIC, tags);
            this.known = group.gauge(Metric.ENDPOINTS, tags.and("state", "known"));
            this.healthy = group.gauge(Metric.ENDPOINTS, tags.and("state", "healthy"));
            this.ejected = group.gauge(Metric.ENDPOINTS, tags.and("state", "ejected"));
            this.stale = group.age(Metric.STALE_AGE, tags);
        }

        /** Of several: endpoints together, load on average, and the worst of the rest, so that it is not missed. */
        void set(List<OfTier> tiers) {
            load.set(tiers.stream().mapToInt(OfTier::load).average().orElse(0));
            panic.set(tiers.stream().anyMatch(OfTier::panic) ? 1 : 0);
            known.set(tiers.stream().mapToLong(OfTier::known).sum());
            healthy.set(tiers.stream().mapToLong(OfTier::healthy).sum());
            ejected.set(tiers.stream().mapToLong(OfTier::ejected).sum());
            stale.set(tiers.stream()
                    .mapToDouble(tier -> seconds(tier.stale()))
                    .max()
                    .orElse(0));
        }

        void remove() {
            group.remove();
        }
    }
}
