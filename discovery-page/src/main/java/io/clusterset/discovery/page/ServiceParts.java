package io.clusterset.discovery.page;

import io.clusterset.discovery.Sight;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Returning;
import io.clusterset.discovery.model.TierLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One service, as the page's second view shows it: the part {@code service}, one for each tier, each endpoint and each moment of its
 * {@link Timeline}. An endpoint about which nothing changed costs next to nothing. Not thread-safe.
 */
final class ServiceParts implements Look {

    private static final Duration LONGEST_FRESH = Duration.ofDays(365); // its source tells of changes by itself
    private static final int RULES_SHOWN = 6;

    private final String name;
    private final Supplier<Optional<Sight>> sights;
    private final Timeline timeline = new Timeline();
    private Map<Endpoint, Cell> cells = Map.of();
    private @Nullable Decision decided;
    private Map<String, String> ofDecision = Map.of();
    private long now;
    private Parts last = new Parts(Map.of());

    ServiceParts(String name, Supplier<Optional<Sight>> sights) {
        this.name = name;
        this.sights = sights;
    }

    @Override
    public Parts look() {
        return sights.get().map(this::of).orElseGet(this::rests);
    }

    @Override
    public long now() {
        return now;
    }

    private Parts rests() {
        decided = null;
        return changed(Map.of(
                "service", new Fields().text("name", name).truth("rests", true).end()));
    }

    @SuppressWarnings("ReferenceEquality") // the very decision
    private Parts of(Sight sight) {
        now = sight.now() / Units.MILLI;
        Decision decision = sight.decision();
        boolean same = decision == decided;
        if (!same) {
            decided = decision;
            ofDecision = ofDecision(decision);
        }
        boolean news = timeline.look(sight);
        if (same && !news) {
            return last;
        }
        Map<String, String> parts = new LinkedHashMap<>(ofDecision);
        parts.putAll(timeline.parts());
        return changed(parts);
    }

    private Parts changed(Map<String, String> parts) {
        if (!parts.equals(last.all())) {
            last = new Parts(parts);
        }
        return last;
    }

    private Map<String, String> ofDecision(Decision decision) {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put(
                "service",
                new Fields()
                        .text("name", name)
                        .number("shed", decision.shed())
                        .texts("notes", decision.notes())
                        .texts("next", decision.next())
                        .number("decided", Units.millis(decision.snapshot().takenAt()))
                        .texts(
                                "tiers",
                                decision.tiers().stream()
                                        .map(tier -> tier.load().tier())
                                        .toList())
                        .end());
        Map<Endpoint, Double> shares = decision.shares();
        Map<Endpoint, Cell> now = new HashMap<>();
        for (Decision.Tier tier : decision.tiers()) {
            parts.put("tier:" + tier.load().tier(), tier(tier, decision.returning()));
        }
        for (Decision.Tier tier : decision.tiers()) {
            for (Candidate candidate : tier.candidates()) {
                Endpoint endpoint = candidate.endpoint();
                Cell cell = cell(tier.load().tier(), candidate, shares.getOrDefault(endpoint, 0.0));
                now.put(endpoint, cell);
                parts.put(cell.key(), cell.json());
            }
        }
        cells = now;
        return parts;
    }

    private static String tier(Decision.Tier tier, List<Returning> returning) {
        TierLoad load = tier.load();
        Resolution answer = tier.view().resolution();
        Evidence evidence = answer.evidence();
        Fields fields = new Fields()
                .text("tier", load.tier())
                .number("load", load.percent())
                .number("target", load.target())
                .number("health", load.health())
                .truth("panic", load.panic())
                .known("reason", load.reason())
                .text("outcome", answer.word())
                .known("rcode", evidence.rcode())
                .known("detail", evidence.detail())
                .known("answeredBy", evidence.answeredBy())
                .texts("asked", evidence.queries())
                .number("answeredAt", Units.millis(tier.view().answeredAt()));
        if (!answer.freshFor().isZero() && answer.freshFor().compareTo(LONGEST_FRESH) < 0) {
            fields.number(
                    "askedAgainBy",
                    Units.millis(tier.view().answeredAt() + answer.freshFor().toNanos()));
        }
        if (answer.stale()) {
            fields.number("staleFrom", Units.millis(tier.view().foundAt()));
        }
        fields.json("leftOut", leftOut(tier));
        returning.stream()
                .filter(one -> one.tier().equals(load.tier()))
                .findFirst()
                .ifPresent(one -> fields.json("returning", returning(one)));
        return fields.end();
    }

    private static String returning(Returning returning) {
        return new Fields()
                .number("step", returning.step())
                .number("then", returning.then())
                .number("began", Units.millis(returning.began()))
                .number("due", Units.millis(returning.due()))
                .end();
    }

    /** There may be thousands; the rule is what matters. */
    private static String leftOut(Decision.Tier tier) {
        Map<String, List<String>> byRule = new LinkedHashMap<>();
        Stream.of(tier.view().resolution().evidence().dropped(), tier.view().dropped(), tier.excluded())
                .flatMap(List::stream)
                .forEach(one -> byRule.computeIfAbsent(one.rule(), any -> new ArrayList<>())
                        .add(one.address()));
        return Fields.array(byRule.entrySet().stream()
                .limit(RULES_SHOWN)
                .map(rule -> new Fields()
                        .text("rule", rule.getKey())
                        .number("count", rule.getValue().size())
                        .text("first", rule.getValue().get(0))
                        .end())
                .toList());
    }

    @SuppressWarnings("ReferenceEquality") // the very endpoint, of which all else is a part
    private Cell cell(String tier, Candidate candidate, double share) {
        Cell before = cells.get(candidate.endpoint());
        long percent = Math.round(share * 100);
        if (before != null
                && before.candidate.endpoint() == candidate.endpoint()
                && before.percent == percent
                && before.candidate.use() == candidate.use()
                && before.candidate.verdict().equals(candidate.verdict())) {
            return before;
        }
        return new Cell(
                "endpoint:" + tier + " " + candidate.endpoint().authority(),
                candidate,
                percent,
                json(tier, candidate, percent / 100.0));
    }

    private static String json(String tier, Candidate candidate, double share) {
        Endpoint endpoint = candidate.endpoint();
        return new Fields()
                .text("tier", tier)
                .text("address", endpoint.authority())
                .text("verdict", candidate.verdict().state().word())
                .known("reason", candidate.verdict().reason())
                .decimal("share", share)
                .known(
                        "use",
                        candidate.use() == Candidate.Use.IN_TURN
                                ? ""
                                : candidate
                                        .use()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .replace('_', ' '))
                .known("cluster", endpoint.cluster())
                .known("region", endpoint.locality().region())
                .known("zone", endpoint.locality().zone())
                .known("node", endpoint.locality().node())
                .end();
    }

    /** An endpoint as it was told last. */
    private record Cell(String key, Candidate candidate, long percent, String json) {}
}
