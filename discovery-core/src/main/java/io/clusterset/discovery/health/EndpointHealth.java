package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one endpoint at one port. Counters are written on the callers' threads; the verdict is written on the
 * serial executor and read by any thread; only what may change the verdict is queued.
 */
final class EndpointHealth implements Outcomes {

    private static final int HARD_FAILURES = 3;
    private static final int VIP_PROBES = 3;
    private static final Duration VIP_PROBES_APART = Duration.ofMillis(20);
    private static final double SPREAD = 0.2;
    private static final Duration EJECTED_FOR = Duration.ofSeconds(30);
    private static final Duration TRIAL = Duration.ofSeconds(10);

    /** A mark is up to a period older than its attempt; half of one is the best guess. */
    private static final long LATE = OpenAttempts.PATIENCE + Pulse.PERIOD.toNanos() / 2;

    private static final int SEED = 20;

    private final InetSocketAddress address;
    private final boolean probes;
    private final Surroundings around;
    private final Tallies tallies = new Tallies();
    private final OpenAttempts open = new OpenAttempts(tallies);

    /** Hard failures with no success between; written on the callers' threads. */
    private final AtomicInteger hardInARow = new AtomicInteger();

    /** Null while there is nothing to measure; written on the callers' threads, let go on the serial executor. */
    private final AtomicReference<@Nullable SoftFailures> soft = new AtomicReference<>();

    private volatile Verdict verdict = Verdict.UNKNOWN;
    private volatile Outcome lastFailure = new Outcome.Abandoned();
    private volatile Phase phase = Phase.NONE;
    private volatile long trialSince;

    /** Of this trial: how many attempts were let through, and how many have ended with something to say. */
    private final AtomicInteger admitted = new AtomicInteger();

    private final AtomicInteger trialEnded = new AtomicInteger();
    private volatile boolean onlyOne;

    /** How many attempts succeeded of late, {@value #SEED} at most: written at each beat. */
    private volatile int lately;

    private volatile long countedByBeat;

    /** Whether somebody watches its failures against its tier's; set by callers, cleared when all is calm. */
    private volatile boolean compared;

    // All below: used on the serial executor.
    private final List<User> users = new ArrayList<>();
    private final Ejections ejections;
    private final ProbesAlone probesAlone;
    private final Alarm nextProbe;
    private boolean timedOut;
    private boolean probing;
    private long probedSince;
    private int refusedProbes;
    private int failedProbes;
    private int passedProbes;
    private long countedSuccesses;
    private long countedBegun;
    private long succeededByBeatAt; // the beat that noticed the last success
    private boolean everSucceeded;
    private long succeededAt; // as far as was looked: counting costs callers nothing, reading a clock would
    private boolean openForTooLong;
    private long leftAt;

    EndpointHealth(InetSocketAddress address, boolean probed, Surroundings around) {
        this.address = address;
        this.probes = probed && around.options.probes();
        this.around = around;
        this.ejections = new Ejections(around.ticker, around.random);
        this.probesAlone = new ProbesAlone(around.ticker, tallies);
        this.nextProbe = new Alarm(around.ticker, around.scheduler, around.serial);
    }

    InetSocketAddress address() {
        return address;
    }

    Verdict verdict() {
        return verdict;
    }

    long succeeded() {
        return tallies.succeeded();
    }

    long failed() {
        return tallies.failed();
    }

    /** Looks whether an attempt has succeeded since the last look. */
    void look() {
        long now = tallies.succeeded();
        if (now != countedSuccesses) {
            countedSuccesses = now;
            progressed();
        }
    }

    private void progressed() {
        everSucceeded = true;
        succeededAt = around.ticker.nanos();
    }

    /** How long ago an attempt or a probe last succeeded, to the precision of {@link #look}; empty if never. */
    Optional<Duration> sinceSuccess() {
        look();
        return everSucceeded ? Optional.of(Duration.ofNanos(around.ticker.nanos() - succeededAt)) : Optional.empty();
    }

