package io.clusterset.discovery.health;

import io.clusterset.discovery.health.EndpointHealth.Surroundings;
import io.clusterset.discovery.health.EndpointHealth.User;
import io.clusterset.discovery.health.ProbeGate.Answer;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint of which there is more to say than a verdict: its failures, what is held against it, and how it comes back.
 * Failures and successes are counted on the callers' threads; the rest happens on the serial executor, and only what may
 * change the verdict is queued there.
 */
final class Case implements Standing {

    private static final int HARD_FAILURES = 3;
    private static final int VIP_PROBES = 3;
    private static final Duration VIP_PROBES_APART = Duration.ofMillis(20);
    private static final double SPREAD = 0.2;
    private static final Duration EJECTED_FOR = Duration.ofSeconds(30);
    private static final Duration TRIAL = Duration.ofSeconds(10);

    private final EndpointHealth whose;
    private final Surroundings around;
    private final OpenAttempts writtenOff = new OpenAttempts();

    /** Hard failures with no success between; written on the callers' threads. */
    private final AtomicInteger hardInARow = new AtomicInteger();

    /** Written under the endpoint's lock, but for its end. */
    private volatile Silence silence = Silence.NONE;

    /** Null while there is nothing to measure; written under the endpoint's lock. */
    private volatile @Nullable SoftFailures soft;

    private final AtomicInteger failed; // written under the endpoint's lock
    private volatile @Nullable Stripes stripes; // written under the endpoint's lock
    private volatile Verdict verdict;
    private volatile Outcome lastFailure = new Outcome.Abandoned();
    private volatile Phase phase = Phase.NONE;
    private volatile long trialSince;

    /** Of this trial: how many attempts were let through, and how many have ended with something to say. */
    private final AtomicInteger admitted = new AtomicInteger();

    private final AtomicInteger trialEnded = new AtomicInteger();

    /** Whether somebody watches its failures against its tier's; set by callers, cleared when all is calm. */
    private volatile boolean compared;

    // All below: used on the serial executor.
    private final Ejections ejections;
    private final ProbesAlone probesAlone;
    private final Alarm nextProbe;
    private long patience;
    private boolean timedOut;
    private boolean probing;
    private int examinations; // under way
    private long probedSince;
    private int refusedProbes;
    private int failedProbes;
    private int passedProbes;
    private int probePassedAt = EndpointHealth.NEVER; // while something was held against it
    private boolean openForTooLong;

    Case(EndpointHealth whose, Surroundings around, Standing before) {
        this.whose = whose;
        this.around = around;
        this.verdict = before.verdict();
        this.failed = new AtomicInteger(before.failed());
        this.patience = before.patience();
        this.stripes = before.stripes();
        this.ejections = new Ejections(around.ticker(), around.random());
        this.probesAlone = new ProbesAlone(around.ticker(), whose::succeeded);
        this.nextProbe = new Alarm(around.ticker(), around.scheduler(), around.serial());
    }

    @Override
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public int failed() {
        return failed.get();
    }

    @Override
    public long patience() {
        return patience;
    }

    @Override
    public @Nullable Stripes stripes() {
        return stripes;
    }

    @Override
    public Standing striped(Stripes counters) {
        stripes = counters;
        return this;
    }

    EndpointHealth whose() {
        return whose;
    }

