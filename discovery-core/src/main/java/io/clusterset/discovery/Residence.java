package io.clusterset.discovery;

import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.observe.ServiceCounts;
import io.clusterset.discovery.source.Tier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One service's stay on the serial executor: asks while it is used, rests while it is not, goes past the library while that is
 * switched off, and follows the plan. Used on the serial executor but where it says otherwise.
 */
final class Residence {

    private final ServiceName name;
    private final Selection selection;
    private final Stages stages;
    private final Current current;
    private final ServiceCounts counts;
    private final Runnable comeBack;
    private volatile List<Tier> tiers;

    /** Null while the service rests. */
    private @Nullable Pipeline pipeline;

    private boolean proven;
    private Map<Object, Watcher> parked = Map.of(); // while the library is switched off

    /**
     * At rest.
     *
     * @param tiers that look it up, until a plan says others
     * @param current what callers read
     * @param comeBack has the service used again
     */
    Residence(
            ServiceName name,
            Selection selection,
            List<Tier> tiers,
            Stages stages,
            Current current,
            ServiceCounts counts,
            Runnable comeBack) {
        this.name = name;
        this.selection = selection;
        this.tiers = tiers;
        this.stages = stages;
        this.current = current;
        this.counts = counts;
        this.comeBack = comeBack;
    }

    /** That look it up; on any thread. */
    List<Tier> tiers() {
        return tiers;
    }

    /** Begins to ask, unless it does. */
    void start() {
        if (!stages.now().enabled()) {
            bypass();
        } else if (pipeline == null && !current.closed()) {
            begin(new Failover(() -> stages.now().failover(), stages.ticker(), stages.random()));
        }
    }

    private void begin(Failover failover) {
        tiers = stages.now().tiers(name, tiers);
        current.unsettle();
        Pipeline begun = new Pipeline(name, selection, tiers, stages, current, failover, counts, parked);
        parked = Map.of();
        pipeline = begun;
        begun.start();
    }

    /** Tells a listener of every snapshot until it is over; the same object ends it. */
    void watch(AtomicBoolean over, Consumer<Snapshot> listener) {
        Pipeline running = pipeline;
        if (over.get() || current.closed()) {
            return;
        }
        if (running != null) {
            running.addWatcher(over, listener);
        } else if (!stages.now().enabled()) {
            park(all -> all.put(over, new Watcher(selection.subject(name), listener, stages)));
        } else { // it came to rest before the listener's turn came
            comeBack.run();
            stages.serial().execute(() -> watch(over, listener));
        }
    }

    /** Tells it no more. */
    void unwatch(AtomicBoolean over) {
        ifRunning(running -> running.removeWatcher(over));
        park(all -> all.remove(over));
    }

    /** Asks all tiers anew and believes at once what they say. */
    void invalidate() {
        ifRunning(Pipeline::invalidate);
    }

    /** Runs the task when every tier has answered and, if wished, those known have been probed; at once while it rests. */
    void examine(boolean probe, Runnable done) {
        Pipeline running = pipeline;
        if (running == null) {
            done.run();
            return;
        }
        running.examine(
                probe,
                () -> stages.serial().execute(() -> {
                    if (pipeline == running) {
                        done.run();
                    } else {
                        examine(probe, done); // another one has taken its place
                    }
                }));
    }

    private void park(Consumer<Map<Object, Watcher>> change) {
        Map<Object, Watcher> all = new HashMap<>(parked);
        change.accept(all);
        parked = Map.copyOf(all);
    }

    /** Ends what runs; who watches is told again by the one that takes its place. */
    private void setAside(Pipeline running) {
        parked = running.watchers();
        proven |= running.proven();
        running.close();
        pipeline = null;
    }

    /** Another plan holds. Callers go on with what was decided until there is a new decision. */
    void replanned() {
        Pipeline running = pipeline;
        Plan plan = stages.now();
        if (!plan.enabled()) {
            ifRunning(this::setAside);
            bypass();
        } else if (running == null) {
            start();
        } else if (running.goesBy(plan, plan.tiers(name, tiers))) {
            running.replanned();
        } else {
            setAside(running);
            begin(running.failover()); // a return that is under way goes on
        }
    }

    /** What all endpoints listen at, if they agree. */
    private OptionalInt portNow() {
        if (current.picker() instanceof SystemPicker before) {
            return before.portBefore();
        }
        Decision now = current.decision();
        int[] ports = now == null
                ? new int[0]
                : now.snapshot().tiers().stream()
                        .flatMap(tier -> tier.endpoints().stream())
                        .mapToInt(Endpoint::port)
                        .distinct()
                        .limit(2)
                        .toArray();
        return ports.length == 1 ? OptionalInt.of(ports[0]) : OptionalInt.empty();
    }

    /** Has the system resolver answer, at once; on any thread. */
    void bypass() {
        Plan plan = stages.now();
        Tier home = plan.tiers(name, tiers).get(0);
        current.bypass(
                new SystemPicker(name, home, portNow(), stages), stages.ticker().nanos());
    }

    private void ifRunning(Consumer<Pipeline> task) {
        Pipeline running = pipeline;
        if (running != null) {
            task.accept(running);
        }
    }

    void drilled() {
        ifRunning(Pipeline::drilled);
    }

    /** Whether some tier has had an endpoint for it, or somebody watches it: then it is no made-up name. */
    boolean proven() {
        ifRunning(running -> proven |= running.proven());
        return proven || !parked.isEmpty();
    }

    /** Whether every tier has answered, be it that there is nothing. */
    boolean answered() {
        Pipeline running = pipeline;
        return running == null || running.answered();
    }

    /**
     * Rests if nobody asked since the last sweep, and nobody watches; whether it still runs.
     *
     * @param used whether somebody asked
     */
    boolean sweep(boolean used) {
        boolean waits = !stages.now().enabled() && (used || !parked.isEmpty());
        if (!used) {
            ifRunning(running -> {
                if (!running.watched()) {
                    stop(running);
                }
            });
        }
        return pipeline != null || waits;
    }

    /** Rests until it is used again; who waits for its first answer is told that there is none. */
    void rest() {
        ifRunning(running -> {
            running.giveUp();
            stop(running);
        });
    }

    private void stop(Pipeline running) {
        proven |= running.proven();
        running.close();
        pipeline = null;
        current.rest();
    }

    /** Ends it for good. */
    void shut() {
        ifRunning(Pipeline::close);
        pipeline = null;
    }
}
