package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Notes when another tier becomes the one with most load. Listens to a discovery of one service. Thread-safe. */
final class SwitchLog implements Consumer<Event> {

    /**
     * Traffic moved.
     *
     * @param at {@link System#nanoTime()}
     * @param from the tier that had most load
     * @param to the tier that has it now
     */
    record Switch(long at, String from, String to) {}

    private final List<Switch> switches = new ArrayList<>(); // guarded by this, as is most
    private String most = "";

    @Override
    public synchronized void accept(Event event) {
        if (event instanceof Event.LoadChanged changed) {
            String now = mostLoaded(changed.loads());
            if (!now.isEmpty() && !most.isEmpty() && !now.equals(most)) {
                switches.add(new Switch(System.nanoTime(), most, now));
            }
            most = now.isEmpty() ? most : now;
        }
    }

    /** The tier with most load; empty before there was one. */
    synchronized String most() {
        return most;
    }

    /** All switches since a moment. */
    synchronized List<Switch> since(long start) {
        return switches.stream().filter(change -> change.at() - start >= 0).toList();
    }

    private static String mostLoaded(List<TierLoad> loads) {
        String most = "";
        int percent = 0;
        for (TierLoad load : loads) {
            if (load.percent() > percent) {
                most = load.tier();
                percent = load.percent();
            }
        }
        return most;
    }
}
