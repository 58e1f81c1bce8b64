package io.clusterset.examples.quickstart;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.Verdict.State;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What happened when and why: the moments that matter, in order. All of it was measured. */
final class Story {

    /**
     * One of them.
     *
     * @param at nanoseconds of the {@link Stopwatch}
     * @param what a sentence
     */
    record Moment(long at, String what) {}

    private final List<Moment> moments = new ArrayList<>();
    private final Report report;
    private final History history;
    private final long killed;
    private final long restored;

    private Story(Report report, History history, long killed, long restored) {
        this.report = report;
        this.history = history;
        this.killed = killed;
        this.restored = restored;
    }

    /** Of a run whose local endpoints died and came back at these times. */
    static List<Moment> of(Report report, History history, long killed, long restored) {
        Story story = new Story(report, history, killed, restored);
        story.leaving();
        story.returning();
        report.switches().forEach(change -> story.at(change.at(), "most load: " + change));
        story.moments.sort(Comparator.comparingLong(Moment::at));
        return List.copyOf(story.moments);
    }

    private void leaving() {
        at(killed, "the local endpoints are killed");
        firstServed("clusterset", killed)
                .ifPresent(first -> at(first, "first call served by clusterset" + afterKill(first)));
        lastServed("local", restored).ifPresent(last -> {
            if (last > killed) {
                at(last, "last call served by local" + afterKill(last));
            }
        });
        history.loadsSince(killed).stream()
                .filter(timed -> timed.at() < restored && local(timed).percent() == 0)
                .findFirst()
                .ifPresent(timed ->
                        at(timed.at(), "local carries 0 %: " + local(timed).reason()));
    }

    private void returning() {
        at(restored, "the local endpoints are back");
        history.last(Story::becameHealthy)
                .filter(timed -> timed.at() > restored)
                .ifPresent(timed -> at(timed.at(), "all of them are healthy again: probes passed"));
        firstLoad(load -> load.percent() > 0)
                .ifPresent(timed -> at(
                        timed.at(),
                        "the dwell is over: local gets " + local(timed).percent()
                                + " % and, while that goes well, step by step more"));
        firstServed("local", restored).ifPresent(first -> at(first, "first call served by local again"));
        firstLoad(load -> load.percent() == 100).ifPresent(timed -> at(timed.at(), "local carries 100 % again"));
        lastServed("clusterset", Long.MAX_VALUE).ifPresent(last -> at(last, "last call served by clusterset"));
    }

    private Optional<History.Timed> firstLoad(Predicate<TierLoad> ofLocal) {
        return history.loadsSince(restored).stream()
                .filter(timed -> ofLocal.test(local(timed)))
                .findFirst();
    }

    private static boolean becameHealthy(Event event) {
        return event instanceof Event.VerdictChanged change && change.to().state() == State.HEALTHY;
    }

    private OptionalLong firstServed(String tier, long since) {
        return report.calls().stream()
                .filter(call -> call.ended() >= since && call.tier().equals(tier))
                .mapToLong(CallLog.Entry::ended)
                .min();
    }

    private OptionalLong lastServed(String tier, long before) {
        return report.calls().stream()
                .filter(call -> call.ended() < before && call.tier().equals(tier))
                .mapToLong(CallLog.Entry::ended)
                .max();
    }

    private static TierLoad local(History.Timed timed) {
        return ((Event.LoadChanged) timed.event())
                .loads().stream()
                        .filter(load -> load.tier().equals("local"))
                        .findFirst()
                        .orElseThrow();
    }

    private String afterKill(long when) {
        return String.format(Locale.ROOT, ", %.0f ms after the kill", Stopwatch.millis(when - killed));
    }

    private void at(long when, String what) {
        moments.add(new Moment(when, what));
    }
}
