package io.clusterset.discovery.page;

import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Looks on behalf of all viewers together, ten times a second at most and seldom enough that it takes 2 % of a core at most; not at
 * all while there is none. Thread-safe.
 */
final class Feed implements AutoCloseable {

    static final int MOST_VIEWERS = 16;

    /** All services, as the name of what is looked at. */
    static final String OVERVIEW = "";

    private static final Duration FIRST = Duration.ofMillis(100);

    private final Ticker ticker;
    private final Scheduler scheduler;
    private final Function<String, Look> looks;
    private final List<Viewer> viewers = new ArrayList<>(); // guarded by this, as are those below
    private final Map<String, Seen> seen = new HashMap<>(); // what somebody views, by name
    private final Pace pace = new Pace();
    private Scheduler.Pending next = () -> {};
    private long row; // of looks that follow each other: one that had begun when it was cancelled must not go on beside
    // another
    private boolean closed;

    /**
     * With where time comes from.
     *
     * @param looks what to look at: all services for {@link #OVERVIEW}, else the service of this name
     */
    Feed(Ticker ticker, Scheduler scheduler, Function<String, Look> looks) {
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.looks = looks;
    }

    /** Views all services, and one besides if it is named; empty if there are too many viewers, or it is closed. */
    synchronized Optional<Viewer> join(Optional<String> service) {
        if (closed || viewers.size() >= MOST_VIEWERS) {
            return Optional.empty();
        }
        List<String> names = new ArrayList<>(List.of(OVERVIEW));
        service.ifPresent(names::add);
        Viewer viewer = new Viewer(this, names, ticker.nanos());
        names.forEach(name -> seen.computeIfAbsent(name, n -> new Seen(looks.apply(n))));
        if (viewers.isEmpty()) {
            row++;
            lookAfter(FIRST);
        }
        viewers.add(viewer);
        return Optional.of(viewer);
    }

    synchronized void leave(Viewer viewer) {
        if (viewers.remove(viewer)) {
            forgetUnviewed();
        }
        if (viewers.isEmpty()) {
            next.cancel();
        }
    }

    private void forgetUnviewed() {
        seen.keySet()
                .removeIf(name ->
                        viewers.stream().noneMatch(other -> other.names().contains(name)));
    }

    synchronized int viewers() {
        return viewers.size();
    }

    /** How it is by the last look; by a first one, if nobody viewed it until now. */
    synchronized Glance latest(String name) {
        return seen.computeIfAbsent(name, n -> new Seen(looks.apply(n))).latest();
    }

    /** Guarded by this. */
    private void lookAfter(Duration pause) {
        long mine = row;
        next = scheduler.schedule(pause, () -> look(mine));
    }

    private void look(long mine) {
        long began = ticker.nanos();
        List<Viewer> told;
        synchronized (this) {
            if (closed || viewers.isEmpty() || mine != row) {
                return;
            }
            told = List.copyOf(viewers);
            forgetUnviewed(); // one that left may have asked once more
            try {
                seen.values().forEach(Seen::look);
            } finally { // whatever a bug of ours throws, the next look may do better
                lookAfter(pace.after(Duration.ofNanos(ticker.nanos() - began)));
            }
        }
        told.forEach(viewer -> viewer.wake(began));
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

    /** What was seen, and when, in milliseconds of its clock. */
    record Glance(Parts parts, long now) {}

    /** What somebody views. Guarded by the feed. */
    private static final class Seen {

        private final Look look;
        private Optional<Parts> latest = Optional.empty();

        Seen(Look look) {
            this.look = look;
        }

        Glance latest() {
            if (latest.isEmpty()) {
                look();
            }
            return new Glance(latest.orElseThrow(), look.now());
        }

        void look() {
            latest = Optional.of(look.look());
        }
    }
}
