package io.clusterset.discovery.health;

import io.clusterset.discovery.health.EndpointHealth.User;
import io.clusterset.discovery.health.Exclusion.Phase;
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
    private static final Duration LEFT_OUT_FOR = Duration.ofSeconds(30);

    private final EndpointHealth whose;
    private final Surroundings around;
    private final OpenAttempts open;
    private final Exclusion exclusion;

    /** Hard failures with no success between; written on the callers' threads. */
    private final AtomicInteger hardInARow = new AtomicInteger();

    private final AtomicInteger failed; // written under the endpoint's lock
    private volatile @Nullable Stripes stripes; // written under the endpoint's lock
    private volatile Verdict verdict;
    private volatile Outcome lastFailure = new Outcome.Abandoned();

    /** Whether somebody watches its failures against its tier's; set by callers, cleared when all is calm. */
    private volatile boolean compared;

    // All below: used on the serial executor.
    private final ProbesAlone probesAlone;
    private final Alarm nextProbe;
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
        this.stripes = before.stripes();
        this.open = new OpenAttempts(whose, around, before.patience());
        this.exclusion = new Exclusion(around.ticker(), around.random(), whose);
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
        return open.patience();
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
                yield exclusion.isTrial() ? Use.ON_TRIAL : Use.PASSED_OVER;
            }
        };
    }

    Exclusion exclusion() {
        return exclusion;
    }

    private boolean isSick() {
        return verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY;
    }

    // --- on the callers' threads

    /** An attempt has ended well and been counted. */
    void succeeded(long mark) {
        if (hardInARow.get() != 0) {
            hardInARow.set(0);
        }
        open.answers();
        if (exclusion.succeeded(mark)) {
            around.serial().execute(this::judge);
        }
        if ((verdict.state() != State.HEALTHY && exclusion.isIn()) || open.wasWrittenOff(mark)) {
            around.serial().execute(() -> answered(mark));
        }
        ended(mark);
    }

    /** An attempt has ended and been counted. */
    void ended(long mark) {
        open.ended(mark);
    }

    /** Under the endpoint's lock; what follows is {@link #failed(long, Outcome, Failure)}, without it. */
    Failure count(long mark, Outcome failure) {
        failed.incrementAndGet();
        lastFailure = failure;
        int row = failure instanceof Outcome.FailedHard ? hardInARow.incrementAndGet() : 0;
        boolean inVain = failure instanceof Outcome.FailedSoft softly && open.isInVain(mark, softly);
        boolean measures = failure instanceof Outcome.FailedSoft || whose.onlyOne() || exclusion.measures();
        if (!measures || !exclusion.concerns(mark)) {
            return new Failure(row, measures, false, false);
        }
        return new Failure(row, true, exclusion.failed(whose::succeededLately), inVain);
    }

    void failed(long mark, Outcome failure, Failure counted) {
        if (failure instanceof Outcome.FailedHard hard) {
            if (counted.row <= HARD_FAILURES || verdict.state() == State.HEALTHY || !exclusion.isIn()) {
                around.serial().execute(() -> failedHard(hard));
            }
        }
        if (counted.judges) {
            around.serial().execute(this::judge);
        }
        if (counted.compares) {
            compare();
        }
        if (counted.inVain && open.isTooLong()) {
            around.serial().execute(this::gaveUp);
        }
        ended(mark);
    }

    private void compare() {
        if (!compared) {
            compared = true;
            around.serial().execute(() -> whose.users().forEach(User::fails));
        }
    }

    // --- on the serial executor

    /** One more service uses it. */
    void used() {
        if (probing || nextProbe.left().isPresent()) {
            return;
        }
        if (!exclusion.isIn()) {
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
        if (probing || !exclusion.isIn() || whose.unused()) {
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
        if (whose.unused() && exclusion.isIn()) {
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
        boolean nothingDue = !probing && examinations == 0 && nextProbe.left().isEmpty();
        boolean nothingHeld = !isSick() && !openForTooLong && refusedProbes == 0 && failedProbes == 0;
        return nothingDue && nothingHeld && probesAlone.isForgotten() && exclusion.isForgiven() && open.isOver();
    }

    /** Whether callers have nothing to say against it; under the endpoint's lock. */
    boolean isCalm() {
        return hardInARow.get() == 0 && !exclusion.measures() && !open.isSilent();
    }

    /** When an attempt or a probe last succeeded, if attempts did then. */
    int lastSuccess(int attempt) {
        boolean probe = attempt == EndpointHealth.NEVER || probePassedAt - attempt > 0;
        return probePassedAt != EndpointHealth.NEVER && probe ? probePassedAt : attempt;
    }

    /** One beat: counts that all ended, of what began, and how many of them count as ended. */
    int beat(int ended, int begun) {
        if (begun - ended <= 0) {
            open.settle();
        }
        exclusion.rest();
        return open.corrected(ended);
    }

    int corrected(int ended) {
        return open.corrected(ended);
    }

    /** A call succeeded: it works, whatever was thought. */
    void answered(long mark) {
        refusedProbes = 0;
        probesAlone.confirm();
        if (openForTooLong || open.wasWrittenOff(mark)) { // probes may have brought it back before
            openForTooLong = false;
            open.tookLonger(mark);
        }
        if (verdict.state() != State.HEALTHY && exclusion.isIn()) {
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
        boolean staysOut = exclusion.phase() != Phase.OUT || whose.onlyOne() || row < HARD_FAILURES;
        if (verdict.state() == State.UNHEALTHY && staysOut) {
            return;
        }
        timedOut |= failure.timedOut();
        passedProbes = 0;
        boolean enough = row >= HARD_FAILURES && (!whose.onlyOne() || !around.probes() || refusedProbes >= VIP_PROBES);
        if (enough) {
            unhealthy(failure.reason());
        } else if (verdict.state() != State.SUSPECT || exclusion.isTrial()) {
            suspect(failure.reason());
        } else if (row >= HARD_FAILURES && around.probes() && !probing && refusedProbes == 0) {
            probe(); // it passed before these failures: that is news, and the next one is seconds away
        }
    }

    private void suspect(String why) {
        backIn();
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

    /** Failing softly is not what matters any more. */
    private void backIn() {
        if (exclusion.overtaken()) {
            nextProbe.cancel();
        }
    }

    /** Callers gave up, each before a beat would have found its attempt open for too long. */
    private void gaveUp() {
        Silence silence = open.silence();
        boolean tooLong = silence.nanos() >= open.patience();
        if (tooLong && !whose.unused() && exclusion.isIn()) { // a trial is judged by its attempts
            isBlackHole(silence.attempts() == 1 ? open.words() : silence.words());
        }
    }

    /** A beat has found an attempt open for too long. */
    void overdue() {
        open.writeOff();
        if (!whose.unused()) {
            isBlackHole(open.words());
        }
    }

    private void isBlackHole(String why) {
        if (exclusion.isTrial()) {
            leaveOut("its trial failed: " + why);
        } else if (!isSick()) {
            timedOut = true;
            openForTooLong = true;
            suspect(why);
        } else if (verdict.state() == State.SUSPECT && !timedOut) {
            timedOut = true;
            change(new Verdict(State.SUSPECT, why));
        }
    }

    /** The tier it belongs to does much better. */
    void outlier(String why) {
        if (exclusion.isIn() && verdict.state() != State.UNHEALTHY) {
            leaveOut(withLast(why));
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

    /** Too many attempts failed, or a trial is over. */
    private void judge() {
        if (whose.unused()) {
            return;
        }
        switch (exclusion.judge()) {
            case WELL -> {
                exclusion.end();
                nextProbe.cancel();
                change(recovered("its trial went well"));
                keepProbing();
            }
            case TOO_MANY -> tooMany(withLast(exclusion.words()));
            case NOTHING -> {}
        }
    }

    private void tooMany(String why) {
        if (exclusion.isTrial()) {
            leaveOut("its trial failed: " + why);
        } else if (verdict.state() != State.UNHEALTHY) {
            if (around.probes() && hardInARow.get() > 0) {
                unhealthy(why); // nobody listens: probes tell when somebody does, a trial would cost calls
            } else {
                leaveOut(why);
            }
        }
    }

    private void leaveOut(String why) {
        probesAlone.relapse();
        // a tier that is a single address comes back by steps of its own: no need to be careful twice
        Duration base = whose.onlyOne() ? around.options().probeInterval() : LEFT_OUT_FOR;
        Duration time = exclusion.begin(why, base);
        hardInARow.set(0);
        nextProbe.set(time, this::tryAgain);
        change(new Verdict(State.UNHEALTHY, why));
    }

    private void tryAgain() {
        if (exclusion.tryAgain(around.pulse()::exact)) {
            timedOut = false;
        }
        nextProbe.set(Exclusion.TRIAL, this::tryAgain);
        if (verdict.state() != State.SUSPECT) {
            change(new Verdict(State.SUSPECT, exclusion.trial()));
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
        if (!probing && exclusion.isIn()) {
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
                && exclusion.isIn()
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
        if (verdict.state() != State.SUSPECT || !exclusion.isIn()) {
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
        backIn();
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
        if (back && exclusion.isIn()) {
            // what it did while it was out has been judged: a window full of that would judge it again
            exclusion.measureAnew();
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
        String what = switch (exclusion.phase()) {
            case IN -> "probe of ";
            case OUT -> "trial, by " + SoftFailures.TRIAL_ATTEMPTS + " calls, of ";
            case TRIAL -> "more attempts for the trial of ";
        };
        return what + whose.show() + " in " + shortly(left);
    }

    private static String shortly(Duration left) {
        return left.toSeconds() < 1 ? left.toMillis() + " ms" : left.toSeconds() + " s";
    }

    /**
     * A failure as it was counted.
     *
     * @param row which one it is of hard ones in a row, itself included; 0 for a soft one
     * @param compares whether the tier's others are to be looked at
     * @param judges whether it may have been one too many
     * @param inVain whether it was waited for
     */
    record Failure(int row, boolean compares, boolean judges, boolean inVain) {}
}
