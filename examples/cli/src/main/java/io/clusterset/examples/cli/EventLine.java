package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A line of {@code watch}: a moment, what kind of thing happened, and what; with the fields it has for a program.
 *
 * @param at when
 * @param kind of {@link Event#kind()}, or {@code state} for the first line
 * @param service whom it concerns
 * @param subject what it is about
 * @param text the sentence
 * @param tint what it means
 * @param fields what else a program may want
 */
record EventLine(
        Instant at, String kind, String service, String subject, String text, Tint tint, Map<String, Object> fields) {

    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int TIME_FROM = "uuuu-MM-ddT".length();
    private static final int TIME_TO = TIME_FROM + "HH:mm:ss.SSS".length();
    private static final int KIND_WIDTH = "verdict".length(); // only one is longer, and rare

    /** What is, when the watch begins. */
    static EventLine state(Instant at, Decision decision) {
        String service = decision.service().toString();
        String text = decision.tiers().stream().map(EventLine::state).collect(Collectors.joining(", "));
        List<TierLoad> loads =
                decision.tiers().stream().map(Decision.Tier::load).toList();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("loads", loads(loads));
        fields.put(
                "endpoints",
                decision.tiers().stream()
                        .flatMap(tier -> tier.candidates().stream())
                        .map(candidate -> candidate.endpoint().authority())
                        .toList());
        Tint tint = decision.mostLoaded().isEmpty() ? Tint.BAD : Tint.PLAIN;
        return new EventLine(at, "state", service, service, service + ": " + text, tint, fields);
    }

    private static String state(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        int endpoints = tier.candidates().size();
        return tier.load().tier() + " " + tier.load().percent() + " % ("
                + answer.word().replace('-', ' ') + (endpoints == 0 ? "" : " " + endpoints) + ")";
    }

    /** An event. */
    static EventLine of(Instant at, String service, Event event) {
        Map<String, Object> fields = new LinkedHashMap<>();
        if (!event.tier().isEmpty()) {
            fields.put("tier", event.tier());
        }
        Tint tint = fill(fields, event);
        return new EventLine(at, event.kind(), service, event.subject(), event.toString(), tint, fields);
    }

    /** Adds what an event of its kind has, and says what it means. */
    private static Tint fill(Map<String, Object> fields, Event event) {
        if (event instanceof Event.Answered answered) {
            Resolution answer = answered.resolution();
            fields.put("outcome", answer.word());
            putKnown(fields, "rcode", answer.evidence().rcode());
            fields.put(
                    "endpoints",
                    answer.endpoints().stream().map(EventLine::address).toList());
            return Tint.of(answer);
        } else if (event instanceof Event.VerdictChanged changed) {
            fields.put("from", changed.from().state().word());
            fields.put("to", changed.to().state().word());
            fields.put("reason", changed.to().reason());
            return Tint.of(changed.to().state());
        } else if (event instanceof Event.LoadChanged changed) {
            fields.put("loads", loads(changed.loads()));
            return changed.mostLoaded().isEmpty() ? Tint.BAD : Tint.PLAIN;
        } else if (event instanceof Event.HealthChanged changed) {
            fields.put("healthy", changed.healthy());
            fields.put("total", changed.total());
            return changed.healthy() == changed.total() ? Tint.GOOD : changed.healthy() == 0 ? Tint.BAD : Tint.DOUBT;
        } else if (event instanceof Event.StaleChanged changed) {
            fields.put("stale", changed.stale());
            fields.put("kept", changed.kept());
            return changed.stale() ? Tint.DOUBT : Tint.GOOD;
        } else if (event instanceof Event.AddressesDropped left) {
            fields.put(
                    "dropped",
                    left.dropped().stream()
                            .map(one -> Map.of("address", one.address(), "rule", one.rule()))
                            .toList());
            return Tint.DOUBT;
        } else if (event instanceof Event.PanicChanged changed) {
            fields.put("panic", changed.panic());
            return changed.panic() ? Tint.BAD : Tint.GOOD;
        } else if (event instanceof Event.ReturnChanged changed) {
            fields.put("failed", changed.failed());
            return changed.failed() ? Tint.BAD : Tint.PLAIN;
        }
        boolean trouble = event instanceof Event.Trouble
                || event instanceof Event.Limit
                || (event instanceof Event.Reloaded reloaded && reloaded.isTrouble());
        return trouble ? Tint.BAD : Tint.PLAIN;
    }

    @SuppressWarnings("NullAway") // values may be null: that is how JSON says "not known"
    private static void putKnown(Map<String, Object> fields, String key, String text) {
        @Nullable Object known = text.isEmpty() ? null : text;
        fields.put(key, known);
    }

    /** As its source said it, which may not know ports. */
    private static String address(Endpoint endpoint) {
        return endpoint.port() == 0 ? endpoint.host() : endpoint.authority();
    }

    private static Map<String, Object> loads(List<TierLoad> tiers) {
        Map<String, Object> loads = new LinkedHashMap<>();
        tiers.forEach(load -> loads.put(load.tier(), load.percent()));
        return loads;
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("at", MOMENT.format(at));
        document.put("event", kind);
        document.put("service", service);
        document.put("subject", subject);
        document.put("text", text);
        document.putAll(fields);
        return document;
    }

    /** For a person: a line, or some, so that they fit, unless all is wanted in one. The service is known to who reads it. */
    List<String> lines(Paint paint, boolean whole) {
        String time = MOMENT.format(at).substring(TIME_FROM, TIME_TO);
        String padded = kind + " ".repeat(Math.max(0, KIND_WIDTH - kind.length()));
        String said = without(kind + " ", without(service + ": ", text));
        if (whole) {
            return List.of(time + " " + paint.on(tint, padded + " " + said));
        }
        int indent = time.length() + padded.length() + 2;
        List<String> lines = new ArrayList<>();
        for (String line : Table.wrap(" ".repeat(indent), shorterSubject(said, Table.WIDTH - indent))) {
            String front = lines.isEmpty() ? time + " " : " ".repeat(indent);
            String part = line.substring(indent);
            lines.add(front + paint.on(tint, lines.isEmpty() ? padded + " " + part : part));
        }
        return lines;
    }

    private static String without(String front, String text) {
        return text.startsWith(front) ? text.substring(front.length()) : text;
    }

    /** A name that is longer than a line is cut in its middle. */
    private String shorterSubject(String said, int room) {
        boolean first = !subject.isEmpty() && said.startsWith(subject);
        return first ? Cut.middle(subject, room - 1) + said.substring(subject.length()) : said;
    }
}
