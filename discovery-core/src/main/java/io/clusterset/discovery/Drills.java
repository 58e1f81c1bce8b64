package io.clusterset.discovery;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Executor;

/** Tiers that are forced to a share of the traffic for a while. Used on the serial executor. */
final class Drills {

    private final Map<String, Running> running = new HashMap<>();
    private final Alarm end;
    private final Ticker ticker;
    private final EventSink events;
    private Runnable onChange = () -> {};

    Drills(Ticker ticker, Scheduler scheduler, Executor serial, EventSink events) {
        this.ticker = ticker;
        this.events = events;
        this.end = new Alarm(ticker, scheduler, serial);
    }

    /** Who decides anew when a drill begins or ends. */
    void onChange(Runnable decideAnew) {
        onChange = decideAnew;
    }

    /** What the tier is forced to. */
    OptionalInt percent(String tier) {
        Running drill = running.get(tier);
        return drill == null ? OptionalInt.empty() : OptionalInt.of(drill.percent);
    }

    /** What will happen to these tiers, in words. */
    List<String> next(Set<String> tiers) {
        return running.entrySet().stream()
                .filter(entry -> tiers.contains(entry.getKey()))
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + ": its drill ends in "
                        + Text.time(entry.getValue().left(ticker)))
                .toList();
    }

    void begin(String tier, int percent, Duration time, Object key) {
        running.put(tier, new Running(percent, ticker.nanos() + time.toNanos(), key));
        events.accept(new Event.Drill(tier, "forced to " + percent + " % for " + Text.time(time)));
        changed();
    }

    /** Ends the drill, unless another has taken its place. */
    void end(String tier, Object key) {
        Running drill = running.get(tier);
        if (drill != null && drill.key == key) {
            running.remove(tier);
            events.accept(new Event.Drill(tier, "ended early"));
            changed();
        }
    }

    private void endThoseDue() {
        running.entrySet().removeIf(entry -> {
            boolean due = entry.getValue().left(ticker).isZero();
            if (due) {
                events.accept(new Event.Drill(entry.getKey(), "ended"));
            }
            return due;
        });
        changed();
    }

    private void changed() {
        end.cancel();
        running.values().stream()
                .map(drill -> drill.left(ticker))
                .min(Comparator.naturalOrder())
                .ifPresent(left -> end.set(left, this::endThoseDue));
        onChange.run();
    }

    void close() {
        end.cancel();
        running.clear();
    }

    private record Running(int percent, long until, Object key) {
        Duration left(Ticker ticker) {
            return Duration.ofNanos(Math.max(0, until - ticker.nanos()));
        }
    }
}
