package io.clusterset.examples.cli;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.NoEndpointException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code discovery pick}: which endpoints calls would get, without calling any. */
@Command(
        name = "pick",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery pick NAME [OPTIONS]",
        description = "Pick endpoints as calls would, and count how often each was picked.")
final class PickCommand implements Callable<Integer> {

    private static final int MOST = 10_000_000;

    private final Console console;

    @Option(names = "--count", paramLabel = "N", description = "How many picks. Default: 1.")
    private String count = "1";

    @Mixin
    private CommonOptions options = new CommonOptions();

    PickCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        int wanted = Options.number("--count", count, 1, MOST);
        try (Discovery discovery = options.openForQuestions()) {
            Service service = options.service(discovery);
            Examination examination = Examination.of(discovery, service, options);
            Map<Endpoint, Integer> picks = examination.error().isPresent() ? Map.of() : picks(service, wanted);
            if (options.json()) {
                console.document(document(examination, picks, wanted));
            } else {
                console.lines(text(service, picks, wanted, options.verbose()));
            }
            examination.error().ifPresent(console::complain);
            return examination.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private static Map<Endpoint, Integer> picks(Service service, int wanted) {
        Map<Endpoint, Integer> picks = new LinkedHashMap<>();
        for (int i = 0; i < wanted; i++) {
            try (Attempt attempt = service.next()) {
                picks.merge(attempt.endpoint(), 1, Integer::sum);
            } catch (NoEndpointException shed) {
                if (service.decision().shed() == 0) {
                    throw shed;
                }
            }
        }
        return picks;
    }

    private static int sum(Map<Endpoint, Integer> picks) {
        return picks.values().stream().mapToInt(Integer::intValue).sum();
    }

    private static Map<String, Object> document(Examination examination, Map<Endpoint, Integer> picks, int wanted) {
        Map<String, Integer> endpoints = new LinkedHashMap<>();
        Map<String, Integer> tiers = new LinkedHashMap<>();
        examination
                .explanation()
                .decision()
                .tiers()
                .forEach(tier -> tiers.put(tier.load().tier(), 0));
        picks.forEach((endpoint, times) -> {
            endpoints.merge(endpoint.authority(), times, Integer::sum);
            tiers.merge(endpoint.tier(), times, Integer::sum);
        });
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("picks", endpoints);
        document.put("tiers", tiers);
        int shed = wanted - sum(picks);
        if (shed > 0 && examination.error().isEmpty()) {
            document.put("shed", shed);
        }
        examination.error().ifPresent(error -> document.put("error", error));
        return document;
    }

    private List<String> text(Service service, Map<Endpoint, Integer> picks, int wanted, boolean whole) {
        if (picks.isEmpty()) {
            return List.of();
        }
        Table table = console.table(whole)
                .addresses("ENDPOINT")
                .words("TIER")
                .figures("PICKS")
                .figures("SHARE");
        picks.forEach((endpoint, times) -> table.row(
                endpoint.authority(), endpoint.tier(), times.toString(), Figures.percent(100.0 * times / wanted)));
        int shed = wanted - sum(picks);
        List<String> lines = new ArrayList<>(Table.wrap(
                "",
                service + ": " + wanted + (wanted == 1 ? " pick" : " picks")
                        + (shed == 0 ? "" : ", " + shed + " shed: no tier may take more (max-load)")));
        lines.add("");
        lines.addAll(table.lines());
        return lines;
    }
}
