package io.clusterset.discovery.page;

import io.clusterset.discovery.Sight;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.observe.DecisionRing;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.observe.Explanation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What happened to one service: a part {@code moment:…} for each event that is remembered, and the part {@code history}, how its load
 * was split since when. Moves of load outlive the events of a busy hour, since decisions are remembered apart. Looked at anew twice a
 * second at most, or when the load moves. Not thread-safe.
 */
final class Timeline {

    private static final int MOMENTS = 120;
    private static final long PAUSE = 500 * Units.MILLI;

    private Map<String, String> parts = Map.of();
    private List<Integer> loads = List.of();
    private long lookedAt;
    private boolean looked;

    /** Has another look if it is time; whether anything changed. */
    boolean look(Sight sight) {
        List<Integer> now = sight.decision().tiers().stream()
                .map(tier -> tier.load().percent())
                .toList();
        if (looked && now.equals(loads) && sight.now() - lookedAt < PAUSE) {
            return false;
        }
        looked = true;
        loads = now;
        lookedAt = sight.now();
        Map<String, String> seen = seen(sight.explain());
        boolean changed = !seen.equals(parts);
        parts = seen;
        return changed;
    }

    Map<String, String> parts() {
        return parts;
    }

    private static Map<String, String> seen(Explanation explanation) {
        Map<String, String> seen = new LinkedHashMap<>();
        seen.put("history", history(explanation));
        List<Moment> moments = new ArrayList<>(forgotten(explanation));
        explanation.events().stream().map(Moment::of).forEach(moments::add);
        int first = Math.max(0, moments.size() - MOMENTS);
        for (Moment moment : moments.subList(first, moments.size())) {
            seen.put(moment.key(), moment.json());
        }
        return seen;
    }

    /** Moves of load of which no event is remembered any more. */
    private static List<Moment> forgotten(Explanation explanation) {
        long remembered = explanation.events().stream()
                .filter(timed -> timed.kind().equals("load"))
                .mapToLong(EventLog.Timed::at)
                .findFirst()
                .orElse(Long.MAX_VALUE);
        List<Moment> moves = new ArrayList<>();
        Optional<DecisionRing.Past> before = Optional.empty();
        for (DecisionRing.Past past : explanation.before()) {
            addMove(before, past.decision(), remembered, moves);
            before = Optional.of(past);
        }
        addMove(before, explanation.decision(), remembered, moves);
        return moves;
    }

    private static void addMove(
            Optional<DecisionRing.Past> before, Decision then, long remembered, List<Moment> moves) {
        before.filter(past -> !loads(past.decision()).equals(loads(then)) && past.until() < remembered - Units.MILLI)
                .ifPresent(past -> moves.add(new Moment(past.until(), "load", "", move(then))));
    }

    /** As the event says it. */
    private static String move(Decision decision) {
        String loads = decision.tiers().stream()
                .map(tier -> tier.load().tier() + " " + tier.load().percent() + " %")
                .collect(Collectors.joining(" "));
        String reason = decision.tiers().stream()
                .map(Decision.Tier::load)
                .filter(load -> !load.reason().isEmpty())
                .findFirst()
                .map(load -> " (" + load.tier() + ": " + load.reason() + ")")
                .orElse("");
        return decision.service() + ": load " + loads + reason;
    }

    private static List<Integer> loads(Decision decision) {
        return decision.tiers().stream()
                .map(Decision.Tier::load)
                .map(TierLoad::percent)
                .toList();
    }

    /** Spans of time in which the load was split alike, the eldest first; the last one lasts. */
    private static String history(Explanation explanation) {
        List<String> spans = new ArrayList<>();
        long end = Long.MIN_VALUE;
        for (DecisionRing.Past past : explanation.before()) {
            spans.add(span(past.since(), past.decision()));
            end = past.until();
        }
        if (!spans.isEmpty()) {
            spans.add(span(end, explanation.decision()));
        }
        return Fields.array(spans);
    }

    private static String span(long since, Decision decision) {
        Fields split = new Fields();
        decision.tiers()
                .forEach(tier -> split.number(tier.load().tier(), tier.load().percent()));
        return new Fields()
                .number("from", Units.millis(since))
                .json("loads", split.end())
                .end();
    }

    /** Something that happened. */
    private record Moment(long at, String kind, String subject, String text) {

        static Moment of(EventLog.Timed timed) {
            return new Moment(timed.at(), timed.kind(), timed.subject(), timed.text());
        }

        /** Two of one kind and subject at one nanosecond are one. */
        String key() {
            return "moment:" + at + " " + kind + " " + subject;
        }

        String json() {
            return new Fields()
                    .number("at", Units.millis(at))
                    .text("kind", kind)
                    .known("subject", subject)
                    .text("text", text)
                    .end();
        }
    }
}
