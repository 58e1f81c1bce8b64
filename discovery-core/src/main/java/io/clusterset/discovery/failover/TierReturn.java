package io.clusterset.discovery.failover;

import io.clusterset.discovery.model.Returning;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Backoff;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * How one tier gets its load back after it lost some: a dwell, then steps, each judged by how the last one went. Not
 * thread-safe; used on the serial executor.
 */
final class TierReturn {

    private static final int WELL = 85;
    private static final int FAIR = 72;
    private static final int FAIR_DWELLS = 3;
    private static final double SPREAD = 0.2;
    private static final Duration LONGEST_DWELL = Duration.ofMinutes(5);
    private static final Duration CALM = Duration.ofMinutes(10);
    private static final int LAST_STEP_WATCHED_FOR = 3; // step intervals: nobody else judges it
    private static final int FEW_OUTCOMES = 10;
    private static final double TOLERATED = 0.01;

    private final String tier;
    private final Supplier<FailoverOptions> options;
    private final Ticker ticker;
    private final RandomGenerator random;

    private Phase phase = Phase.STEADY;
    private int held;
    private int carried; // what it had in the end, and for others besides
    private boolean ill; // lost load for a reason of its own, so it must come back by steps
    private Duration usual; // as the options had it last
    private Duration dwell; // longer after a return that failed
    private Duration drawn = Duration.ZERO; // the dwell with this time's jitter
    private long wellSince;
    private long fairSince;
    private boolean well;
    private boolean wasWell;
    private boolean returned;
    private long returnedAt;
    private int step; // in percent
    private long stepBegan;
    private TierHealth.Attempts stepMine = new TierHealth.Attempts(0, 0);
    private TierHealth.Attempts stepOthers = new TierHealth.Attempts(0, 0);
    private long lastIll;
    private String reason = "";
    private String failure = ""; // of the last return, until the next one succeeds
    private final List<Failover.Stage> stages = new ArrayList<>(); // since somebody asked

    TierReturn(String tier, Supplier<FailoverOptions> options, Ticker ticker, RandomGenerator random) {
        this.tier = tier;
        this.options = options;
        this.ticker = ticker;
        this.random = random;
        this.usual = options.get().dwell();
        this.dwell = usual;
    }

    /**
     * How much of its target the tier is given now.
     *
     * @param mine the tier
     * @param others how attempts at all other tiers together have ended
     */
    int hold(int target, TierHealth mine, Supplier<TierHealth.Attempts> others) {
        long now = ticker.nanos();
        reason = "";
        follow(options.get().dwell());
        boolean died = target == 0 && mine.health() == 0; // be it in the middle of its dwell
        if (target < held || (target == held && (phase == Phase.STEADY || died))) {
            fall(target, mine, now);
        } else if (target > held || phase != Phase.STEADY) {
            rise(target, mine, others, now);
        }
        return held;
    }

    /** Another dwell holds at once, also for one that has begun: whoever changes it means this one. */
    private void follow(Duration now) {
        if (!now.equals(usual)) {
            usual = now;
            dwell = now;
            drawn = Backoff.spread(dwell, SPREAD, random);
        }
    }

    /** Nobody else can carry what was held back: all of it, at once. */
    void force(int percent) {
        held = percent;
        phase = Phase.STEADY;
        ill = false;
        reason = "no other tier can carry it";
        stages.removeIf(stage -> !stage.failed()); // it does not wait after all
        failure = "";
    }

    /** What it was given in the end. Of that it need not be given anything back by steps. */
    void carries(int percent) {
        carried = percent;
    }

    /** Somebody says what it gets: what it lost by that comes back as after an illness. */
    void drill(int percent, int natural) {
        ill |= percent < natural;
        held = percent;
        phase = Phase.STEADY;
        reason = "";
    }

    /** Why it has less than its target, in words; empty if it has it all. */
    String reason() {
        return reason;
    }

    /** What has become of its return since this was asked last. */
    List<Failover.Stage> stages() {
        if (stages.isEmpty()) {
            return List.of();
        }
        List<Failover.Stage> told = List.copyOf(stages);
        stages.clear();
        return told;
    }

