package io.clusterset.examples.quickstart;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The library's events and when they came. Thread-safe. */
final class History {

    /**
     * An event.
     *
     * @param at nanoseconds of the {@link Stopwatch}
     * @param event what happened
     */
    record Timed(long at, Event event) {}

    /**
     * Another tier has most load.
     *
     * @param at nanoseconds of the {@link Stopwatch}
     * @param from the tier that had most before
     * @param to the tier that has most now
     * @param why what the library says of the first tier's load
     */
    record Switch(long at, String from, String to, String why) {
        @Override
        public String toString() {
            return from + " -> " + to + " (" + why + ")";
        }
    }

    private final Stopwatch time;
    private final List<Timed> events = new ArrayList<>(); // guarded by this

    History(Stopwatch time) {
        this.time = time;
    }

    /** An event comes. */
    synchronized Timed add(Event event) {
        Timed timed = new Timed(time.nanos(), event);
        events.add(timed);
        return timed;
    }

    /** The switches since calls began, in order. */
    synchronized List<Switch> switches() {
        List<Switch> switches = new ArrayList<>();
        String most = "";
        for (Timed timed : events) {
            if (timed.event() instanceof Event.LoadChanged change) {
                String now = mostLoaded(change.loads());
                if (timed.at() >= 0 && !most.isEmpty() && !now.equals(most)) {
                    switches.add(
                            new Switch(timed.at(), most, now, why(change.loads().get(0))));
                }
                most = now;
            }
        }
        return switches;
    }

    /** Changes of load since a time, in order. */
    synchronized List<Timed> loadsSince(long since) {
        return events.stream()
                .filter(timed -> timed.at() >= since && timed.event() instanceof Event.LoadChanged)
                .toList();
    }

    /** The last event of this kind, if there was one. */
    synchronized Optional<Timed> last(Predicate<Event> kind) {
        return events.stream().filter(timed -> kind.test(timed.event())).reduce((earlier, later) -> later);
    }

    private static String why(TierLoad load) {
        return load.tier() + " " + load.percent() + " %: " + load.reason();
    }

    /** The earlier tier, if several have most. */
    private static String mostLoaded(List<TierLoad> loads) {
        return loads.stream()
                .filter(load -> load.percent() > 0)
                .sorted(Comparator.comparingInt(TierLoad::percent).reversed()) // stable
                .map(TierLoad::tier)
                .findFirst()
                .orElse("");
    }
}
