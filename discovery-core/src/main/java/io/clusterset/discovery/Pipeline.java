package io.clusterset.discovery;

import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.observe.ServiceCounts;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.EndpointSource.Watch;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One service's way from answers to a picker, while it is used. Lives on the serial executor; what other threads read goes to
 * {@link Current}.
 *
 * <p>Cold: home is asked at once, the other tiers when home has answered or been silent for 50 ms. The first picker appears
 * with home's endpoints; or with the next tier's once home has said it has none or been silent for 400 ms; or after 2 s with
 * whatever there is.
 */
final class Pipeline {

    private static final Duration HOME_IS_SLOW = Duration.ofMillis(50);
    private static final Duration HOME_IS_SILENT = Duration.ofMillis(400);
    private static final Duration COLD_DEADLINE = Duration.ofSeconds(2);
    private static final Duration REBUILDS_APART = Duration.ofMillis(100);
    private static final Duration URGENT_REBUILDS_APART = Duration.ofMillis(5);
    private static final Duration EARLY_REFRESHES_APART = Duration.ofSeconds(2);

    private static final Set<Verdict.State> SICK = EnumSet.of(Verdict.State.SUSPECT, Verdict.State.UNHEALTHY);

    private final ServiceName name;
    private final List<Tier> lookedUpIn;
    private final Optional<Probe> probe; // if not as all others are
    private final String subject; // of events
    private final Stages stages;
    private final Current current;
    private final List<TierState> tiers = new ArrayList<>();
    private final HealthView health;
    private final Failover failover;
    private final ServiceCounts counts;
    private final Decider decider;
    private final Alarm rebuild;
    private final Alarm cold;
    private final Map<Object, Watcher> watchers = new HashMap<>();
    private final List<Runnable> waiting = new ArrayList<>(); // for every tier's first answer
    private boolean silentHome;
    private boolean timeUp;
    private boolean decided; // once at least
    private boolean settled; // every tier has answered once, or had its time
    private boolean proven;
    private boolean crowdedOut; // by other new names
    private boolean closed;
    private long rebuiltAt;
    private final Changes changes;
    private Optional<Decision> last = Optional.empty();

    Pipeline(
            ServiceName name,
            Selection selection,
            List<Tier> lookedUpIn,
            Stages stages,
            Current current,
            Failover failover,
            ServiceCounts counts,
            Map<Object, Watcher> watchers) {
        this.name = name;
        this.lookedUpIn = lookedUpIn;
        this.probe = stages.now().probe(name);
        this.watchers.putAll(watchers);
        this.current = current;
        this.subject = selection.subject(name);
        this.stages = stages;
        this.changes = new Changes(subject, stages.log(), stages.ring());
        this.health = stages.health()
                .view(
                        isTcp(name.port()),
                        probe,
                        () -> scheduleRebuild(URGENT_REBUILDS_APART),
                        () -> scheduleRebuild(REBUILDS_APART));
        this.failover = failover;
        this.counts = counts;
        this.decider = new Decider(name, selection, lookedUpIn, stages, health, failover);
        this.rebuild = new Alarm(stages.ticker(), stages.scheduler(), stages.serial());
        this.cold = new Alarm(stages.ticker(), stages.scheduler(), stages.serial());
        this.rebuiltAt = stages.ticker().nanos() - REBUILDS_APART.toNanos();
        for (Tier tier : lookedUpIn) {
            tier.question(name).ifPresent(question -> tiers.add(new TierState(tier, question)));
        }
    }

    private static boolean isTcp(Port port) {
        return !(port instanceof Port.Named named) || named.protocol() == Port.Protocol.TCP;
    }

    /** Begins to ask. */
    void start() {
        tiers.get(0).watch();
        if (decided) {
            return; // it answered at once, and that was enough
        }
        cold.set(HOME_IS_SLOW, () -> {
            watchAll();
            cold.set(HOME_IS_SILENT.minus(HOME_IS_SLOW), () -> {
                silentHome = true;
                settleCold();
                cold.set(COLD_DEADLINE.minus(HOME_IS_SILENT), () -> {
                    timeUp = true;
                    decide();
                });
            });
        });
    }

    /** Has who waits for a first answer get what there is. */
    void giveUp() {
        if (!decided && current.first().getNumberOfDependents() > 0) {
            crowdedOut = true;
            timeUp = true;
            decide();
        }
    }

    boolean watched() {
        return !watchers.isEmpty();
    }

    /** Whether some tier has had an endpoint for it, or somebody watches it: then it is no made-up name. */
    boolean proven() {
        return proven || !watchers.isEmpty();
    }

    /** Whether every tier has answered, be it that there is nothing. */
    boolean answered() {
        return allAnswered();
    }

    /** Stops asking. */
    void close() {
        if (!closed) {
            changes.ends(last, stages.ticker().nanos());
        }
        closed = true;
        rebuild.cancel();
        cold.cancel();
        tiers.forEach(TierState::unwatch);
        watchers.clear();
        counts.rests(stages.ticker().nanos());
        health.close(); // nobody calls them, so nobody need probe them
        wakeExaminers();
    }