    private void tell(String what) {
        stages.add(new Failover.Stage(tier, false, what));
    }

    /** What it was given at last, whatever others could not take besides. */
    int held() {
        return held;
    }

    /** What {@link #next} will bring, in words. */
    String announcement() {
        if (phase == Phase.DWELL && !well) {
            return "its dwell begins at " + FAIR + " % health";
        }
        Duration left = next().orElse(Duration.ZERO);
        int percent = phase == Phase.STEP ? stepAfter(step) : stepAfter(0);
        return "next step of the return in at most "
                + (left.toSeconds() < 1
                        ? left.toMillis() + " ms"
                        : left.plusMillis(999).toSeconds() + " s")
                + ", to " + percent + " % of its share" + (phase == Phase.STEP ? " if this one goes well" : "");
    }

    /** The clock that runs, if one does. */
    Optional<Returning> underWay() {
        if (phase == Phase.STEADY || (phase == Phase.DWELL && !well)) {
            return Optional.empty();
        } else if (phase == Phase.DWELL) {
            // of one that is fairly well only, the other dwell begins anew at each look
            boolean fairly = !wasWell || byFair() - byWell() < 0;
            return Optional.of(
                    new Returning(tier, 0, stepAfter(0), fairly ? fairSince : wellSince, fairly ? byFair() : byWell()));
        }
        long due = stepBegan + options.get().stepInterval().toNanos();
        return Optional.of(new Returning(tier, step, stepAfter(step), stepBegan, due));
    }

    /** When {@link #hold} will say something else by itself. */
    Optional<Duration> next() {
        long now = ticker.nanos();
        return switch (phase) {
            case STEADY -> Optional.empty();
            case DWELL -> Optional.of(positive(dwellEnd() - now));
            case STEP ->
                Optional.of(positive(stepBegan + options.get().stepInterval().toNanos() - now));
        };
    }

    private void fall(int target, TierHealth mine, long now) {
        boolean sick = mine.total() == 0 ? !mine.blind() : mine.health() < 100;
        long watched =
                options.get().stepInterval().multipliedBy(LAST_STEP_WATCHED_FOR).toNanos();
        boolean relapsed = returned && target < held && now - returnedAt < watched;
        if (sick && (phase == Phase.STEP || relapsed)) {
            // it gave way under the load that came back; a drill, or a tier before it that is well again, says nothing
            String when = phase == Phase.STEP ? "at step " + step + " %" : "soon after its return";
            fail(now, "it fell ill again " + when + (mine.why().isEmpty() ? "" : " (" + mine.why() + ")"));
        } else if (now - lastIll > CALM.toNanos()) {
            dwell = usual;
        }
        if (phase == Phase.DWELL) {
            tell("its dwell ended early, it is ill again");
        }
        if (sick) {
            ill = true;
            lastIll = now;
        }
        held = target;
        phase = Phase.STEADY;
    }

    private void rise(int target, TierHealth mine, Supplier<TierHealth.Attempts> others, long now) {
        boolean has = phase == Phase.STEADY && target <= carried;
        if (!ill || has) {
            held = target;
            phase = Phase.STEADY;
            return;
        }
        if (phase == Phase.STEADY) {
            beginDwell(mine, now);
        }
        if (phase == Phase.DWELL) {
            dwell(mine, now);
        }
        if (phase == Phase.DWELL && now - dwellEnd() >= 0 && well) {
            beginStep(0, target, mine, others, now);
        } else if (phase == Phase.STEP
                && now - stepBegan >= options.get().stepInterval().toNanos()) {
            judgeStep(target, mine, others, now);
        }
        if (phase == Phase.STEP) {
            held = Math.max(held, share(target));
            reason = "returning: step " + step + " %";
        } else if (phase == Phase.DWELL) {
            reason = well
                    ? "well again: dwell of " + Text.time(drawn) + " before " + (held > 0 ? "the rest of " : "")
                            + "its traffic comes back"
                    : "below " + FAIR + " % health: the dwell has not begun";
            reason += failure.isEmpty() ? "" : "; the last return failed: " + failure;
        }
    }

