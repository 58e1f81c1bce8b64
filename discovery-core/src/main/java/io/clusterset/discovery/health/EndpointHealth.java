package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One endpoint at one port, as callers meet it: their attempts are counted here, and looked at once a beat. As soon as there
 * is more to say than a verdict, a {@link Case} is opened; when all is well again, it is closed.
 *
 * <p>The rule that finds a black hole behind connections that are open already, where no connect ever times out: an attempt is
 * more than a second old, and nothing has succeeded since. It is told from counts alone: if fewer attempts have ended by now
 * than had begun a second ago, one of those is still open.
 *
 * <p>Kept small, since a process may know a hundred thousand of them: 56 octets each. Counters are ints that overflow; only
 * differences mean something.
 */
final class EndpointHealth implements Outcomes {

    private static final VarHandle BEGUN = counter("begun");
    private static final VarHandle SUCCEEDED = counter("succeeded");
    private static final VarHandle SILENT = counter("silent");

    private static final int SEED = 20;

    /** So many collisions in one beat, and each thread gets a place of its own to count. */
    private static final int OFTEN = 64;

    /** Time to a fifteenth of a second, so that an int holds years. */
    private static final int COARSE = 26;

    static final int NEVER = 0;

    private final Surroundings around;
    private Endpoint endpoint; // used on the serial executor: the latest of those with this address

    /** Used on the serial executor; null once forgotten, which is written under the lock. */
    private @Nullable List<User> users = List.of();

    /** Written under the lock. */
    private volatile Standing standing = Standing.Well.UNKNOWN;

    private volatile int begun;
    private volatile int succeeded;
    private volatile int silent; // ended and said nothing of the endpoint
    private volatile boolean onlyOne;

    /** How many attempts succeeded of late, {@value #SEED} at most: written at each beat, as the next. */
    private volatile byte lately;

    private volatile int countedSuccesses;

    // All below: used on the serial executor.
    private int countedBegun; // when nothing was open for long
    private byte waited; // beats since then
    private byte met; // threads at a counter in this beat; by callers, and roughly
    private int
            succeededAt; // the beat that noticed the last success: reading a clock would cost callers more; or never

    EndpointHealth(Endpoint endpoint, Surroundings around) {
        this.endpoint = endpoint;
        this.around = around;
    }

