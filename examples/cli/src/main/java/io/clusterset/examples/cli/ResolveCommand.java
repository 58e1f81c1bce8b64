package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.observe.Explanation;
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
                console.lines(text(examination.explanation()));
                examination.error().ifPresent(console::complain);
            }
            return examination.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private static List<String> text(Explanation explanation) {
        Decision decision = explanation.decision();
        List<String> lines = new ArrayList<>();
        lines.add(decision.service().toString());
        lines.add("");
        Table tiers = new Table()
                .words("TIER")
                .figures("LOAD")
                .words("OUTCOME")
                .figures("TTL")
                .words("DETAIL");
        decision.tiers()
                .forEach(tier -> tiers.row(
                        tier.load().tier(),
                        Figures.percent(tier.load().percent()),
                        tier.view().resolution().word().replace('-', ' '),
                        ttl(explanation, tier),
                        detail(tier.view().resolution())));
        lines.addAll(tiers.lines());
        if (decision.tiers().stream().anyMatch(tier -> !tier.candidates().isEmpty())) {
            lines.add("");
            lines.addAll(endpoints(decision).lines());
        }
        if (decision.tiers().stream().anyMatch(tier -> tier.load().panic())) {
            lines.add("");
            lines.add("No endpoint works; all of home's are used for want of better (explain says more).");
        }
        return lines;
    }

    private static Table endpoints(Decision decision) {
        Table endpoints =
                new Table().words("ENDPOINT").words("TIER").figures("SHARE").words("VERDICT");
        Map<Endpoint, Double> shares = decision.shares();
        for (Decision.Tier tier : decision.tiers()) {
            for (Candidate candidate : tier.candidates()) {
                Endpoint endpoint = candidate.endpoint();
                endpoints.row(
                        endpoint.authority(),
                        endpoint.tier(),
                        Figures.percent(shares.getOrDefault(endpoint, 0.0)),
                        candidate.verdict() + place(endpoint));
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
        return tier.view().resolution() instanceof Resolution.Unknown
                ? "-"
                : Figures.secondsBegun(explanation.freshFor(tier)) + "s";
    }

    private static String detail(Resolution answer) {
        Evidence evidence = answer.evidence();
        boolean saidTwice = evidence.detail().startsWith(evidence.rcode());
        return Stream.of(
                        saidTwice ? "" : evidence.rcode(),
                        evidence.detail(),
                        answer.stale() ? "stale endpoints kept" : "")
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining(", "));
    }
}
