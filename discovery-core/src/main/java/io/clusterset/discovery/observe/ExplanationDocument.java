package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An explanation as JSON would have it. What is not known is null; a field is never left out. */
final class ExplanationDocument {

    /** Fresh for longer than any TTL: the answer's source tells of changes by itself. */
    private static final Duration LONGER_THAN_ANY_TTL = Duration.ofDays(365);

    private final Explanation explanation;
    private final Map<Endpoint, Double> shares;
    private final long now;

    ExplanationDocument(Explanation explanation, long now) {
        this.explanation = explanation;
        this.shares = explanation.decision().shares();
        this.now = now;
    }

    Map<String, Object> document() {
        Decision decision = explanation.decision();
        ServiceName name = decision.service();
        Map<String, Object> document = new LinkedHashMap<>();
        put(document, "service", name.service());
        put(document, "namespace", known(name.namespace()));
        put(document, "port", name.port() instanceof Port.Number number ? number.number() : null);
        if (name.port() instanceof Port.Named named) {
            document.put("portName", named.name());
        }
        document.put("load", load(decision));
        if (decision.shed() > 0) {
            document.put("shed", decision.shed());
        }
        document.put("tiers", decision.tiers().stream().map(this::tier).toList());
        document.put("notes", decision.notes());
        document.put("next", decision.next());
        document.put(
                "recent", explanation.eventsShown().stream().map(this::event).toList());
        document.put("before", explanation.before().stream().map(this::past).toList());
        document.put(
                "settings",
                explanation.settings().stream()
                        .map(ExplanationDocument::setting)
                        .toList());
        return document;
    }

    private static Map<String, Object> load(Decision decision) {
        Map<String, Object> load = new LinkedHashMap<>();
        decision.tiers()
                .forEach(tier -> load.put(tier.load().tier(), tier.load().percent()));
        return load;
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
        put(fields, "staleSeconds", answer.stale() ? seconds(explanation.staleFor(tier)) : null);
        put(fields, "answeredBy", known(evidence.answeredBy()));
        put(
                fields,
                "tookMillis",
                evidence.took().isZero() ? null : Math.round(evidence.took().toNanos() / 1e3) / 1e3);
        put(fields, "reason", known(tier.load().reason()));
        fields.put("health", tier.load().health());
        fields.put("target", tier.load().target());
        fields.put("panic", tier.load().panic());
        fields.put(
                "endpoints",
                tier.candidates().stream()
                        .map(candidate -> endpoint(candidate, shares.getOrDefault(candidate.endpoint(), 0.0)))
                        .toList());
        fields.put(
                "dropped",
                explanation.dropped(tier).stream()
                        .map(ExplanationDocument::dropped)
                        .toList());
        return fields;
    }

    private static Map<String, Object> endpoint(Candidate candidate, double share) {
        Endpoint endpoint = candidate.endpoint();
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("address", endpoint.host());
        fields.put("port", endpoint.port());
        fields.put("verdict", candidate.verdict().state().word());
        put(fields, "reason", known(candidate.verdict().reason()));
        fields.put("share", rounded(share));
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

    private Map<String, Object> event(EventLog.Timed timed) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("secondsAgo", seconds(Duration.ofNanos(now - timed.at())));
        fields.put("event", timed.kind());
        fields.put("text", timed.text());
        return fields;
    }

    private Map<String, Object> past(DecisionRing.Past past) {
        Map<String, Object> reasons = new LinkedHashMap<>();
        past.decision()
                .tiers()
                .forEach(tier -> reasons.put(tier.load().tier(), tier.load().reason()));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("secondsAgo", seconds(Duration.ofNanos(now - past.since())));
        fields.put("lastedSeconds", seconds(Duration.ofNanos(past.until() - past.since())));
        fields.put("load", load(past.decision()));
        fields.put("reasons", reasons);
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
        return none ? null : left.plusNanos(999_999_999).toSeconds();
    }

    private static double seconds(Duration time) {
        return Math.max(0, time.toMillis()) / 1e3;
    }

    /** Two decimals; a whole number without any. */
    private static Number rounded(double value) {
        double rounded = Math.round(value * 100) / 100.0;
        return rounded == Math.rint(rounded) ? (Number) (long) rounded : (Number) rounded;
    }

    @SuppressWarnings("NullAway") // values may be null: that is how JSON says "not known"
    private static void put(Map<String, Object> map, String key, @Nullable Object value) {
        map.put(key, value);
    }

    private static @Nullable String known(String text) {
        return text.isEmpty() ? null : text;
    }
}
