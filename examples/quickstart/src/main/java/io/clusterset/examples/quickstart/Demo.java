package io.clusterset.examples.quickstart;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.observe.Explanation;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** {@code ./demo}: makes calls while the local cluster's endpoints die and come back, and shows where the calls go. */
public final class Demo {

    private final Options options;
    private final Plan plan;
    private final PrintStream out;
    private final Style style;
    private final Stopwatch time = new Stopwatch();
    private final History history = new History(time);
    private final CallLog log = new CallLog();

    private Demo(Options options, PrintStream out, Style style) {
        this.options = options;
        this.plan = Plan.of(options.seconds());
        this.out = out;
        this.style = style;
    }

    /** Runs the demo and ends the JVM with its exit status. */
    public static void main(String[] args) throws Exception {
        System.exit(run(System.out, System.err, Style.detect(), args));
    }

    /** Runs the demo; returns its exit status. */
    static int run(PrintStream out, PrintStream err, Style style, String... args) throws Exception {
        Options options;
        try {
            options = Options.parse(args);
        } catch (IllegalArgumentException refused) {
            err.println("demo: " + refused.getMessage());
            return 2;
        }
        if (options.help()) {
            out.print(usage());
            return 0;
        }
        if (options.ui()) {
            return show(options, out, err, style);
        }
        List<String> missing = new Demo(options, out, style).run().missing();
        missing.forEach(line -> err.println("demo: " + line));
        return missing.isEmpty() ? 0 : 1;
    }

    private static int show(Options options, PrintStream out, PrintStream err, Style style) {
        try {
            new Show(options, out, style).run();
            return 0;
        } catch (IOException failed) {
            return refused(options, failed, err);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    /** Says why there is no page; returns the exit status. Who can't bind wants another port, and no other failure is the port's. */
    static int refused(Options options, IOException failed, PrintStream err) {
        if (failed instanceof BindException) {
            err.println("demo: --port: " + options.port() + ": " + failed.getMessage()
                    + " (expected: a free port, such as 0)");
            return 2;
        }
        err.println("demo: the page: " + failed);
        return 1;
    }

    /** The library as an application makes it; in a pod, {@code Discovery.create()} finds all this out by itself. */
    static Discovery discovery(Clusters clusters, Plan plan, Consumer<Event> listener) {
        return Discovery.builder()
                .clusterDomain("cluster.local")
                .dns(clusters::reachable)
                .failover(failover -> failover.dwell(plan.dwell()).stepInterval(plan.stepInterval()))
                .health(health -> health.probeInterval(plan.probeInterval()))
                .listener(listener)
                .build();
    }

    private Report run() throws InterruptedException, ExecutionException {
        try (Clusters clusters = new Clusters()) {
            Timeline timeline = new Timeline(out, style, clusters);
            Consumer<Event> listener = event -> {
                History.Timed timed = history.add(event);
                if (!options.json()) {
                    timeline.event(timed);
                }
            };
            try (Discovery discovery = discovery(clusters, plan, listener);
                    PlainClient plain = new PlainClient(clusters)) {
                return run(discovery.service(Clusters.SERVICE), clusters, plain, timeline);
            }
        }
    }

    private Report run(Service orders, Clusters clusters, PlainClient plain, Timeline timeline)
            throws InterruptedException, ExecutionException {
        ScheduledExecutorService stage = Executors.newSingleThreadScheduledExecutor();
        try (Traffic traffic = new Traffic(orders, time, log)) {
            traffic.warmUp();
            if (!options.json()) {
                timeline.preface(plan);
            }
            time.begin();
            plain.start();
            ScheduledFuture<Long> killed = stage.schedule(
                    () -> act(timeline, "the local endpoints are killed", clusters::killLocal),
                    plan.killAt().toNanos(),
                    TimeUnit.NANOSECONDS);
            ScheduledFuture<Explanation> outage = stage.schedule(
                    orders::explain,
                    plan.killAt().plus(plan.restoreAt()).dividedBy(2).toNanos(),
                    TimeUnit.NANOSECONDS);
            ScheduledFuture<Long> restored = stage.schedule(
                    () -> act(timeline, "the local endpoints are back", clusters::restoreLocal),
                    plan.restoreAt().toNanos(),
                    TimeUnit.NANOSECONDS);
            ScheduledFuture<?> unused = stage.scheduleAtFixedRate(
                    () -> line(orders, plain, timeline),
                    plan.lines().toNanos(),
                    plan.lines().toNanos(),
                    TimeUnit.NANOSECONDS);
            traffic.run(plan.length());
            stage.shutdownNow();
            plain.stop();
            line(orders, plain, timeline);
            Report report = new Report(log.all(), history.switches());
            if (options.json()) {
                out.println(report.json());
            } else {
                List<Story.Moment> story = Story.of(report, history, killed.get(), restored.get());
                new Summary(out, style).print(report, story, plain, outage.get(), orders.explain());
            }
            return report;
        } finally {
            stage.shutdownNow();
        }
    }

    private long act(Timeline timeline, String what, Runnable deed) {
        long now = time.nanos();
        if (!options.json()) {
            timeline.deed(now, what);
        }
        deed.run();
        return now;
    }

    private void line(Service orders, PlainClient plain, Timeline timeline) {
        List<CallLog.Entry> calls = log.latest();
        if (!options.json() && !calls.isEmpty()) {
            timeline.interval(time.nanos(), orders.decision(), calls, plain);
        }
    }

    private static String usage() throws IOException {
        try (InputStream text = Objects.requireNonNull(Demo.class.getResourceAsStream("/usage.txt"))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