    Use use() {
        return switch (verdict.state()) {
            case HEALTHY, UNKNOWN -> Use.IN_TURN;
            case UNHEALTHY -> Use.LEFT_OUT;
            case SUSPECT -> {
                if (whose.onlyOne() && !timedOut) {
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

    private boolean isSick() {
        return verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY;
    }

    // --- on the callers' threads

    boolean admits() {
        SoftFailures measured = soft;
        boolean admits = measured != null && phase == Phase.TRIAL && measured.admits();
        if (admits) {
            admitted.incrementAndGet();
        }
        return admits;
    }

    /** An attempt has ended well and been counted. */
    void succeeded(long mark) {
        if (hardInARow.get() != 0) {
            hardInARow.set(0);
        }
        answers();
        SoftFailures measured = soft;
        if (measured != null && concerns(mark)) {
            boolean trial = countsForTrial();
            measured.succeeded();
            judgeSoon(measured, trial);
        }
        if ((verdict.state() != State.HEALTHY && phase == Phase.NONE) || writtenOff.wasWrittenOff(mark)) {
            around.serial().execute(() -> answered(mark));
        }
        ended(mark);
    }

    /** An attempt has ended and been counted. */
    void ended(long mark) {
        writtenOff.ended(mark);
    }

    /** Under the endpoint's lock; what follows is {@link #failed(long, Outcome, Failure)}, without it. */
    Failure count(long mark, Outcome failure) {
        failed.incrementAndGet();
        lastFailure = failure;
        int row = failure instanceof Outcome.FailedHard ? hardInARow.incrementAndGet() : 0;
        SoftFailures measured = soft;
        boolean inVain = failure instanceof Outcome.FailedSoft softly && isInVain(mark, softly);
        boolean measures = failure instanceof Outcome.FailedSoft || whose.onlyOne() || measured != null;
        if (!measures || !concerns(mark)) {
            return new Failure(row, measures, null, false, false);
        }
        boolean trial = countsForTrial();
        if (measured == null) {
            // those that went well just before count too: one bad moment is not half of all calls
            measured = new SoftFailures(around.ticker(), whose.succeededLately());
            soft = measured;
        }
        measured.failed();
        return new Failure(row, true, measured, trial, inVain);
    }

    private boolean isInVain(long mark, Outcome.FailedSoft failure) {
        if (!failure.timedOut()) {
            answers(); // whatever it said
            return false;
        }
        long now = around.ticker().nanos();
        boolean inVain = Silence.waited(mark, now);
        if (inVain) {
            silence = silence.and(mark, now);
        }
        return inVain;
    }

    private void answers() {
        if (silence.nanos() != 0) {
            silence = Silence.NONE;
        }
    }

    /** Whether how an attempt with this mark ended says anything: not if it began before it was left out. */
    private boolean concerns(long mark) {
        return phase == Phase.NONE || (phase == Phase.TRIAL && mark - trialSince >= 0);
    }

    private boolean countsForTrial() {
        boolean trial = phase == Phase.TRIAL;
        if (trial) {
            trialEnded.incrementAndGet();
        }
        return trial;
    }

    void failed(long mark, Outcome failure, Failure counted) {
        if (failure instanceof Outcome.FailedHard hard) {
            if (counted.row <= HARD_FAILURES || verdict.state() == State.HEALTHY || phase != Phase.NONE) {
                around.serial().execute(() -> failedHard(hard));
            }
        }
        if (counted.measured != null) {
            judgeSoon(counted.measured, counted.trial);
        }
        if (counted.compares) {
            compare();
        }
        if (counted.inVain && silence.nanos() >= OpenAttempts.PATIENCE) {
            around.serial().execute(this::gaveUp);
        }
        ended(mark);
    }

    private void judgeSoon(SoftFailures measured, boolean trial) {
        if (measured.tooMany() || (trial && measured.few())) {
            around.serial().execute(() -> judge(measured));
        }
    }

    private void compare() {
        if (!compared) {
            compared = true;
            around.serial().execute(() -> whose.users().forEach(User::fails));
        }
    }

    private void measureAnew() {
        synchronized (whose) {
            soft = null;
        }
    }

    // --- on the serial executor

    /** One more service uses it. */
    void used() {
        if (probing || nextProbe.left().isPresent()) {
            return;
        }
        if (phase != Phase.NONE) {
            tryAgain(); // its time came while nobody used it
        } else if (isSick()) {
            lookAgain(); // nobody asked while nobody used it
        } else if (around.probesAlways()) {
            nextProbe.set(
                    Backoff.spread(around.options().probeInterval().dividedBy(2), 1, around.random()), this::look);
        }
    }

    /** Settings have changed; what is under way, or left out for failing softly, finds that out by itself. */
    void reconfigured() {
        if (probing || phase != Phase.NONE || whose.unused()) {
            return;
        }
        boolean waits = nextProbe.left().isPresent();
        if (isSick() || (waits && around.probesAlways())) {
            nextProbe.setIfSooner(pause(), this::look);
        } else if (around.probesAlways()) {
            used();
        } else if (waits) {
            nextProbe.cancel();
            notProbedAnyMore();
        }
    }

    /** One service fewer does. */
    void left() {
        notCompared(); // not by this one; if another still does, it is told once more and that's all
        if (whose.unused() && phase == Phase.NONE) {
            nextProbe.cancel();
        }
    }

    void stop() {
        nextProbe.cancel();
    }

    void notCompared() {
        compared = false;
    }

    /** Whether it can be closed, unless it fails at this moment. */
    boolean isOver() {
        boolean nothingDue = !probing && examinations == 0 && nextProbe.left().isEmpty() && phase == Phase.NONE;
        boolean nothingHeld = !isSick() && !openForTooLong && refusedProbes == 0 && failedProbes == 0;
        return nothingDue
                && nothingHeld
                && probesAlone.isForgotten()
                && ejections.areForgiven()
                && (writtenOff.isBlank() || allEnded());
    }

    private boolean allEnded() {
        int ended = whose.ended(); // before what began
        return whose.begun() - ended <= 0;
    }

    /** Whether callers have nothing to say against it; under the endpoint's lock. */
    boolean isCalm() {
        return hardInARow.get() == 0 && soft == null && silence.nanos() == 0;
    }

    /** When an attempt or a probe last succeeded, if attempts did then. */
    int lastSuccess(int attempt) {
        boolean probe = attempt == EndpointHealth.NEVER || probePassedAt - attempt > 0;
        return probePassedAt != EndpointHealth.NEVER && probe ? probePassedAt : attempt;
    }

    /** One beat: counts that all ended, of what began, and how many of them count as ended. */
    int beat(int ended, int begun) {
        if (begun - ended <= 0) {
            writtenOff.settle();
        }
        SoftFailures measured = soft;
        if (measured != null && phase == Phase.NONE && measured.calm()) {
            synchronized (whose) {
                if (measured.calm()) { // still
                    soft = null;
                }
            }
        }
        return writtenOff.corrected(ended);
    }

    int corrected(int ended) {
        return writtenOff.corrected(ended);
    }

    /** A call succeeded: it works, whatever was thought. */
    void answered(long mark) {
        refusedProbes = 0;
        probesAlone.confirm();
        if (openForTooLong || writtenOff.wasWrittenOff(mark)) { // probes may have brought it back before
            openForTooLong = false;
            patience = OpenAttempts.patience(patience, around.pulse().mark() - mark);
        }
        if (verdict.state() != State.HEALTHY && phase == Phase.NONE) {
            nextProbe.cancel();
            change(recovered("a call succeeded"));
            keepProbing();
        }
    }

    /** One that is probed whatever happens still is. */
    private void keepProbing() {
        if (!probing && !whose.unused()) {
            probeNext();
        }
    }

    private Verdict recovered(String how) {
        return verdict.state() == State.UNKNOWN ? Verdict.HEALTHY : new Verdict(State.HEALTHY, how);
    }

    private void failedHard(Outcome.FailedHard failure) {
        int row = hardInARow.get();
        if (whose.unused() || row == 0) { // 0: a success came after it
            return;
        }
        boolean staysOut = phase != Phase.EJECTED || whose.onlyOne() || row < HARD_FAILURES;
        if (verdict.state() == State.UNHEALTHY && staysOut) {
            return;
        }
        timedOut |= failure.timedOut();
        passedProbes = 0;
        boolean enough = row >= HARD_FAILURES && (!whose.onlyOne() || !around.probes() || refusedProbes >= VIP_PROBES);
        if (enough) {
            unhealthy(failure.reason());
        } else if (verdict.state() != State.SUSPECT || phase == Phase.TRIAL) {
            suspect(failure.reason());
        } else if (row >= HARD_FAILURES && around.probes() && !probing && refusedProbes == 0) {
            probe(); // it passed before these failures: that is news, and the next one is seconds away
        }
    }

    private void suspect(String why) {
        leavePhase();
        probesAlone.relapse();
        failedProbes = 0;
        passedProbes = 0; // while nothing was held against it: that is not its way back
        change(new Verdict(State.SUSPECT, why));
        if (!around.probes()) {
            lookAgain();
        } else if (!probing) {
            probe();
        }
    }

    private void lookAgain() {
        nextProbe.set(pause(), this::look);
    }

    /** Its time has come; what is done depends on what it is, and how settings are, by now. */
    private void look() {
        if (probing) {
            return; // the answer sees to what comes next
        }
        if (isSick()) {
            if (around.probes()) {
                probe();
            } else {
                callAgain();
            }
        } else if (around.probesAlways()) {
            probeAnyway();
        } else {
            notProbedAnyMore();
        }
    }

    /** Without probes, a trial: it is judged anew. */
    private void callAgain() {
        hardInARow.set(0);
        timedOut = false;
        forgetProbes();
        change(Verdict.UNKNOWN);
    }

    /** It is well, and only the sick are probed from now on. */
    private void notProbedAnyMore() {
        forgetProbes();
        whose.closeIfWell();
    }

    private void forgetProbes() {
        passedProbes = 0;
        refusedProbes = 0;
        failedProbes = 0;
    }

    private Duration pause() {
        return Backoff.spread(around.options().probeInterval(), SPREAD, around.random());
    }

    /** What softly failing had led to is overtaken. */
    private void leavePhase() {
        if (phase != Phase.NONE) {
            phase = Phase.NONE;
            measureAnew();
            nextProbe.cancel();
        }
    }

    /** Callers gave up, each before a beat would have found its attempt open for too long. */
    private void gaveUp() {
        Silence now = sinceLastSuccess();
        if (now.nanos() >= patience && !whose.unused() && phase == Phase.NONE) { // a trial is judged by its attempts
            isBlackHole(now.attempts() == 1 ? openTooLong() : now.words());
        }
    }

    /** An attempt may have begun before the last success, and its success may have met with a failure's count. */
    private Silence sinceLastSuccess() {
        synchronized (whose) {
            Silence now = silence;
            if (!whose.noneSucceededSince(now.began())) {
                now = now.since(whose.lastSucceeded());
                silence = now;
            }
            return now;
        }
    }

    /** A beat has found an attempt open for too long. */
    void overdue() {
        long mark = around.pulse().exact();
        int ended = corrected(whose.ended());
        writtenOff.writeOff(whose.begun() - ended, mark);
        if (!whose.unused()) {
            isBlackHole(openTooLong());
        }
    }

    private String openTooLong() {
        return "an attempt has been open for " + seconds(patience) + ", none succeeded since";
    }

    private void isBlackHole(String why) {
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
            synchronized (whose) {
                soft = soft == null ? new SoftFailures(around.ticker(), 0) : soft;
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
    @SuppressWarnings("ReferenceEquality") // the one that was judged, or another
    private void judge(SoftFailures judged) {
        if (soft != judged || whose.unused()) {
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
            } else if (around.probes() && hardInARow.get() > 0) {
                // nobody listens: probes tell when somebody does, a trial would cost calls
                unhealthy(withLast(judged.words()));
            } else {
                eject(withLast(judged.words()));
            }
        }
    }

    private void eject(String why) {
        SoftFailures measured = soft;
        if (measured != null) {
            measured.leaveOut();
        }
        probesAlone.relapse();
        // a tier that is a single address comes back by steps of its own: no need to be careful twice
        Duration base = whose.onlyOne() ? around.options().probeInterval() : EJECTED_FOR;
        Duration time = ejections.begin(why, base, phase == Phase.TRIAL);
        phase = Phase.EJECTED;
        hardInARow.set(0);
        nextProbe.set(time, this::tryAgain);
        change(new Verdict(State.UNHEALTHY, why));
    }

    private void tryAgain() {
        SoftFailures measured = soft;
        if (measured == null) {
            return;
        }
        if (phase == Phase.EJECTED || admitted.get() > trialEnded.get()) { // what never ended is permitted anew
            admitted.set(0);
            trialEnded.set(0);
            trialSince = around.pulse().exact();
            measured.beginTrial();
            phase = Phase.TRIAL;
            timedOut = false;
        }
        nextProbe.set(TRIAL, this::tryAgain);
        if (verdict.state() != State.SUSPECT) {
            change(new Verdict(State.SUSPECT, ejections.trial()));
        }
    }

    void probeAnyway() {
        if (!isSick() && !probing && !whose.unused() && around.probes()) {
            probe();
        }
    }

    private void probe() {
        probing = true;
        nextProbe.cancel();
        probedSince = around.pulse().mark();
        if (isSick()) {
            around.gate().probe(whose.endpoint().socketAddress(), around::terms, this::probed);
        } else if (!around.gate().probeIfIdle(whose.endpoint().socketAddress(), around::terms, this::probed)) {
            probing = false;
            probeNext();
        }
    }

    private void probed(Optional<Answer> answer) {
        probing = false;
        if (whose.unused()) {
            return;
        }
        answer.ifPresent(this::judge);
        if (!probing && phase == Phase.NONE) {
            probeNext();
        }
        whose.closeIfWell();
    }

    private void judge(Answer answer) {
        if (answer.result() instanceof Prober.Passed) {
            if (isSick()) {
                // unasked, that something listens says nothing: pods' addresses are reused
                probePassedAt = EndpointHealth.coarse(around.ticker().nanos());
            }
            refusedProbes = 0;
            failedProbes = 0;
            passedProbes++;
            passed();
        } else if (!around.pulse().stoodStillSince(probedSince)) {
            passedProbes = 0;
            failedProbes++;
            judgeFailedProbe(answer);
        }
    }

    private void probeNext() {
        if (isSick()) {
            boolean begun = verdict.state() == State.SUSPECT && refusedProbes > 0 && refusedProbes < VIP_PROBES;
            if (begun && around.probes()) {
                nextProbe.set(VIP_PROBES_APART, this::probe);
            } else {
                lookAgain();
            }
        } else if (around.probesAlways()) {
            lookAgain();
        }
    }

    private void passed() {
        if (verdict.state() == State.UNKNOWN) {
            change(Verdict.HEALTHY);
        } else if (isSick()
                && phase == Phase.NONE
                && passedProbes >= around.options().healthyAfter()
                && probesAlone.suffice()) {
            hardInARow.set(0);
            openForTooLong = false;
            probesAlone.bringBack();
            change(recovered(passedProbes + (passedProbes == 1 ? " probe passed" : " probes passed")));
        }
    }

    private void judgeFailedProbe(Answer answer) {
        Prober.Result result = answer.result();
        String why = answer.words();
        if (result instanceof Prober.Refused) {
            refusedProbes++;
        } else {
            timedOut = true;
        }
        if (!isSick()) {
            if (failedProbes >= around.options().unhealthyAfter()) {
                suspect(why); // and asks once more, at once
            }
            return;
        }
        if (verdict.state() != State.SUSPECT || phase != Phase.NONE) {
            return;
        }
        boolean calledToo = hardInARow.get() > 0 && !timedOut; // passed over, it will not be called a third time
        boolean settled = !whose.onlyOne()
                || result instanceof Prober.TimedOut
                || (refusedProbes >= VIP_PROBES && (!calledToo || hardInARow.get() >= HARD_FAILURES));
        if (settled && failedProbes >= around.options().unhealthyAfter()) {
            unhealthy(why);
        }
    }

    /** Probes on somebody's wish and settles the verdict by that alone. */
    void examine(Runnable done) {
        examinations++;
        examine(1, () -> {
            examinations--;
            done.run();
        });
    }

    private void examine(int nth, Runnable done) {
        around.gate().probe(whose.endpoint().socketAddress(), around::terms, answer -> {
            boolean settled = answer.map(result -> settles(result, nth)).orElse(true);
            if (settled) {
                done.run();
            } else {
                around.scheduler()
                        .schedule(VIP_PROBES_APART, () -> around.serial().execute(() -> examine(nth + 1, done)));
            }
        });
    }

    private boolean settles(Answer answer, int nth) {
        if (answer.result() instanceof Prober.Passed) {
            hardInARow.set(0);
            answered(around.pulse().mark());
        } else if (answer.result() instanceof Prober.Refused && whose.onlyOne() && nth < VIP_PROBES) {
            return false;
        } else {
            unhealthy(answer.words());
        }
        return true;
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
            forgetProbes();
        }
        if (before.state() != State.UNKNOWN || next.state() != State.HEALTHY) {
            around.events().accept(new Event.VerdictChanged(whose.show(), before, next));
        }
        whose.users().forEach(user -> user.changed(whose));
    }

    /** How long until the next probe or trial, if one is scheduled. */
    Optional<Duration> due() {
        return isSick() ? nextProbe.left() : Optional.empty();
    }

    /** {@code probe of 10.0.0.1:80 in 3000 ms}. */
    String next(Duration left) {
        String what = switch (phase) {
            case NONE -> "probe of ";
            case EJECTED -> "trial, by " + SoftFailures.TRIAL_ATTEMPTS + " calls, of ";
            case TRIAL -> "more attempts for the trial of ";
        };
        return what + whose.show() + " in " + shortly(left);
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

    /**
     * A failure as it was counted.
     *
     * @param row which one it is of hard ones in a row, itself included; 0 for a soft one
     * @param compares whether the tier's others are to be looked at
     * @param measured what has measured it; null if it says nothing
     * @param trial whether it counts for a trial
     * @param inVain whether it was waited for
     */
    record Failure(int row, boolean compares, @Nullable SoftFailures measured, boolean trial, boolean inVain) {}
}
