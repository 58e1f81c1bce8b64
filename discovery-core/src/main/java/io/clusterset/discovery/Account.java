package io.clusterset.discovery;

import io.clusterset.discovery.call.RetryBudget;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * One service's account of itself: why calls go where they go, and why they went where they went. Puts together what was decided,
 * the events that have to do with it, what is set and what the retry budget says. Thread-safe; never waits.
 */
final class Account {

    private static final Duration LONGEST_AGO =
            Duration.ofDays(36_500); // longer than any process, less than a long holds

    private final ServiceName name;
    private final Selection selection;
    private final Current current;
    private final RetryBudget budget;
    private final Stages stages;

    Account(ServiceName name, Selection selection, Current current, RetryBudget budget, Stages stages) {
        this.name = name;
        this.selection = selection;
        this.current = current;
        this.budget = budget;
        this.stages = stages;
    }

    /** As it is now. */
    Explanation now(Decision decided, long now) {
        return new Explanation(
                withBudget(decided),
                now,
                events(decided, now),
                stages.now().said(name),
                stages.ring().of(selection.subject(name)));
    }

    /**
     * As it was some time ago.
     *
     * @throws IllegalArgumentException if that is negative
     */
    Explanation past(Decision decided, long at, Duration ago) {
        if (ago.isNegative()) {
            throw new IllegalArgumentException("explainPast: " + ago + " ago (expected: >= 0)");
        }
        Explanation now = now(decided, at);
        Duration within = ago.compareTo(LONGEST_AGO) < 0 ? ago : LONGEST_AGO;
        long then = at - within.toNanos();
        if (then - current.since() >= 0) {
            return now;
        }
        return now.before().stream()
                .filter(past -> past.until() - then > 0)
                .findFirst()
                .map(past -> now.of(past, then, events(past.decision(), Math.max(past.since(), then))))
                .orElseGet(() -> now.unknownThen(then));
    }

    /** What retries are left is no stage's decision, and yet why a call failed that could have gone on. */
    private Decision withBudget(Decision decided) {
        Optional<String> shortage = budget.shortage();
        if (shortage.isEmpty()) {
            return decided;
        }
        return new Decision(
                decided.snapshot(),
                decided.tiers(),
                Stream.concat(decided.notes().stream(), shortage.stream()).toList(),
                Stream.concat(decided.next().stream(), budget.replenished().stream())
                        .toList(),
                decided.returning());
    }

    private List<EventLog.Timed> events(Decision decided, long until) {
        Set<String> subjects = new HashSet<>();
        subjects.add(""); // of the whole process: a nameserver that is down, a limit that all of them share
        subjects.add(selection.subject(name));
        subjects.add(Event.Reloaded.SETTINGS);
        decided.snapshot().tiers().forEach(tier -> {
            subjects.add(tier.tier()); // drills
            tier.endpoints().forEach(endpoint -> subjects.add(endpoint.authority()));
        });
        return stages.log().about(subjects, until);
    }
}