    private void wakeExaminers() {
        List<Runnable> woken = List.copyOf(waiting);
        waiting.clear();
        woken.forEach(Runnable::run);
    }

    void addWatcher(Object key, Consumer<Snapshot> listener) {
        Watcher watcher = new Watcher(subject, listener, stages);
        watchers.put(key, watcher);
        Decision now = current.decision();
        if (now != null) {
            watcher.tell(now.snapshot());
        }
    }

    void removeWatcher(Object key) {
        watchers.remove(key);
    }

    /** Waits until each tier has answered, probes what is known, decides, and runs the task. */
    void examine(boolean probe, Runnable done) {
        if (closed) {
            done.run(); // finds that it is closed, and says so
            return;
        }
        if (!allAnswered()) {
            waiting.add(() -> examine(probe, done));
            return;
        }
        Runnable decide = () -> {
            decide();
            done.run();
        };
        decide(); // so that health knows the endpoints
        if (probe) {
            health.probeNow(decide);
        } else {
            decide.run();
        }
    }

    private boolean allAnswered() {
        return tiers.stream().allMatch(TierState::hasAnswered);
    }

    private void watchAll() {
        tiers.forEach(TierState::watch);
    }

    private void tierAnswered() {
        if (closed) {
            return;
        }
        watchAll();
        if (!decided) {
            settleCold();
        } else if (!settled) {
            decide(); // a tier's first answer is worth a picker of its own
        } else {
            scheduleRebuild(REBUILDS_APART);
        }
        if (!waiting.isEmpty() && allAnswered()) {
            wakeExaminers();
        }
    }

    /** Decides for the first time, if enough is known or the time is up. */
    private void settleCold() {
        if (decided || closed) {
            return;
        }
        boolean all = allAnswered();
        boolean enough = false;
        boolean earlierOut = true; // every tier before this one has nothing, or home was silent for too long
        for (TierState tier : tiers) {
            boolean usable =
                    tier.answer.map(answer -> !answer.endpoints().isEmpty()).orElse(false);
            enough |= earlierOut && usable;
            earlierOut &= tier.answer.isPresent() ? !usable : silentHome;
        }
        boolean hurried = current.picker() == null || silentHome; // else calls go on as they did
        if (all || (enough && hurried)) {
            decide();
        }
    }

    private void scheduleRebuild(Duration apart) {
        if (closed || !decided) {
            return;
        }
        long since = stages.ticker().nanos() - rebuiltAt;
        rebuild.setIfSooner(Duration.ofNanos(Math.max(0, apart.toNanos() - since)), this::decide);
    }

    private void decide() {
        if (closed || current.closed() || !stages.now().enabled()) {
            return;
        }
        rebuiltAt = stages.ticker().nanos();
        rebuild.cancel();
        Decider.Decided made =
                decider.decide(tiers.stream().map(TierState::known).toList());
        made.recheck()
                .map(after -> after.compareTo(REBUILDS_APART) < 0 ? REBUILDS_APART : after)
                .ifPresent(after -> rebuild.setIfSooner(after, this::decide));
        Decision next = made.decision();
        if (!decided && !timeUp && !allAnswered() && next.mostLoaded().isEmpty()) {
            return; // none of those that are known is eligible: a tier that has yet to answer may have one
        }
        Optional<Decision> before = last.filter(held -> settled); // not what was provisional
        long since = changes.remember(made, before);
        boolean better = !(current.picker() instanceof SystemPicker) || !isBlind(next);
        if (better) { // switched on again, calls go by the system's resolver until there is somewhere to send them
            current.publish(next, made.picker(), since);
        }
        decided = true;
        if (timeUp || allAnswered()) {
            cold.cancel();
            settled = true;
            current.settle();
        }
        last = Optional.of(next);
        counts.decided(next);
        changes.decided(made);
        paceStandbys(next, made.homeIsSuspect());
        refreshEarly(next);
        List.copyOf(watchers.values()).forEach(watcher -> watcher.tell(next.snapshot()));
    }

    /** No endpoint, and not for want of one: who could tell was not heard. */
    private static boolean isBlind(Decision next) {
        return next.mostLoaded().isEmpty()
                && next.tiers().stream().anyMatch(tier -> tier.view().resolution() instanceof Resolution.Unknown);
    }

    /** While home carries everything, the others stand by: what they don't have is asked for ever more rarely. */
    private void paceStandbys(Decision next, boolean homeIsSuspect) {
        Decision.Tier home = next.tiers().get(0);
        boolean homeIsWell =
                home.load().percent() == 100 && !homeIsSuspect && !home.load().panic();
        for (TierState tier : tiers.subList(1, tiers.size())) {
            tier.standBy(homeIsWell);
        }
        health.standBy(next.tiers().stream()
                .skip(1)
                .filter(tier -> tier.load().percent() == 0)
                .flatMap(tier -> tier.candidates().stream().map(Candidate::endpoint))
                .toList());
    }

