package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.TierLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Why calls of one service go where they go. {@link #toString()} is the story for a person; {@link #decision()} is the same
 * for a program. Immutable.
 */
public final class Explanation {

    private static final int ENDPOINTS_SHOWN = 20;
    private static final int LONG = 100; // characters: said in full once
    private static final int LONGEST_TTL = 86_400; // a source that pushes says more and is not asked again

    private final Decision decision;
    private final long now;
    private final List<EventLog.Timed> recent;
    private final List<Provenance> settings;

    /** Of one decision, at a moment, with what led to it and what was set by somebody. */
    public Explanation(Decision decision, long now, List<EventLog.Timed> recent, List<Provenance> settings) {
        this.decision = decision;
        this.now = now;
        this.recent = List.copyOf(recent);
        this.settings = List.copyOf(settings);
    }

    /** What the stages decided. */
    public Decision decision() {
        return decision;
    }

    /** What is left of an answer's freshness. */
    public Duration freshFor(Decision.Tier tier) {
        Duration left =
                tier.view().resolution().freshFor().minusNanos(now - tier.view().answeredAt());
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** Everything left out of a tier and the rule: by its source, by being another tier's, by topology. */
    public List<Evidence.Dropped> dropped(Decision.Tier tier) {
        List<Evidence.Dropped> all =
                new ArrayList<>(tier.view().resolution().evidence().dropped());
        all.addAll(tier.view().dropped());
        all.addAll(tier.excluded());
        return List.copyOf(all);
    }

    /** The settings that somebody said, or that were detected: of all services, then of this one. */
    public List<Provenance> settings() {
        return settings;
    }

    /** What led here, oldest first, such as {@code 12.3 s ago: orders.shop: load local 0% clusterset 100%}. */
    public List<String> recent() {
        return recent.stream().map(this::ago).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(headline()).append('\n');
        Map<Endpoint, Double> shares = decision.shares();
        Set<String> told = new HashSet<>();
        for (Decision.Tier tier : decision.tiers()) {
            tell(tier, shares, told, text);
        }
        section("notes", decision.notes(), text);
        long old = (now - decision.snapshot().takenAt()) / 1_000_000_000; // times to come are counted from the decision
        section(old == 0 ? "next" : "next, seen from " + old + " s ago", decision.next(), text);
        section("recently", recent().stream().map(this::brief).toList(), text);
        section("settings", settings.stream().map(Provenance::toString).toList(), text);
        return text.toString();
    }

    private String headline() {
        String most = decision.mostLoaded();
        if (most.isEmpty()) {
            return decision.service() + ": no endpoint in any tier";
        }
        String loads = decision.tiers().stream()
                .map(tier -> tier.load().tier() + " " + tier.load().percent() + " %")
                .collect(Collectors.joining(", "));
        return decision.service() + ": " + loads + (decision.shed() > 0 ? ", shed " + decision.shed() + " %" : "");
    }

    private void tell(Decision.Tier tier, Map<Endpoint, Double> shares, Set<String> told, StringBuilder text) {
        TierLoad load = tier.load();
        Resolution answer = tier.view().resolution();
        text.append(
                String.format(Locale.ROOT, "  %-12s %3d %%  %s%n", load.tier(), load.percent(), brief(load.reason())));
        Evidence evidence = answer.evidence();
        if (!evidence.queries().isEmpty()) {
            text.append("    asked     ")
                    .append(String.join(", ", evidence.queries()))
                    .append('\n');
        }
        text.append("    answer    ").append(answer.word().replace('-', ' '));
        if (!evidence.rcode().isEmpty()) {
            text.append(" (").append(evidence.rcode()).append(')');
        }
        if (!evidence.answeredBy().isEmpty() && !evidence.detail().contains(evidence.answeredBy())) {
            text.append(" from ").append(evidence.answeredBy());
        }
        if (!evidence.detail().isEmpty()) {
            text.append(": ").append(told.add(evidence.detail()) ? evidence.detail() : brief(evidence.detail()));
        }
        text.append(answer.stale() ? ", stale endpoints kept" : "");
        long seconds = freshFor(tier).toSeconds();
        if (seconds <= LONGEST_TTL && !answer.freshFor().isZero()) {
            text.append(seconds == 0 ? ", asked again now" : ", asked again within " + seconds + " s");
        }
        text.append('\n');
        List<Candidate> candidates = tier.candidates();
        for (Candidate candidate : candidates.subList(0, Math.min(ENDPOINTS_SHOWN, candidates.size()))) {
            text.append(String.format(
                    Locale.ROOT,
                    "    endpoint  %-22s %5.1f %%  %s%s%n",
                    candidate.endpoint().authority(),
                    shares.getOrDefault(candidate.endpoint(), 0.0),
                    candidate.verdict() + keptInTurn(tier, candidate),
                    place(candidate.endpoint())));
        }
        if (candidates.size() > ENDPOINTS_SHOWN) {
            text.append("    … and ")
                    .append(candidates.size() - ENDPOINTS_SHOWN)
                    .append(" more\n");
        }
        dropped(tier)
                .forEach(dropped -> text.append("    left out  ")
                        .append(dropped.address())
                        .append(": ")
                        .append(dropped.rule())
                        .append('\n'));
    }

    /** What a tier says at length stands in its answer; elsewhere its beginning will do. */
    private String brief(String line) {
        String brief = line;
        for (Decision.Tier tier : decision.tiers()) {
            String detail = tier.view().resolution().evidence().detail();
            if (detail.length() > LONG) {
                int colon = detail.indexOf(": ");
                brief = brief.replace(detail, detail.substring(0, colon > 0 && colon < LONG ? colon + 2 : LONG) + "…");
            }
        }
        return brief;
    }

    private static String place(Endpoint endpoint) {
        return named("cluster", endpoint.cluster())
                + named("zone", endpoint.locality().zone())
                + named("node", endpoint.locality().node());
    }

    private static String named(String what, String name) {
        return name.isEmpty() ? "" : ", " + what + " " + Text.safe(name);
    }

    /** Law 6: no more than the cap are left out for answering badly. */
    private static String keptInTurn(Decision.Tier tier, Candidate candidate) {
        boolean kept = candidate.use() == Candidate.Use.IN_TURN
                && !candidate.verdict().countsAsHealthy()
                && !tier.load().panic();
        return kept ? "; stays in turn, as many as may be are left out already" : "";
    }

    private static void section(String title, List<String> lines, StringBuilder text) {
        if (!lines.isEmpty()) {
            text.append("  ").append(title).append('\n');
            lines.forEach(line -> text.append("    ").append(line).append('\n'));
        }
    }

    private String ago(EventLog.Timed timed) {
        return String.format(Locale.ROOT, "%.1f s ago: %s", (now - timed.at()) / 1e9, timed.event());
    }
}
