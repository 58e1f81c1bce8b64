package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
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
import java.util.LinkedHashMap;
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
    private static final int PAST_SHOWN = 8;
    private static final int EVENTS_SHOWN = 16;
    private static final int LEFT_OUT_SHOWN = 5; // by each rule
    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final int LONG = 100; // characters: said in full once
    private static final int LONGEST_TTL = 86_400; // a source that pushes says more and is not asked again

    private final Decision decision;
    private final long now;
    private final List<EventLog.Timed> recent;
    private final List<Provenance> settings;
    private final List<DecisionRing.Past> before;
    private final String when; // empty: now

    /** Of one decision, at a moment, with what led to it, what was set by somebody and what was decided before. */
    public Explanation(
            Decision decision,
            long now,
            List<EventLog.Timed> recent,
            List<Provenance> settings,
            List<DecisionRing.Past> before) {
        this(decision, now, recent, settings, before, "");
    }

    private Explanation(
            Decision decision,
            long now,
            List<EventLog.Timed> recent,
            List<Provenance> settings,
            List<DecisionRing.Past> before,
            String when) {
        this.decision = decision;
        this.now = now;
        this.recent = List.copyOf(recent);
        this.settings = List.copyOf(settings);
        this.before = List.copyOf(before);
        this.when = when;
    }

    /** What the stages decided. */
    public Decision decision() {
        return decision;
    }

    /** What is left of an answer's freshness. */
    public Duration freshFor(Decision.Tier tier) {
        long age = Math.max(0, now - tier.view().answeredAt()); // what held then may have been answered again later
        Duration left = tier.view().resolution().freshFor().minusNanos(age);
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

    /** What was decided before and said something else, the eldest first; at most 32. */
    public List<DecisionRing.Past> before() {
        return before;
    }

    /**
     * One of those before, explained as at a moment while it held, or when it began if that is later.
     *
     * @param recent the events until then
     */
    public Explanation of(DecisionRing.Past past, long then, List<EventLog.Timed> recent) {
        long at = Math.max(then, past.since());
        List<DecisionRing.Past> earlier = before.stream()
                .filter(other -> other.until() - past.since() <= 0)
                .toList();
        String ago = time(now - at) + " ago" + span(past);
        return new Explanation(
                past.decision(),
                at,
                recent,
                settings,
                earlier,
                then - past.since() < 0 ? nothingOf(then) + "this is " + ago : ago);
    }

    /** This one, of now, where nothing is remembered of a moment and of what came after it. */
    public Explanation unknownThen(long then) {
        return new Explanation(decision, now, recent, settings, before, nothingOf(then) + "this is how it is now");
    }

    private String nothingOf(long then) {
        return "nothing is remembered of " + time(now - then)
                + " ago: the service was not used, the library switched off, or it is too long ago; ";
    }

    private String span(DecisionRing.Past past) {
        return ", as it was from " + time(now - past.since()) + " to " + time(now - past.until())
                + " ago; ages below are counted from then";
    }

    private static String time(long nanos) {
        return Text.time(Duration.ofNanos(Math.max(0, nanos)));
    }

    /** For how long a tier's endpoints have not been found, while they are kept; zero while they are found. */
    public Duration staleFor(Decision.Tier tier) {
        return tier.view().resolution().stale()
                ? Duration.ofNanos(Math.max(0, now - tier.view().foundAt()))
                : Duration.ZERO;
    }

    /** The same for a program: what the command prints with {@code --json}. Maps, lists, text, numbers, truth values and null. */
    public Map<String, Object> document() {
        return new ExplanationDocument(this, now).document();
    }

    /** What is remembered of what led here, oldest first: of the last 256 events, those that are about it. */
    public List<EventLog.Timed> events() {
        return recent;
    }

    /** The last 16 of these. */
    List<EventLog.Timed> eventsShown() {
        return recent.subList(Math.max(0, recent.size() - EVENTS_SHOWN), recent.size());
    }

    /** What led here last, oldest first, such as {@code 12.3 s ago: orders.shop: load local 0% clusterset 100%}. */
    public List<String> recent() {
        return eventsShown().stream().map(this::ago).toList();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(headline()).append('\n');
        text.append(when.isEmpty() ? "" : "  (" + when + ")\n");
        Map<Endpoint, Double> shares = decision.shares();
        Set<String> told = new HashSet<>();
        for (Decision.Tier tier : decision.tiers()) {
            tell(tier, shares, told, text);
        }
        section("notes", decision.notes(), text);
        if (decision.snapshot().takenAt() - now < SECOND) { // of the past, what came then is no news
            section(nextTitle(), decision.next(), text);
        }
        section(
                "before",
                before.subList(Math.max(0, before.size() - PAST_SHOWN), before.size()).stream()
                        .map(this::past)
                        .toList(),
                text);
        section("recently", recent().stream().map(this::briefer).toList(), text);
        section("settings", settings.stream().map(Provenance::toString).toList(), text);
        return text.toString();
    }

    private String nextTitle() {
        long age = now - decision.snapshot().takenAt();
        return age < SECOND ? "next" : "next, seen from " + time(age) + " ago";
    }

    /** {@code 12 min ago, for 3 min: local 0 %, clusterset 100 % (local: 0 of 3 healthy)}. */
    private String past(DecisionRing.Past past) {
        Decision then = past.decision();
        String why = then.tiers().stream()
                .map(Decision.Tier::load)
                .filter(load -> !load.reason().isEmpty())
                .findFirst()
                .map(load -> " (" + load.tier() + ": " + load.reason() + ")")
                .orElse("");
        return time(now - past.since()) + " ago, for " + time(past.until() - past.since()) + ": "
                + (then.mostLoaded().isEmpty() ? "no endpoint in any tier" : loads(then)) + why;
    }

    private String headline() {
        String most = decision.mostLoaded();
        if (most.isEmpty()) {
            return decision.service() + ": no endpoint in any tier";
        }
        return decision.service() + ": " + loads(decision);
    }

    private static String loads(Decision decision) {
        String loads = decision.tiers().stream()
                .map(tier -> tier.load().tier() + " " + tier.load().percent() + " %")
                .collect(Collectors.joining(", "));
        return loads + (decision.shed() > 0 ? ", shed " + decision.shed() + " %" : "");
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
        text.append(kept(tier)).append(asked(tier)).append('\n');
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
        tellDropped(tier, text);
    }

    /** What is used though the answer does not have it. */
    private String kept(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        if (answer.stale()) {
            boolean saysWhen = answer.evidence().detail().contains(", found ");
            return ", stale endpoints kept" + (saysWhen ? "" : ", found " + Text.time(staleFor(tier)) + " ago");
        } else if (answer.endpoints().isEmpty() && !tier.view().endpoints().isEmpty()) {
            return ", the endpoints below were found " + time(now - tier.view().foundAt()) + " ago";
        }
        return "";
    }

    private String asked(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        long seconds = freshFor(tier).toSeconds();
        if (answer.freshFor().isZero() || seconds > LONGEST_TTL) {
            return answer.stale() ? ", being asked now" : "";
        }
        return seconds == 0 ? ", asked again now" : ", asked again within " + seconds + " s";
    }

    /** There may be thousands of one rule; a few show which. */
    private void tellDropped(Decision.Tier tier, StringBuilder text) {
        Map<String, List<Evidence.Dropped>> byRule = dropped(tier).stream()
                .collect(Collectors.groupingBy(Evidence.Dropped::rule, LinkedHashMap::new, Collectors.toList()));
        byRule.forEach((rule, all) -> {
            int shown = all.size() == LEFT_OUT_SHOWN + 1 ? all.size() : LEFT_OUT_SHOWN; // "1 more" is no shorter
            all.stream().limit(shown).forEach(dropped -> leftOut(dropped.address(), rule, text));
            if (all.size() > shown) {
                leftOut("… and " + (all.size() - shown) + " more", rule, text);
            }
        });
    }

    private static void leftOut(String who, String rule, StringBuilder text) {
        text.append("    left out  ")
                .append(Text.line(who))
                .append(": ")
                .append(Text.line(rule))
                .append('\n');
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

    /** Nor need a long reason that still holds be said twice. */
    private String briefer(String line) {
        String briefer = brief(line);
        for (Decision.Tier tier : decision.tiers()) {
            String reason = tier.load().reason();
            int end = reason.indexOf("; ");
            if (reason.length() > LONG && end > 0) {
                briefer = briefer.replace(reason, reason.substring(0, end + 2) + "…");
            }
        }
        return briefer;
    }

    private static String place(Endpoint endpoint) {
        return named("cluster", endpoint.cluster())
                + named("zone", endpoint.locality().zone())
                + named("node", endpoint.locality().node())
                + hinted("zone", endpoint.hints().zones())
                + hinted("node", endpoint.hints().nodes())
                + (endpoint.condition() == Condition.SERVING_TERMINATING ? ", terminating" : "");
    }

    private static String hinted(String what, Set<String> names) {
        return names.isEmpty()
                ? ""
                : ", hinted for " + what + " "
                        + names.stream().sorted().map(Text::safe).collect(Collectors.joining(" and "));
    }

    private static String named(String what, String name) {
        return name.isEmpty() ? "" : ", " + what + " " + Text.safe(name);
    }

    /** Law 6: no more than the cap are left out for answering badly. */
    private static String keptInTurn(Decision.Tier tier, Candidate candidate) {
        boolean kept = tier.load().percent() > 0
                && candidate.use() == Candidate.Use.IN_TURN
                && !candidate.verdict().countsAsHealthy()
                && !tier.load().panic();
        return kept ? "; still called: at most 30 % of a tier are left out for that" : "";
    }

    private static void section(String title, List<String> lines, StringBuilder text) {
        if (!lines.isEmpty()) {
            text.append("  ").append(title).append('\n');
            lines.forEach(line -> text.append("    ").append(line).append('\n'));
        }
    }

    private String ago(EventLog.Timed timed) {
        long age = now - timed.at();
        String when = age < MINUTE ? String.format(Locale.ROOT, "%.1f s", age / 1e9) : time(age);
        return when + " ago: " + timed.text();
    }
}