    private static VarHandle counter(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(EndpointHealth.class, name, int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    Endpoint endpoint() {
        return endpoint;
    }

    Verdict verdict() {
        return standing.verdict();
    }

    boolean onlyOne() {
        return onlyOne;
    }

    /** Where threads that meet count; null while they hardly do. */
    @Nullable
    Stripes stripes() {
        return standing.stripes();
    }

    int begun() {
        Stripes stripes = standing.stripes();
        return begun + (stripes == null ? 0 : stripes.sum(Stripes.BEGUN));
    }

    int succeeded() {
        Stripes stripes = standing.stripes();
        return succeeded + (stripes == null ? 0 : stripes.sum(Stripes.SUCCEEDED));
    }

    int failed() {
        return standing.failed();
    }

    int ended() {
        Stripes stripes = standing.stripes();
        return succeeded() + failed() + silent + (stripes == null ? 0 : stripes.sum(Stripes.SILENT));
    }

    /** How many attempts went well just before, {@value #SEED} at most. */
    int succeededLately() {
        return Math.min(SEED, lately + Math.max(0, succeeded() - countedSuccesses));
    }

    /** Whether none has succeeded since then, to the precision of a beat. */
    boolean noneSucceededSince(long then) {
        return succeeded() == countedSuccesses && (succeededAt == NEVER || succeededAt - coarse(then) <= 0);
    }

    /** When an attempt last succeeded, to the precision of a beat, if any did. */
    long lastSucceeded() {
        long now = around.ticker().nanos();
        return succeeded() == countedSuccesses ? now - since(succeededAt).toNanos() : now;
    }

    /** How long ago an attempt or a probe last succeeded, to the precision of a beat; empty if never. */
    Optional<Duration> sinceSuccess() {
        if (succeeded() != countedSuccesses) {
            return Optional.of(Duration.ZERO);
        }
        int last = ill().map(open -> open.lastSuccess(succeededAt)).orElse(succeededAt);
        return last == NEVER ? Optional.empty() : Optional.of(since(last));
    }

    private Duration since(int coarse) {
        long now = around.ticker().nanos();
        return Duration.ofNanos(((long) (coarse(now) - coarse) << COARSE) + (now & ((1L << COARSE) - 1)));
    }

    static int coarse(long nanos) {
        int coarse = (int) (nanos >> COARSE);
        return coarse == NEVER ? 1 : coarse;
    }

    /** Whether picks go to it, its tier's cap on those left out aside. */
    Use use() {
        return standing instanceof Case open ? open.use() : Use.IN_TURN;
    }

    /** The case that is open, if there is one. */
    Optional<Case> ill() {
        return standing instanceof Case open ? Optional.of(open) : Optional.empty();
    }

    boolean isSick() {
        State state = verdict().state();
        return state == State.SUSPECT || state == State.UNHEALTHY;
    }

    void onlyOne(boolean ofItsTier) {
        if (onlyOne != ofItsTier) {
            onlyOne = ofItsTier;
        }
    }

    // --- who uses it; on the serial executor

    List<User> users() {
        return users == null ? List.of() : users;
    }

    /** A service has it, under this name; the list holds the user alone, and is shared by all that nobody else uses. */
    void usedBy(List<User> user, Endpoint called) {
        isCalled(called);
        if (unused()) {
            users = user;
        } else {
            List<User> more = new ArrayList<>(users());
            more.addAll(user);
            users = List.copyOf(more);
        }
        if (standing instanceof Case open) {
            open.used();
        } else if (around.probesAlways()) {
            open().used();
        }
    }

    /** Settings have changed. */
    void reconfigured() {
        if (standing instanceof Case open) {
            open.reconfigured();
        } else if (!unused() && around.probesAlways()) {
            open().used();
        }
    }

    /** The latest of those with its address. */
    void isCalled(Endpoint called) {
        endpoint = called;
    }

    void leftBy(User user) {
        List<User> fewer = new ArrayList<>(users());
        fewer.remove(user);
        users = List.copyOf(fewer);
        if (standing instanceof Case open) {
            open.left();
        }
    }

    boolean unused() {
        return users().isEmpty();
    }

    boolean isUsedBy(User user) {
        return users().contains(user);
    }

    /** What was learned of it is void. A picker that nobody replaced may still have calls counted here. */
    void forget() {
        synchronized (this) {
            if (standing instanceof Case open) {
                open.stop();
            }
            users = null;
            standing = Standing.Well.UNKNOWN;
        }
    }

    /** No timer is left. */
    void stop() {
        if (standing instanceof Case open) {
            open.stop();
        }
    }

    // --- on the callers' threads

    @Override
    public long began() {
        long mark = around.pulse().mark(); // first: one that is counted must not seem younger than a look at the counts
        while (!begins()) {
            meet();
        }
        around.pulse().wake(); // again: it may have gone to rest before it could see this one
        return mark;
    }

    @Override
    public boolean admits() {
        return standing instanceof Case open && open.exclusion().admits();
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded) {
            while (!succeeds()) {
                meet();
            }
            Standing now = standing;
            if (now instanceof Case open) {
                open.succeeded(mark);
            } else if (now.verdict().state() != State.HEALTHY) {
                around.serial().execute(() -> answered(mark));
            }
        } else if (!saysSomething(outcome) || around.pulse().stoodStillSince(mark)) {
            isSilent();
            if (standing instanceof Case open) {
                open.ended(mark);
            }
        } else {
            fails(mark, outcome);
        }
    }

    private boolean begins() {
        Stripes stripes = standing.stripes();
        int seen = begun;
        return stripes == null ? BEGUN.compareAndSet(this, seen, seen + 1) : add(stripes, Stripes.BEGUN);
    }

    private boolean succeeds() {
        Stripes stripes = standing.stripes();
        int seen = succeeded;
        return stripes == null ? SUCCEEDED.compareAndSet(this, seen, seen + 1) : add(stripes, Stripes.SUCCEEDED);
    }

    private boolean saysNothing() {
        Stripes stripes = standing.stripes();
        int seen = silent;
        return stripes == null ? SILENT.compareAndSet(this, seen, seen + 1) : add(stripes, Stripes.SILENT);
    }

    private static boolean add(Stripes stripes, int counter) {
        stripes.add(counter);
        return true;
    }

    /** Another thread was at the counter. */
    private void meet() {
        met = (byte) Math.min(OFTEN, met + 1);
        if (met == OFTEN) {
            synchronized (this) {
                if (standing.stripes() == null) {
                    standing = standing.striped(new Stripes());
                }
            }
        }
    }

    private void isSilent() {
        while (!saysNothing()) {
            meet();
        }
    }

    private static boolean saysSomething(Outcome failure) {
        return failure instanceof Outcome.FailedHard || failure instanceof Outcome.FailedSoft;
    }

    /** Counted under the lock that closing a case takes: what is counted stays. Successes take none. */
    private void fails(long mark, Outcome failure) {
        Case open;
        Case.Failure counted;
        synchronized (this) {
            if (users == null) {
                isSilent();
                return;
            }
            open = open();
            counted = open.count(mark, failure);
        }
        open.failed(mark, failure, counted);
    }

    // --- on the serial executor

    /** The case that is open, or a new one; on any thread. */
    Case open() {
        synchronized (this) {
            Standing now = standing;
            if (now instanceof Case already) {
                return already;
            }
            Case opened = new Case(this, around, now);
            standing = opened;
            return opened;
        }
    }

    /** Closes the case if nothing of it needs to be remembered but what all remember. */
    void closeIfWell() {
        if (standing instanceof Case open && open.isOver()) {
            synchronized (this) {
                if (open.isCalm()) { // still
                    succeededAt = open.lastSuccess(succeededAt);
                    standing = Standing.Well.of(open.verdict(), open);
                }
            }
        }
    }

    /** A call succeeded for the first time. */
    private void answered(long mark) {
        if (standing instanceof Case open) {
            open.answered(mark);
            return;
        }
        synchronized (this) {
            if (users == null || standing.verdict().state() == State.HEALTHY) {
                return;
            }
            standing = Standing.Well.of(Verdict.HEALTHY, standing);
        }
        users().forEach(user -> user.proven(this));
    }

    /**
     * Looks at what is open, once a beat.
     *
     * @return whether anything happened since the last beat, or may yet
     */
    boolean beat(long now) {
        met = 0;
        int all = ended(); // before what began, or attempts would seem to have ended before they began
        int good = succeeded();
        int began = begun();
        Optional<Case> open = ill();
        int ended = open.isEmpty() ? all : open.get().beat(all, began);
        boolean progress = good != countedSuccesses;
        byte fewer = (byte) Math.min(SEED, Math.max(0, good - countedSuccesses) + lately * (SEED - 1) / SEED);
        if (lately != fewer) {
            lately = fewer;
        }
        if (progress) {
            countedSuccesses = good;
            succeededAt = coarse(now);
        }
        boolean active = began != countedBegun;
        if (began - ended <= 0 || progress || ended - countedBegun >= 0) {
            countedBegun = began;
            waited = 0;
        } else {
            waited++;
            if (Byte.toUnsignedInt(waited) * Pulse.PERIOD.toNanos() >= standing.patience()) {
                open().overdue();
                countedBegun = begun();
                waited = 0;
            }
        }
        boolean anyOpen = isAnyOpen();
        closeIfWell();
        return active || anyOpen;
    }

    private boolean isAnyOpen() {
        int all = ended();
        return begun() - ill().map(open -> open.corrected(all)).orElse(all) > 0;
    }

    /** The tier it belongs to does much better. */
    void outlier(String why) {
        if (!unused()) {
            open().outlier(why);
        }
    }

    /** Nobody compares it any more: the next failure says so again. */
    void notCompared() {
        if (standing instanceof Case open) {
            open.notCompared();
        }
    }

    /** Probes it although nothing is held against it, if there is room. */
    void probeAnyway() {
        if (!isSick() && !unused() && around.probes()) {
            open().probeAnyway();
            closeIfWell();
        }
    }

    /** Probes on somebody's wish and settles the verdict by that alone. */
    void examine(Runnable done) {
        if (around.probes()) {
            open().examine(() -> {
                closeIfWell();
                done.run();
            });
        } else {
            done.run();
        }
    }

    String show() {
        return endpoint.authority();
    }

    /** A service that uses the endpoint; told on the serial executor. */
    interface User {
        /** Its verdict or use changed. */
        void changed(EndpointHealth endpoint);

        /** It has answered for the first time: healthy, which it counted as before. No pick goes elsewhere for it. */
        void proven(EndpointHealth endpoint);

        /** It fails: how do the others of its tier do? */
        void fails();
    }
}