    /** Whether picks go to it, its tier's cap on those left out aside. */
    Use use() {
        return switch (verdict.state()) {
            case HEALTHY, UNKNOWN -> Use.IN_TURN;
            case UNHEALTHY -> Use.LEFT_OUT;
            case SUSPECT -> {
                if (onlyOne && !timedOut) {
                    yield Use.IN_TURN; // a refused call costs a retry and nothing more
                }
                yield phase == Phase.TRIAL ? Use.ON_TRIAL : Use.PASSED_OVER;
            }
        };
    }

    /** Since when it has been left out for failing softly, a trial included; empty if it is not. */
    Optional<Long> ejectedAt() {
        return phase == Phase.NONE ? Optional.empty() : Optional.of(ejections.began());
    }

    boolean onTrial() {
        return phase == Phase.TRIAL;
    }

    void onlyOne(boolean ofItsTier) {
        if (onlyOne != ofItsTier) {
            onlyOne = ofItsTier;
        }
    }

    void usedBy(User user) {
        users.add(user);
        if (probing || nextProbe.left().isPresent()) {
            return;
        }
        if (phase != Phase.NONE) {
            tryAgain(); // its time came while nobody used it
        } else if (isSick()) {
            lookAgain(); // nobody asked while nobody used it
        } else if (probesAlways()) {
            nextProbe.set(
                    Backoff.spread(around.options.probeInterval().dividedBy(2), 1, around.random), this::probeAnyway);
        }
    }

    private boolean probesAlways() {
        return probes && around.options.probesAlways();
    }

    private boolean isSick() {
        return verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY;
    }

    /** The next probe; without probes, a trial: it is called again and judged anew. */
    private void lookAgain() {
        if (probes) {
            nextProbe.set(pause(), this::probe);
        } else {
            nextProbe.set(pause(), () -> {
                hardInARow.set(0);
                timedOut = false;
                change(Verdict.UNKNOWN);
            });
        }
    }

    private Duration pause() {
        return Backoff.spread(around.options.probeInterval(), SPREAD, around.random);
    }

    void leftBy(User user) {
        users.remove(user);
        notCompared(); // not by this one; if another still does, it is told once more and that's all
        leftAt = around.ticker.nanos();
        if (users.isEmpty() && phase == Phase.NONE) {
            nextProbe.cancel();
        }
    }

    /** How long no service has used it. */
    Duration unusedFor() {
        return Duration.ofNanos(around.ticker.nanos() - leftAt);
    }

    boolean unused() {
        return users.isEmpty();
    }

    void stop() {
        nextProbe.cancel();
    }

    // --- on the callers' threads

    @Override
    public long began() {
        long mark = around.pulse.mark(); // first: one that is counted must not seem younger than a look at the counts
        tallies.began();
        around.pulse.wake(); // again: it may have gone to rest before it could see this one
        return mark;
    }

