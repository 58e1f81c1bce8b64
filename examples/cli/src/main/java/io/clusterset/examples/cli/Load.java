package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** The calls of a command, from the service's first answer to the report. Ctrl-C ends them, and they are reported all the same. */
final class Load {

    private final Console console;
    private final CommonOptions options;
    private final LoadRunner.Plan plan;

    Load(Console console, CommonOptions options, LoadRunner.Plan plan) {
        this.console = console;
        this.options = options;
        this.plan = plan;
    }

    /** Makes what calls a service. */
    @FunctionalInterface
    interface Getters {

        /** For one service of a discovery. */
        Getter of(Discovery discovery, Service service);
    }

    /** Makes the calls and tells what came of them; returns the exit status. */
    int run(Function<Discovery, Service> called, Getters getters) {
        SwitchLog switches = new SwitchLog();
        try (Discovery discovery = options.openForCalls(switches)) {
            Service service = called.apply(discovery);
            awaitFirstAnswer(service);
            List<String> tiers =
                    discovery.tiers(service.name()).stream().map(Tier::name).toList();
            Tally tally = new Tally(plan.count(), tiers);
            Getter getter = getters.of(discovery, service);
            Progress progress = new Progress(console, plan, tally, switches);
            boolean watched = console.terminal() && !options.json() && !options.verbose();
            long begun = System.nanoTime();
            Thread interrupted = new Thread(() -> print(report(service, tally, getter, switches, begun)));
            Runtime.getRuntime().addShutdownHook(interrupted);
            long start = new LoadRunner(service, getter, plan, tally).run(watched ? progress::show : () -> {});
            LoadReport report = report(service, tally, getter, switches, start);
            if (!forget(interrupted)) {
                return Complaints.NONE_FOUND; // the hook reports
            }
            progress.end();
            print(report);
            return report.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private static LoadReport report(Service service, Tally tally, Getter getter, SwitchLog switches, long start) {
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return new LoadReport(service, tally, getter.attempts(), switches.since(start), start, took);
    }

    private void print(LoadReport report) {
        if (options.json()) {
            console.document(report.document());
        } else {
            console.lines(report.text());
        }
        report.error().ifPresent(console::complain);
    }

    /** Takes the hook back; false if the process is already ending (Ctrl-C), and the hook has the word. */
    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            return false;
        }
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
