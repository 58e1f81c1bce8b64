package io.clusterset.discovery.page;

import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Has the {@link Lookout} look for all viewers, ten times a second at most and as seldom as it must be; not at all while there is none.
 * Thread-safe.
 */
final class Feed implements AutoCloseable {

    static final int MOST_VIEWERS = 16;

    /** All services, as the name of what is looked at. */
    static final String OVERVIEW = "";

    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Lookout lookout;
    private final Function<String, Look> looks;
    private final List<Viewer> viewers = new ArrayList<>(); // guarded by this, as are those below
    private Scheduler.Pending next = () -> {};
    private long row; // of looks that follow each other: one that had begun when it was cancelled must not go on beside
    // another
    private boolean closed;

    /**
     * With where time comes from.
     *
     * @param looks what to look at: all services for {@link #OVERVIEW}, else the service of this name
     */
    Feed(Ticker ticker, Scheduler scheduler, Lookout lookout, Function<String, Look> looks) {
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.lookout = lookout;
        this.looks = looks;
    }

    /** Views all services, and one besides if it is named; empty if there are too many viewers, or it is closed. */
    synchronized Optional<Viewer> join(Optional<String> service) {
        if (closed || viewers.size() >= MOST_VIEWERS) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(List.of(OVERVIEW));
        service.ifPresent(names::add);
        Viewer viewer = new Viewer(this, lookout, names, ticker.nanos());
        names.forEach(name -> lookout.join(name, () -> looks.apply(name)));
        if (viewers.isEmpty()) {
            next.cancel();
            row++;
            lookAfter(Lookout.PAUSE);
        }
        viewers.add(viewer);
        return Optional.of(viewer);
    }

    synchronized void leave(Viewer viewer) {
        if (viewers.remove(viewer)) {
            viewer.names().forEach(lookout::leave);
        }
        if (viewers.isEmpty()) {
            next.cancel();
            if (!closed) { // or who was the last would have it remembered for ever
                next = scheduler.schedule(Lookout.REMEMBERED.plus(Lookout.PAUSE), lookout::forget);
            }
        }
    }

    synchronized int viewers() {
        return viewers.size();
    }

    /** Guarded by this. */
    private void lookAfter(Duration pause) {
        long mine = row;
        next = scheduler.schedule(pause, () -> look(mine));
    }

    private void look(long mine) {
        long began = ticker.nanos();
        List<Viewer> told = List.of();
        try {
            synchronized (this) {
                if (closed || viewers.isEmpty() || mine != row) {
                    return;
                }
                told = List.copyOf(viewers);
                try {
                    lookout.look();
                } finally { // whatever a bug of ours throws, the next look may do better
                    lookAfter(lookout.pause());
                }
            }
        } finally { // and what else was seen is told
            told.forEach(viewer -> viewer.wake(began));
        }
    }

    /** Every viewer is told that there is no more. */
    @Override
    public void close() {
        List<Viewer> told;
        synchronized (this) {
            closed = true;
            next.cancel();
            told = List.copyOf(viewers);
        }
        told.forEach(Viewer::close);
    }
}