    @Override
    public boolean admits() {
        SoftFailures measured = soft.get();
        boolean admits = measured != null && phase == Phase.TRIAL && measured.admits();
        if (admits) {
            admitted.incrementAndGet();
        }
        return admits;
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded) {
            tallies.succeeds();
            if (hardInARow.get() != 0) {
                hardInARow.set(0);
            }
            measure(mark, true);
            if ((verdict.state() != State.HEALTHY && phase == Phase.NONE) || open.wasWrittenOff(mark)) {
                around.serial.execute(() -> answered(mark));
            }
        } else if (!saysSomething(outcome) || around.pulse.stoodStillSince(mark)) {
            tallies.saysNothing();
        } else {
            tallies.fails();
            lastFailure = outcome;
            if (outcome instanceof Outcome.FailedHard hard) {
                failsHard(hard);
            }
            if (outcome instanceof Outcome.FailedSoft || onlyOne || soft.get() != null) {
                measure(mark, false);
                compare();
            }
            if (outcome instanceof Outcome.FailedSoft && around.ticker.nanos() - mark >= LATE) {
                around.serial.execute(() -> endedLate(mark));
            }
        }
        open.ended(mark);
    }

    private static boolean saysSomething(Outcome failure) {
        return failure instanceof Outcome.FailedHard || failure instanceof Outcome.FailedSoft;
    }

    private void failsHard(Outcome.FailedHard hard) {
        int row = hardInARow.incrementAndGet();
        if (row <= HARD_FAILURES || verdict.state() == State.HEALTHY || phase != Phase.NONE) {
            around.serial.execute(() -> failedHard(hard));
        }
    }

    private void measure(long mark, boolean success) {
        SoftFailures measured = soft.get();
        if (measured == null && success) {
            return;
        }
        boolean trial = phase == Phase.TRIAL;
        if (phase == Phase.EJECTED || (trial && mark - trialSince < 0)) {
            return; // began before it was left out: known already
        }
        if (trial) {
            trialEnded.incrementAndGet();
        }
        if (measured != null && success) {
            measured.succeeded();
        } else {
            measured = countFailure();
        }
        if (measured.tooMany() || (trial && measured.few())) {
            SoftFailures judged = measured;
            around.serial.execute(() -> judge(judged));
        }
    }

    /** Under the lock that letting go takes: what is counted stays. Successes take none, since losing one loses nothing. */
    private SoftFailures countFailure() {
        synchronized (soft) {
            SoftFailures measured = soft.get();
            if (measured == null) {
                // those that went well just before count too: one bad moment is not half of all calls
                measured = new SoftFailures(around.ticker, succeededLately());
                soft.set(measured);
            }
            measured.failed();
            return measured;
        }
    }

    private void measureAnew() {
        synchronized (soft) {
            soft.set(null);
        }
    }

    private int succeededLately() {
        return (int) Math.min(SEED, lately + Math.max(0, tallies.succeeded() - countedByBeat));
    }

    private void compare() {
        if (!compared) {
            compared = true;
            around.serial.execute(() -> List.copyOf(users).forEach(User::fails));
        }
    }

    // --- on the serial executor

    /** Nobody compares it any more: the next failure says so again. */
    void notCompared() {
        compared = false;
    }

    /** A call succeeded: it works, whatever was thought. */
    private void answered(long mark) {
        refusedProbes = 0;
        probesAlone.confirm();
        if (openForTooLong || open.wasWrittenOff(mark)) { // probes may have brought it back before
            openForTooLong = false;
            open.slowButWell(around.pulse.mark() - mark);
        }
        if (verdict.state() != State.HEALTHY && phase == Phase.NONE) {
            nextProbe.cancel();
            change(recovered("a call succeeded"));
            keepProbing();
        }
    }

    /** One that is probed whatever happens still is. */
    private void keepProbing() {
        if (!probing && !unused()) {
            probeNext();
        }
    }

    private Verdict recovered(String how) {
        return verdict.state() == State.UNKNOWN ? Verdict.HEALTHY : new Verdict(State.HEALTHY, how);
    }

    private void failedHard(Outcome.FailedHard failure) {
        int row = hardInARow.get();
        if (unused() || row == 0) { // 0: a success came after it
            return;
        }
        boolean staysOut = phase != Phase.EJECTED || onlyOne || row < HARD_FAILURES;
        if (verdict.state() == State.UNHEALTHY && staysOut) {
            return;
        }
        timedOut |= failure.timedOut();
        passedProbes = 0;
        boolean enough = row >= HARD_FAILURES && (!onlyOne || !probes || refusedProbes >= VIP_PROBES);
        if (enough) {
            unhealthy(failure.reason());
        } else if (verdict.state() != State.SUSPECT || phase == Phase.TRIAL) {
            suspect(failure.reason());
        } else if (row >= HARD_FAILURES && probes && !probing && refusedProbes == 0) {
            probe(); // it passed before these failures: that is news, and the next one is seconds away
        }
    }

    private void suspect(String why) {
        leavePhase();
        probesAlone.relapse();
        failedProbes = 0;
        change(new Verdict(State.SUSPECT, why));
        if (!probes) {
            lookAgain();
        } else if (!probing) {
            probe();
        }
    }

    /** What softly failing had led to is overtaken. */
    private void leavePhase() {
        if (phase != Phase.NONE) {
            phase = Phase.NONE;
            measureAnew();
            nextProbe.cancel();
        }
    }

    /**
     * Looks at what is open, once a beat.
     *
     * @return whether anything happened since the last beat, or may yet
     */
    boolean beat(long now) {
        long begun = tallies.begun();
        boolean active = begun != countedBegun;
        countedBegun = begun;
        long succeeded = tallies.succeeded();
        lately = (int) Math.min(SEED, succeeded - countedByBeat + lately * (long) (SEED - 1) / SEED);
        if (succeeded != countedByBeat) {
            countedByBeat = succeeded;
            succeededByBeatAt = now;
        }
        look();
        SoftFailures measured = soft.get();
        if (measured != null && phase == Phase.NONE && measured.calm()) {
            synchronized (soft) {
                if (measured.calm()) { // still
                    soft.compareAndSet(measured, null);
                }
            }
        }
        if (open.overdue(now)) {
            open.writeOff(around.pulse.exact());
            if (!unused()) {
                overdue();
            }
        }
        return active || open.any();
    }

    /** A caller gave up just before the beat would have found its attempt open for too long. */
    private void endedLate(long mark) {
        boolean noneSince = tallies.succeeded() == countedByBeat && succeededByBeatAt - mark <= 0;
        if (noneSince
                && !unused()
                && !isSick()
                && around.ticker.nanos() - mark >= open.patience() + LATE - OpenAttempts.PATIENCE) {
            overdue();
        }
    }

    private void overdue() {
        String why = "an attempt has been open for " + seconds(open.patience()) + ", none succeeded since";
        if (phase == Phase.TRIAL) {
            eject("its trial failed: " + why);
        } else if (!isSick()) {
            timedOut = true;
            openForTooLong = true;
            suspect(why);
        } else if (verdict.state() == State.SUSPECT && !timedOut) {
            timedOut = true;
            change(new Verdict(State.SUSPECT, why));
        }
    }

    private static String seconds(long nanos) {
        return nanos / 1_000_000_000 + " s";
    }

    /** The tier it belongs to does much better. */
    void outlier(String why) {
        if (phase == Phase.NONE && verdict.state() != State.UNHEALTHY) {
            synchronized (soft) {
                soft.compareAndSet(null, new SoftFailures(around.ticker, 0));
            }
            eject(withLast(why));
        }
    }

    /** A rate alone does not say whether it was 503 or 404. */
    private String withLast(String rate) {
        Outcome last = lastFailure;
        String reason = last instanceof Outcome.FailedHard hard
                ? hard.reason()
                : last instanceof Outcome.FailedSoft softly ? softly.reason() : "";
        return reason.isEmpty() ? rate : rate + ", the last: " + Text.safe(reason);
    }

    /** The breaker opened, or a trial is over. */
    private void judge(SoftFailures judged) {
        if (soft.get() != judged || unused()) {
            return;
        }
        if (phase == Phase.TRIAL && judged.few()) {
            phase = Phase.NONE;
            nextProbe.cancel();
            ejections.end();
            change(recovered("its trial went well"));
            keepProbing();
        } else if (phase != Phase.EJECTED
                && judged.tooMany()
                && (phase == Phase.TRIAL || verdict.state() != State.UNHEALTHY)) {
            if (phase == Phase.TRIAL) {
                eject("its trial failed: " + withLast(judged.words()));
            } else if (probes && hardInARow.get() > 0) {
                // nobody listens: probes tell when somebody does, a trial would cost calls
                unhealthy(withLast(judged.words()));
            } else {
                eject(withLast(judged.words()));
            }
        }
    }

    private void eject(String why) {
        SoftFailures measured = soft.get();
        if (measured != null) {
            measured.leaveOut();
        }
        probesAlone.relapse();
        // a tier that is a single address comes back by steps of its own: no need to be careful twice
        Duration base = onlyOne ? around.options.probeInterval() : EJECTED_FOR;
        Duration time = ejections.begin(why, base, phase == Phase.TRIAL);
        phase = Phase.EJECTED;
        hardInARow.set(0);
        nextProbe.set(time, this::tryAgain);
        change(new Verdict(State.UNHEALTHY, why));
    }

    private void tryAgain() {
        SoftFailures measured = soft.get();
        if (measured == null) {
            return;
        }
        if (phase == Phase.EJECTED || admitted.get() > trialEnded.get()) { // what never ended is permitted anew
            admitted.set(0);
            trialEnded.set(0);
            trialSince = around.pulse.exact();
            measured.beginTrial();
            phase = Phase.TRIAL;
            timedOut = false;
        }
        nextProbe.set(TRIAL, this::tryAgain);
        if (verdict.state() != State.SUSPECT) {
            change(new Verdict(State.SUSPECT, ejections.trial()));
        }
    }

    /** Probes it although nothing is held against it, if there is room. */
    void probeAnyway() {
        if (!isSick() && !probing && !unused() && probes) {
            probe();
        }
    }

    private void probe() {
        probing = true;
        nextProbe.cancel();
        probedSince = around.pulse.mark();
        if (isSick()) {
            around.gate.probe(address, around.options.probeTimeout(), this::probed);
        } else if (!around.gate.probeIfIdle(address, around.options.probeTimeout(), this::probed)) {
            probing = false;
            probeNext();
        }
    }

    private void probed(Prober.Result result) {
        probing = false;
        if (unused()) {
            return;
        }
        if (result instanceof Prober.Passed) {
            if (isSick()) {
                progressed(); // unasked, that something listens says nothing: pods' addresses are reused
            }
            refusedProbes = 0;
            failedProbes = 0;
            passedProbes++;
            passed();
        } else if (!around.pulse.stoodStillSince(probedSince)) {
            passedProbes = 0;
            failedProbes++;
            judgeFailedProbe(result);
        }
        if (!probing && phase == Phase.NONE) {
            probeNext();
        }
    }

    private void probeNext() {
        if (isSick()) {
            boolean hurried = verdict.state() == State.SUSPECT && refusedProbes > 0 && refusedProbes < VIP_PROBES;
            nextProbe.set(hurried ? VIP_PROBES_APART : pause(), this::probe);
        } else if (probesAlways()) {
            nextProbe.set(pause(), this::probeAnyway);
        }
    }

    private void passed() {
        if (verdict.state() == State.UNKNOWN) {
            change(Verdict.HEALTHY);
        } else if (isSick()
                && phase == Phase.NONE
                && passedProbes >= around.options.healthyAfter()
                && probesAlone.suffice()) {
            hardInARow.set(0);
            openForTooLong = false;
            probesAlone.bringBack();
            change(recovered(passedProbes + (passedProbes == 1 ? " probe passed" : " probes passed")));
        }
    }

    private void judgeFailedProbe(Prober.Result result) {
        String why = words(result);
        if (result instanceof Prober.Refused) {
            refusedProbes++;
        } else {
            timedOut = true;
        }
        if (!isSick()) {
            if (failedProbes >= around.options.unhealthyAfter()) {
                suspect(why); // and asks once more, at once
            }
            return;
        }
        if (verdict.state() != State.SUSPECT || phase != Phase.NONE) {
            return;
        }
        boolean calledToo = hardInARow.get() > 0 && !timedOut; // passed over, it will not be called a third time
        boolean settled = !onlyOne
                || result instanceof Prober.TimedOut
                || (refusedProbes >= VIP_PROBES && (!calledToo || hardInARow.get() >= HARD_FAILURES));
        if (settled && failedProbes >= around.options.unhealthyAfter()) {
            unhealthy(why);
        }
    }

    /** Probes on somebody's wish and settles the verdict by that alone. */
    void examine(Runnable done) {
        if (probes) {
            examine(1, done);
        } else {
            done.run();
        }
    }

    private void examine(int nth, Runnable done) {
        around.gate.probe(address, around.options.probeTimeout(), result -> {
            if (result instanceof Prober.Passed) {
                hardInARow.set(0);
                answered(around.pulse.mark());
            } else if (result instanceof Prober.Refused && onlyOne && nth < VIP_PROBES) {
                around.scheduler.schedule(VIP_PROBES_APART, () -> around.serial.execute(() -> examine(nth + 1, done)));
                return;
            } else {
                unhealthy(words(result));
            }
            done.run();
        });
    }

    private void unhealthy(String why) {
        leavePhase();
        if (verdict.state() != State.UNHEALTHY || !verdict.reason().equals(why)) {
            probesAlone.relapse();
            passedProbes = 0;
            change(new Verdict(State.UNHEALTHY, why));
        }
        if (!probing && nextProbe.left().isEmpty()) {
            lookAgain();
        }
    }

    private void change(Verdict next) {
        Verdict before = verdict;
        boolean back = before.state() == State.UNHEALTHY && next.state() != State.UNHEALTHY;
        if (back && phase == Phase.NONE) {
            measureAnew(); // what it did while it was out has been judged: a window full of that would judge it again
        }
        verdict = next;
        if (next.state() == State.HEALTHY) {
            timedOut = false;
            passedProbes = 0;
            refusedProbes = 0;
            failedProbes = 0;
        }
        if (before.state() != State.UNKNOWN || next.state() != State.HEALTHY) {
            around.events.accept(new Event.VerdictChanged(show(), before, next));
        }
        List.copyOf(users).forEach(User::changed);
    }

    private String words(Prober.Result result) {
        return result instanceof Prober.Refused refused
                ? refused.why()
                : "probe timed out after " + around.options.probeTimeout().toMillis() + " ms";
    }

    private String show() {
        return Endpoint.of(address.getAddress(), address.getPort()).authority();
    }

    /** {@code probe of 10.0.0.1:80 in 3000 ms}, if one is scheduled. */
    Optional<String> next() {
        if (!isSick()) {
            return Optional.empty();
        }
        String what = switch (phase) {
            case NONE -> "probe of ";
            case EJECTED -> "trial of ";
            case TRIAL -> "more attempts for the trial of ";
        };
        return nextProbe.left().map(left -> what + show() + " in " + shortly(left));
    }

    private static String shortly(Duration left) {
        return left.toSeconds() < 1 ? left.toMillis() + " ms" : left.toSeconds() + " s";
    }

    /** Where failing softly has led to. */
    private enum Phase {
        NONE,
        EJECTED,
        TRIAL
    }

    /** A service that uses the endpoint; told on the serial executor. */
    interface User {
        /** Its verdict or use changed. */
        void changed();

        /** It fails: how do the others of its tier do? */
        void fails();
    }

    /**
     * What all endpoints share.
     *
     * @param options how to judge
     * @param gate where probes wait their turn
     * @param pulse the callers' clock
     * @param ticker time
     * @param scheduler later
     * @param serial the executor all this runs on
     * @param random jitter
     * @param events where transitions are told
     */
    record Surroundings(
            HealthOptions options,
            ProbeGate gate,
            Pulse pulse,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random,
            EventSink events) {}
}
