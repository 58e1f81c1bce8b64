package io.clusterset.examples.cli;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Hears how the drill of a tier goes, and when it is over: of the two things that happen to it, that is the second. Listens to
 * a discovery of one service. Thread-safe.
 */
final class DrillLog implements Consumer<Event> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final CountDownLatch toHappen = new CountDownLatch(2);
    private final String tier;
    private final int percent;
    private List<TierLoad> loads = List.of(); // guarded by this, as is what follows
    private boolean suspended;
    private boolean outage;

    DrillLog(String tier, int percent) {
        this.tier = tier;
        this.percent = percent;
    }

    @Override
    public void accept(Event event) {
        if (event instanceof Event.Drill drill && drill.tier().equals(tier)) {
            toHappen.countDown();
        } else if (event instanceof Event.LoadChanged changed && toHappen.getCount() == 1) {
            note(changed.loads(), true);
        }
    }

    /** The load was this when the drill began. */
    void began(List<TierLoad> split) {
        note(split, false);
    }

    private synchronized void note(List<TierLoad> split, boolean later) {
        loads = later || loads.isEmpty() ? split : loads;
        suspended |= !isForced(split);
        outage |= split.stream().allMatch(load -> load.percent() == 0);
    }

    /**
     * Whether the tier gets what the drill says, as far as guards of others allow: nothing can be forced on a tier without a
     * healthy endpoint, nor where no other has one for the rest.
     */
    private boolean isForced(List<TierLoad> split) {
        int mine = 0;
        int others = 0;
        for (TierLoad load : split) {
            if (load.tier().equals(tier)) {
                mine = load.health();
            } else {
                others += load.health();
            }
        }
        return mine > 0 && (percent == 100 || others > 0);
    }

    /** The load during the drill, as it was noted last. */
    synchronized List<TierLoad> loads() {
        return loads;
    }

    /** Whether the drill was suspended at any time. */
    synchronized boolean suspended() {
        return suspended;
    }

    /** Whether there was nobody to call at any time. */
    synchronized boolean outage() {
        return outage;
    }

    /** Waits for the drill's end, which is due in this time. */
    void awaitEnd(Duration due) {
        try {
            Duration most = due.plus(PATIENCE);
            if (!toHappen.await(most.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new DiscoveryException("drill of " + tier + ": not over after " + Figures.time(most));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException("drill of " + tier + ": interrupted", interrupted);
        }
    }
}
