package io.clusterset.examples.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as JSON: the library's own for {@code explain}, without the reasons for {@code resolve}. What is not known is
 * null; a field is never left out.
 */
final class ExplanationDocument {

    private static final Set<String> FACTS =
            Set.of("service", "namespace", "port", "portName", "load", "shed", "tiers");
    private static final Set<String> FACTS_OF_A_TIER =
            Set.of("tier", "query", "outcome", "rcode", "detail", "ttlSeconds", "stale", "endpoints");

    private ExplanationDocument() {}

    /** What is, without why. */
    static Map<String, Object> facts(Examination examination) {
        Map<String, Object> document = only(FACTS, examination.explanation().document());
        document.put(
                "tiers",
                tiers(document).stream()
                        .map(tier -> only(FACTS_OF_A_TIER, tier))
                        .toList());
        examination.error().ifPresent(error -> document.put("error", error));
        return document;
    }

    /** What is, and why. */
    static Map<String, Object> factsAndReasons(Examination examination) {
        Map<String, Object> document =
                new LinkedHashMap<>(examination.explanation().document());
        document.put(
                "settings",
                examination.explanation().settings().stream()
                        .map(Origins::document)
                        .toList());
        examination.error().ifPresent(error -> document.put("error", error));
        return document;
    }

    /** The tiers of a document, in order. */
    static List<Map<String, Object>> tiers(Map<String, Object> document) {
        return ((List<?>) Objects.requireNonNull(document.get("tiers")))
                .stream().map(ExplanationDocument::fields).toList();
    }

    @SuppressWarnings("unchecked") // by the explanation's contract
    private static Map<String, Object> fields(@Nullable Object tier) {
        return (Map<String, Object>) Objects.requireNonNull(tier);
    }

    private static Map<String, Object> only(Set<String> keys, Map<String, Object> document) {
        Map<String, Object> fields = new LinkedHashMap<>(document);
        fields.keySet().retainAll(keys);
        return fields;
    }
}
