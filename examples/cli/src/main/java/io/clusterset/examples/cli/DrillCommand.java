package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** {@code discovery drill}: what would happen if a tier had another share of the traffic. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery drill NAME --tier TIER [OPTIONS]",
        description = {
            "Rehearse: force a tier to a share of the traffic for a while, and show the load"
                    + " before, during and after; with --path, make calls in each phase.",
            "",
            "It is this process alone that rehearses: no other one is touched. In a running"
                    + " application, Discovery.drill(...) does the same."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  discovery drill orders.shop --tier local --percent 0",
            "  discovery drill orders.shop:http --tier local --path /healthz --time 30s",
        })
final class DrillCommand implements Callable<Integer> {

    private static final DurationRange TIMES = new DurationRange(Duration.ofSeconds(1), Duration.ofDays(1));

    private final Console console;

    @Option(names = "--percent", paramLabel = "PERCENT", description = "Its share meanwhile, 0 to 100. Default: 0.")
    private String percent = "0";

    @Option(names = "--time", paramLabel = "DURATION", description = "For how long, 1s to 24h. Default: 10s.")
    private String time = "10s";

    @Option(names = "--path", paramLabel = "PATH", description = "Make calls: GET this. Default: no calls are made.")
    private Optional<String> path = Optional.empty();

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions options = new CommonOptions();

    private DrillCommand(Console console) {
        this.console = console;
    }

    /** The command. Its --tier says more than that of others, and --drill would be a second way to say the same. */
    static CommandLine commandLine(Console console) {
        CommandLine line = new CommandLine(new DrillCommand(console));
        CommandSpec spec = line.getCommandSpec();
        OptionSpec tier = spec.findOption("--tier");
        List<OptionSpec> others = spec.options().stream()
                .filter(option -> !List.of("--tier", "--drill").contains(option.longestName()))
                .toList();
        List.copyOf(spec.options()).forEach(spec::remove);
        spec.addOption(OptionSpec.builder(tier)
                .paramLabel("TIER")
                .description(
                        "The tier to force. Besides, as elsewhere, a",
                        "NAME=TEMPLATE@DOMAIN... to use instead of local and",
                        "clusterset.")
                .build());
        others.forEach(spec::addOption);
        return line;
    }

    @Override
    public Integer call() {
        Rehearsal.Plan plan = new Rehearsal.Plan(
                tier(),
                Options.number("--percent", percent, 0, 100),
                Options.duration("--time", time, TIMES, "a duration from 1s to 24h"),
                path.map(HttpGet::of),
                load.plan());
        if (path.isEmpty() && load.isSaid()) {
            throw new BadUsage("--count, --interval, --concurrency: no calls are made (expected: --path besides)");
        }
        SwitchLog switches = new SwitchLog();
        DrillLog log = new DrillLog(plan.tier(), plan.percent());
        try (Discovery discovery = options.openForCalls(switches.andThen(log))) {
            Service service = options.service(discovery);
            requireOneOf(plan.tier(), discovery.tiers(service.name()));
            DrillReport report = new Rehearsal(discovery, service, options.timeout(), plan, switches, log)
                    .run(options.json() ? lines -> {} : console::lines);
            if (options.json()) {
                console.document(report.document());
            }
            report.error().ifPresent(console::complain);
            return report.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private String tier() {
        List<String> names = options.takeTierNames();
        if (names.size() != 1) {
            throw new BadUsage(
                    names.isEmpty()
                            ? "--tier: missing (expected: the tier to force, such as --tier local)"
                            : "--tier: given twice (expected: one tier to force)");
        }
        return names.get(0);
    }

    private static void requireOneOf(String name, List<Tier> tiers) {
        List<String> names = tiers.stream().map(Tier::name).toList();
        if (!names.contains(name)) {
            throw new BadUsage("--tier: " + Text.quote(name) + " (expected: " + String.join(", ", names) + ")");
        }
    }
}
