package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.source.EndpointSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code discovery resolve}: what every tier answers, and which endpoints there are. */
@Command(
        name = "resolve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery resolve NAME [OPTIONS]",
        description = "Ask every tier, probe the endpoints, and show both.")
final class ResolveCommand implements Callable<Integer> {

    private final Console console;

    @Mixin
    private CommonOptions options = new CommonOptions();

    ResolveCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Discovery discovery = options.openForQuestions()) {
            Examination examination = Examination.of(discovery, options.service(discovery), options);
            if (options.json()) {
                console.document(ExplanationDocument.facts(examination));
            } else {
                console.lines(text(examination.explanation(), options.verbose()));
            }
            examination.error().ifPresent(console::complain);
            return examination.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private List<String> text(Explanation explanation, boolean whole) {
        Decision decision = explanation.decision();
        List<String> lines = new ArrayList<>(Table.wrap("", decision.service().toString()));
        lines.add("");
        Table tiers = console.table(whole)
                .words("TIER")
                .figures("LOAD")
                .words("OUTCOME")
                .figures("TTL")
                .words("DETAIL");
        decision.tiers()
                .forEach(tier -> tiers.row(
                        Table.plain(tier.load().tier()),
                        Table.plain(Figures.percent(tier.load().percent())),
                        outcome(tier.view().resolution()),
                        Table.plain(ttl(explanation, tier)),
                        Table.plain(detail(explanation, tier))));
        lines.addAll(tiers.lines());
        if (decision.tiers().stream().anyMatch(tier -> !tier.candidates().isEmpty())) {
            lines.add("");
            lines.addAll(endpoints(decision, whole).lines());
        }
        if (decision.tiers().stream().anyMatch(tier -> tier.load().panic())) {
            lines.add("");
            lines.add("No endpoint works; all of home's are used for want of better (explain says more).");
        }
        return lines;
    }

    private static Table.Cell outcome(Resolution answer) {
        return new Table.Cell(answer.word().replace('-', ' '), Tint.of(answer));
    }

    private Table endpoints(Decision decision, boolean whole) {
        Table endpoints = console.table(whole)
                .addresses("ENDPOINT")
                .words("TIER")
                .figures("SHARE")
                .words("VERDICT");
        Map<Endpoint, Double> shares = decision.shares();
        for (Decision.Tier tier : decision.tiers()) {
            for (Candidate candidate : tier.candidates()) {
                Endpoint endpoint = candidate.endpoint();
                endpoints.row(
                        Table.plain(endpoint.authority()),
                        Table.plain(endpoint.tier()),
                        Table.plain(Figures.percent(shares.getOrDefault(endpoint, 0.0))),
                        new Table.Cell(
                                candidate.verdict() + place(endpoint),
                                Tint.of(candidate.verdict().state())));
            }
        }
        return endpoints;
    }

    private static String place(Endpoint endpoint) {
        String place = Stream.of(
                        endpoint.cluster(),
                        endpoint.locality().region(),
                        endpoint.locality().zone(),
                        endpoint.locality().node())
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
        return place.isEmpty() ? "" : " (" + place + ")";
    }

    private static String ttl(Explanation explanation, Decision.Tier tier) {
        Duration left = explanation.freshFor(tier);
        boolean none = tier.view().resolution() instanceof Resolution.Unknown
                || left.compareTo(EndpointSource.PUSHED) > 0; // who says so tells of changes by itself
        return none ? "-" : Figures.secondsBegun(left) + "s";
    }

    private static String detail(Explanation explanation, Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        Evidence evidence = answer.evidence();
        boolean saidTwice = evidence.detail().startsWith(evidence.rcode());
        return Stream.of(
                        saidTwice ? "" : evidence.rcode(),
                        evidence.detail(),
                        answer.stale()
                                ? "stale endpoints kept, found " + Text.time(explanation.staleFor(tier)) + " ago"
                                : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
