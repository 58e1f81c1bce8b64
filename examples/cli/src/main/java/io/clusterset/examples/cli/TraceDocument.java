package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trace as JSON: what {@code explain} prints, with how the name was read, with times, a pick and a call. */
final class TraceDocument {

    private TraceDocument() {}

    /** The document. What is not known is null. */
    static Map<String, Object> of(Trace trace) {
        Map<String, Object> document = ExplanationDocument.factsAndReasons(trace.examination());
        List<Map<String, Object>> tiers = new ArrayList<>();
        List<Decision.Tier> decided =
                trace.examination().explanation().decision().tiers();
        for (Map<String, Object> tier : ExplanationDocument.tiers(document)) {
            tiers.add(timed(trace, decided.get(tiers.size()), tier));
        }
        document.put("tiers", tiers);
        document.put("name", trace.name().document());
        put(document, "firstPickMillis", trace.firstPick().map(TraceDocument::millis));
        document.put("answeredMillis", millis(trace.answered()));
        put(document, "probesMillis", trace.probing().map(TraceDocument::millis));
        document.put("knownMillis", millis(trace.known()));
        put(document, "pick", trace.pick().map(TraceDocument::pick));
        put(document, "call", trace.call().map(TracedCall::document));
        trace.error().ifPresent(error -> document.put("error", error));
        return document;
    }

    private static Map<String, Object> timed(Trace trace, Decision.Tier tier, Map<String, Object> explained) {
        Map<String, Object> fields = new LinkedHashMap<>(explained);
        put(fields, "answeredMillis", trace.answeredAfter(tier).map(TraceDocument::millis));
        fields.put("known", tier.view().endpoints().size());
        fields.put("eligible", tier.candidates().size());
        return fields;
    }

    private static Map<String, Object> pick(Endpoint endpoint) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", endpoint.host());
        fields.put("port", endpoint.port());
        fields.put("tier", endpoint.tier());
        return fields;
    }

    private static double millis(Duration time) {
        return Figures.millis(time.toNanos());
    }

    @SuppressWarnings("NullAway") // values may be null: that is how JSON says "not known"
    private static void put(Map<String, Object> map, String key, Optional<?> value) {
        @Nullable Object known = value.orElse(null);
        map.put(key, known);
    }
}