    /** A tier whose endpoints all refuse may have others by now: its source is asked before its answer ends. */
    private void refreshEarly(Decision next) {
        for (int i = 0; i < tiers.size(); i++) {
            List<Candidate> candidates = next.tiers().get(i).candidates();
            boolean refusing = !candidates.isEmpty()
                    && candidates.stream().map(c -> c.verdict().state()).allMatch(SICK::contains);
            if (refusing) {
                tiers.get(i).refreshEarly();
            }
        }
    }

    /** Whether another plan asks for the same in the same places. */
    boolean goesBy(Plan plan, List<Tier> tiersNow) {
        return tiersNow.equals(lookedUpIn) && plan.probe(name).equals(probe);
    }

    /** Who watches it: handed on to the one that takes its place. */
    Map<Object, Watcher> watchers() {
        return Map.copyOf(watchers);
    }

    /** What was held back from whom: handed on, too. */
    Failover failover() {
        return failover;
    }

    /** Another plan holds, which asks for the same. */
    void replanned() {
        scheduleRebuild(URGENT_REBUILDS_APART);
    }

    /** A drill began or ended. */
    void drilled() {
        scheduleRebuild(URGENT_REBUILDS_APART);
    }

    /** Asks all tiers anew and believes at once what they say. */
    void invalidate() {
        stages.log().accept(new Event.Trouble(subject, "invalidated: the application asks anew"));
        tiers.forEach(TierState::invalidate);
    }

    /** One tier of this service. */
    private final class TierState {
        private final Tier tier;
        private final CachingSource source;
        private final Question question;
        private Optional<Watch> watch = Optional.empty();
        private Optional<Resolution> answer = Optional.empty();
        private long answeredAt;
        private long foundAt;
        private List<Endpoint> former = List.of(); // of the last answer that had some
        private long goneAt; // when there were none any more
        private long refreshedEarlyAt;
        private boolean standingBy;

        TierState(Tier tier, Question question) {
            this.tier = tier;
            this.source = stages.sources().of(tier);
            this.question = question;
            this.answeredAt = stages.ticker().nanos();
            this.foundAt = answeredAt;
            this.refreshedEarlyAt = answeredAt - EARLY_REFRESHES_APART.toNanos();
        }

        void watch() {
            if (watch.isEmpty() && !closed) {
                watch = Optional.of(() -> {}); // the answer may come before watch() returns
                Watch real = source.watch(question, next -> stages.serial().execute(() -> resolved(next)));
                watch = Optional.of(real);
            }
        }

        void unwatch() {
            watch.ifPresent(Watch::close);
            watch = Optional.empty();
            standBy(false);
        }

        void standBy(boolean homeIsWell) {
            if (standingBy != homeIsWell) {
                standingBy = homeIsWell;
                source.standby(question, this, homeIsWell);
            }
        }

        /** Whether it has said something of now: a remembered "nothing here" whose time is over only says whom not to wait for. */
        boolean hasAnswered() {
            return answer.filter(said ->
                            !said.endpoints().isEmpty() || !said.freshFor().isZero())
                    .isPresent();
        }

        Decider.Known known() {
            return new Decider.Known(tier, lastAnswer(), answeredAt, foundAt, former, goneAt);
        }

        void refreshEarly() {
            long now = stages.ticker().nanos();
            if (now - refreshedEarlyAt >= EARLY_REFRESHES_APART.toNanos()) {
                refreshedEarlyAt = now;
                source.refresh(question, EndpointSource.Effort.NORMAL);
            }
        }

        void invalidate() {
            source.invalidate(question);
        }

        private Resolution lastAnswer() {
            return answer.orElseGet(() -> new Resolution.Unknown(
                    List.of(),
                    Duration.ZERO,
                    new Evidence(
                            watch.isPresent() ? List.of(question.text()) : List.of(),
                            "",
                            "",
                            crowdedOut
                                    ? "too many new names are looked up at once"
                                    : timeUp
                                            ? "no answer in " + COLD_DEADLINE.toSeconds() + " s"
                                            : watch.isEmpty()
                                                    ? "not asked yet"
                                                    : "not answered yet; what it says is used as soon as it comes",
                            List.of())));
        }

        private void resolved(Resolution next) {
            if (closed) {
                return;
            }
            counts.answered(tier.name(), next);
            Optional<Resolution> before = answer;
            boolean had = before.map(earlier -> !earlier.endpoints().isEmpty()).orElse(false);
            long foundBefore = foundAt;
            answer = Optional.of(next);
            answeredAt = stages.ticker().nanos();
            foundAt = source.foundAt(question).orElse(foundAt); // which may be from before this service rested
            if (!next.endpoints().isEmpty()) {
                former = next.endpoints();
                proven = true;
            } else if (had && next instanceof Resolution.Unknown) {
                former = List.of(); // kept for as long as it may be, and not a moment longer
            } else if (had) {
                goneAt = answeredAt;
            }
            changes.answered(
                    tier.name(), before, next, Duration.ofNanos(answeredAt - (next.stale() ? foundAt : foundBefore)));
            tierAnswered();
        }
    }
}
