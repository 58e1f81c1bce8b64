package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code discovery call}: HTTP GETs through failover, and where they ended up. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery call NAME [OPTIONS]",
        description = "Make HTTP GETs that fail over, and show who served them.")
final class CallCommand implements Callable<Integer> {

    private static final int MOST_CALLS = 10_000_000;
    private static final int MOST_AT_A_TIME = 1_000;
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(10);

    private final Console console;

    @Option(names = "--path", paramLabel = "PATH", description = "What to get. Default: /.")
    private String path = "/";

    @Option(names = "--count", paramLabel = "N", description = "How many calls. Default: 100.")
    private String count = "100";

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            description = {"Time from one call's start to the next one's.", "Default: 10ms."})
    private String interval = "10ms";

    @Option(names = "--concurrency", paramLabel = "N", description = "Calls under way at most. Default: 16.")
    private String concurrency = "16";

    @Mixin
    private CommonOptions options = new CommonOptions();

    CallCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        HttpGet get = new HttpGet(Options.read("--path", path, "a path such as /list", CallCommand::checkedPath));
        LoadRunner.Plan plan = plan();
        Call kind = Call.idempotent().deadline(options.timeout()).classify(HttpGet::judge);
        SwitchLog switches = new SwitchLog();
        try (Discovery discovery = options.openForCalls(switches)) {
            Service service = options.service(discovery);
            awaitFirstAnswer(service);
            List<String> tiers =
                    discovery.tiers(service.name()).stream().map(Tier::name).toList();
            Tally tally = new Tally(plan.count(), tiers);
            Progress progress = new Progress(console, plan, tally, switches);
            boolean watched = console.terminal() && !options.json() && !options.verbose();
            long begun = System.nanoTime();
            Thread interrupted = new Thread(() -> print(report(service, tally, get, switches, begun)));
            Runtime.getRuntime().addShutdownHook(interrupted);
            long start = new LoadRunner(service, kind, get, plan, tally).run(watched ? progress::show : () -> {});
            LoadReport report = report(service, tally, get, switches, start);
            if (!forget(interrupted)) {
                return Complaints.NONE_FOUND; // the hook reports
            }
            progress.end();
            print(report);
            return report.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private static LoadReport report(Service service, Tally tally, HttpGet get, SwitchLog switches, long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new LoadReport(service, tally, get.attempts(), switches.since(start), start, took);
    }

    private void print(LoadReport report) {
        if (options.json()) {
            console.document(report.document());
        } else {
            console.lines(report.text());
        }
    }

    /** Takes the hook back; false if the process is already ending (Ctrl-C), and the hook has the word. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return false;
        }
    }

    private LoadRunner.Plan plan() {
        Duration apart = Options.read("--interval", interval, "a duration such as 10ms, at most 10m", text -> {
            Duration time = Settings.parseDuration(text);
            if (time.isNegative() || time.compareTo(LONGEST_INTERVAL) > 0) {
                throw new IllegalArgumentException("out of range");
            }
            return time;
        });
        return new LoadRunner.Plan(
                Options.number("--count", count, 1, MOST_CALLS),
                apart,
                Options.number("--concurrency", concurrency, 1, MOST_AT_A_TIME));
    }

    private static String checkedPath(String text) {
        return HttpGet.uri("0.0.0.0:1", text).getRawPath().isEmpty() ? "/" : text;
    }

    /** So that the schedule starts with an answer in hand, be it a bad one. */
    private void awaitFirstAnswer(Service service) {
        try {
            service.ready().toCompletableFuture().get(options.timeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            // the calls will wait for themselves, and say so
        } catch (ExecutionException failed) {
            throw new DiscoveryException(service + ": " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(service + ": interrupted", interrupted);
        }
    }
}
