package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler.Pending;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.IntSupplier;

/**
 * Where queries wait while the budget is used up. Confirmations first, for what is known waits for them; then the rest of
 * lookups that have begun, then names found before; and every fourth turn a name never found, or those would never let it
 * in. Of these the last comes first: whoever has waited for seconds has been told that there is no answer, and a flood of
 * made-up names must not stand before a real one. Used on the serial executor.
 */
final class QueryLine {

    private static final int COLD_SHARE = 4;

    private final QueryBudget budget;
    private final IntSupplier repeated;
    private final Alarm alarm;
    private final EventSink events;
    private final Map<Kind, NavigableMap<Long, Waiting>> waiting = new EnumMap<>(Kind.class);
    private long places;
    private int turns;
    private boolean shortage;

    /** With how many queries were sent without asking here since it was last asked. */
    QueryLine(QueryBudget budget, IntSupplier repeated, Alarm alarm, EventSink events) {
        this.budget = budget;
        this.repeated = repeated;
        this.alarm = alarm;
        this.events = events;
        for (Kind kind : Kind.values()) {
            waiting.put(kind, new TreeMap<>());
        }
    }

    /** Runs a task that sends so many queries, now or when its turn comes; cancelled, it leaves the line. */
    Pending join(Kind kind, int queries, Runnable task) {
        if (isEmpty() && mayAsk(queries)) {
            task.run();
            return () -> {};
        }
        places++;
        long place = places;
        of(kind).put(place, new Waiting(queries, task));
        if (!shortage) {
            shortage = true;
            events.accept(new Event.Limit(
                    "",
                    "dns: " + QueryBudget.PER_SECOND + " queries a second (" + QueryBudget.BURST
                            + " at once) are used up: questions wait, names found before go first"));
        }
        alarm.setIfSooner(budget.until(queries), this::move);
        return () -> of(kind).remove(place);
    }

    /** Takes a query that was paid for and not sent. */
    void giveBack(int queries) {
        budget.spent(-queries);
    }

    void close() {
        alarm.cancel();
        waiting.values().forEach(Map::clear);
    }

    private NavigableMap<Long, Waiting> of(Kind kind) {
        return waiting.computeIfAbsent(kind, k -> new TreeMap<>());
    }

    private boolean isEmpty() {
        return waiting.values().stream().allMatch(Map::isEmpty);
    }

    private boolean mayAsk(int queries) {
        budget.spent(repeated.getAsInt());
        return budget.take(queries);
    }

    private void move() {
        while (!isEmpty()) {
            Kind kind = next();
            Map.Entry<Long, Waiting> first = kind == Kind.NEVER_FOUND ? of(kind).lastEntry() : of(kind).firstEntry();
            Waiting turn = first.getValue();
            if (!mayAsk(turn.queries())) {
                alarm.set(budget.until(turn.queries()), this::move);
                return;
            }
            turns++;
            of(kind).remove(first.getKey());
            turn.task().run();
        }
        shortage = false;
    }

    private Kind next() {
        if (of(Kind.CONFIRMATION).isEmpty()
                && turns % COLD_SHARE == 0
                && !of(Kind.NEVER_FOUND).isEmpty()) {
            return Kind.NEVER_FOUND;
        }
        for (Kind kind : Kind.values()) {
            if (!of(kind).isEmpty()) {
                return kind;
            }
        }
        throw new IllegalStateException("nobody waits");
    }

    /** Who waits, in the order of their turns. */
    enum Kind {
        CONFIRMATION,
        BEGUN,
        FOUND_BEFORE,
        NEVER_FOUND
    }

    private record Waiting(int queries, Runnable task) {}
}