    private void beginDwell(TierHealth mine, long now) {
        phase = Phase.DWELL;
        drawn = Backoff.spread(dwell, SPREAD, random);
        well = mine.health() >= FAIR;
        wasWell = mine.health() > WELL;
        wellSince = now;
        fairSince = now;
        tell(
                well
                        ? "its dwell of " + Text.time(drawn) + " begins"
                        : "it waits for " + FAIR + " % health to begin its dwell");
    }

    private void dwell(TierHealth mine, long now) {
        boolean wellNow = mine.health() > WELL;
        boolean fairNow = mine.health() >= FAIR;
        if (!wellNow || !wasWell) { // from this look on, not from the last one when it was not: that may be long ago
            wellSince = now;
        }
        if (!fairNow || !well) {
            fairSince = now;
        }
        if (!fairNow) {
            lastIll = now; // whoever breaks again and again before its traffic comes is not calm
        }
        wasWell = wellNow;
        if (fairNow && !well) {
            tell("its dwell of " + Text.time(drawn) + " begins");
        }
        well = fairNow;
    }

    /** The earlier of: one dwell at more than 85 % health, three dwells at 72 % or more. */
    private long dwellEnd() {
        return byWell() - byFair() < 0 ? byWell() : byFair();
    }

    private long byWell() {
        return wellSince + drawn.toNanos();
    }

    private long byFair() {
        return fairSince + FAIR_DWELLS * drawn.toNanos();
    }

    private void beginStep(int before, int target, TierHealth mine, Supplier<TierHealth.Attempts> others, long now) {
        phase = Phase.STEP;
        step = stepAfter(before);
        stepBegan = now;
        stepMine = mine.attempts().get();
        stepOthers = others.get();
        if (step == 100) {
            held = target;
            phase = Phase.STEADY;
            ill = false;
            returned = true;
            returnedAt = now;
            failure = "";
            tell("step 100 %, it has its share back");
        } else {
            tell("step " + step + " %");
        }
    }

    private int stepAfter(int percent) {
        return options.get().steps().stream()
                .filter(next -> next > percent)
                .findFirst()
                .orElse(100);
    }

    private void judgeStep(int target, TierHealth mine, Supplier<TierHealth.Attempts> others, long now) {
        TierHealth.Attempts mineNow = mine.attempts().get();
        TierHealth.Attempts othersNow = others.get();
        long failed = Math.max(0, mineNow.failed() - stepMine.failed());
        long ended = failed + Math.max(0, mineNow.succeeded() - stepMine.succeeded());
        long otherFailed = Math.max(0, othersNow.failed() - stepOthers.failed());
        long otherEnded = otherFailed + Math.max(0, othersNow.succeeded() - stepOthers.succeeded());
        double rate = ended == 0 ? 0 : (double) failed / ended;
        double otherRate = otherEnded == 0 ? 0 : (double) otherFailed / otherEnded;
        double most = Math.max(TOLERATED, otherRate + TOLERATED);
        boolean good = ended < FEW_OUTCOMES ? failed == 0 : rate <= most;
        if (good) {
            beginStep(step, target, mine, others, now);
        } else {
            fail(
                    now,
                    "at step " + step + " % " + failed + " of " + ended + " attempts failed (expected: "
                            + (ended < FEW_OUTCOMES ? "none of so few)" : "at most " + percent(most) + ")"));
            held = 0;
            beginDwell(mine, now);
        }
    }

    private void fail(long now, String why) {
        returned = false;
        lastIll = now;
        Duration doubled = dwell.multipliedBy(2);
        dwell = doubled.compareTo(LONGEST_DWELL) > 0 ? LONGEST_DWELL : doubled;
        failure = why;
        stages.add(
                new Failover.Stage(tier, true, "failed, " + why + "; the next dwell is longer: " + Text.time(dwell)));
    }

    private static String percent(double rate) {
        return String.format(Locale.ROOT, "%.1f %%", rate * 100);
    }

    private int share(int target) {
        return (target * step + 99) / 100;
    }

    private static Duration positive(long nanos) {
        return Duration.ofNanos(Math.max(100_000_000, nanos));
    }

    private enum Phase {
        STEADY,
        DWELL,
        STEP
    }
}
