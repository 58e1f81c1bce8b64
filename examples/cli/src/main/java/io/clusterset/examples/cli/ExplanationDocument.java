package io.clusterset.examples.cli;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An explanation as JSON: what {@code resolve} prints, and with the reasons added what {@code explain} prints. What is not
 * known is null; a field is never left out.
 */
final class ExplanationDocument {

    /** Fresh for longer than any TTL: the answer's source tells of changes by itself. */
    private static final Duration LONGER_THAN_ANY_TTL = Duration.ofDays(365);

    private final Explanation explanation;
    private final Map<Endpoint, Double> shares;
    private final boolean reasons;

    private ExplanationDocument(Explanation explanation, boolean reasons) {
        this.explanation = explanation;
        this.shares = explanation.decision().shares();
        this.reasons = reasons;
    }

    /** What is, without why. */
    static Map<String, Object> facts(Examination examination) {
        return new ExplanationDocument(examination.explanation(), false).with(examination);
    }

    /** What is, and why. */
    static Map<String, Object> factsAndReasons(Examination examination) {
        return new ExplanationDocument(examination.explanation(), true).with(examination);
    }

    private Map<String, Object> with(Examination examination) {
        Map<String, Object> document = document();
        examination.error().ifPresent(error -> document.put("error", error));
        return document;
    }

    @SuppressWarnings("NullAway") // values may be null: that is how JSON says "not known"
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private Map<String, Object> document() {
        Decision decision = explanation.decision();
        ServiceName name = decision.service();
        Map<String, Object> document = new LinkedHashMap<>();
        put(document, "service", name.service());
        put(document, "namespace", known(name.namespace()));
        put(document, "port", name.port() instanceof Port.Number number ? number.number() : null);
        if (name.port() instanceof Port.Named named) {
            document.put("portName", named.name());
        }
        Map<String, Object> load = new LinkedHashMap<>();
        decision.tiers()
                .forEach(tier -> load.put(tier.load().tier(), tier.load().percent()));
        document.put("load", load);
        if (decision.shed() > 0) {
            document.put("shed", decision.shed());
        }
        document.put("tiers", decision.tiers().stream().map(this::tier).toList());
        if (reasons) {
            List<String> notes = new ArrayList<>(decision.notes());
            notes.addAll(decision.next());
            document.put("notes", notes);
            document.put(
                    "settings",
                    explanation.settings().stream()
                            .map(ExplanationDocument::setting)
                            .toList());
        }
        return document;
    }

    private Map<String, Object> tier(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        Evidence evidence = answer.evidence();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("tier", tier.load().tier());
        fields.put("query", evidence.queries());
        fields.put("outcome", answer.word());
        put(fields, "rcode", known(evidence.rcode()));
        put(fields, "detail", known(evidence.detail()));
        put(fields, "ttlSeconds", ttl(tier));
        fields.put("stale", answer.stale());
        if (reasons) {
            put(fields, "reason", known(tier.load().reason()));
        }
        fields.put(
                "endpoints",
                tier.candidates().stream()
                        .map(candidate -> endpoint(candidate, shares.getOrDefault(candidate.endpoint(), 0.0)))
                        .toList());
        if (reasons) {
            fields.put(
                    "dropped",
                    explanation.dropped(tier).stream()
                            .map(ExplanationDocument::dropped)
                            .toList());
        }
        return fields;
    }

    private static Map<String, Object> endpoint(Candidate candidate, double share) {
        Endpoint endpoint = candidate.endpoint();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", endpoint.host());
        fields.put("port", endpoint.port());
        fields.put("verdict", candidate.verdict().state().word());
        put(fields, "reason", known(candidate.verdict().reason()));
        fields.put("share", Figures.rounded(share));
        put(fields, "cluster", known(endpoint.cluster()));
        put(fields, "region", known(endpoint.locality().region()));
        put(fields, "zone", known(endpoint.locality().zone()));
        put(fields, "node", known(endpoint.locality().node()));
        return fields;
    }

    private static Map<String, Object> dropped(Evidence.Dropped dropped) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", dropped.address());
        fields.put("rule", dropped.rule());
        return fields;
    }

    private static Map<String, Object> setting(Provenance setting) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("key", setting.key());
        fields.put("value", setting.value());
        fields.put("origin", setting.origin());
        return fields;
    }

    /** What is left of the answer's time to live, begun seconds counted; null if it has none. */
    private @Nullable Long ttl(Decision.Tier tier) {
        Duration left = explanation.freshFor(tier);
        boolean none =
                tier.view().resolution() instanceof Resolution.Unknown || left.compareTo(LONGER_THAN_ANY_TTL) > 0;
        return none ? null : Figures.secondsBegun(left);
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }
}
