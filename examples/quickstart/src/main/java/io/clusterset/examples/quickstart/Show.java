package io.clusterset.examples.quickstart;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.page.DiscoveryPage;
import io.clusterset.discovery.page.PageServer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** {@code ./demo --ui}: home dies and comes back, again and again, with a page to look at; until interrupted. */
final class Show {

    private static final long OTHERS_APART = TimeUnit.MILLISECONDS.toNanos(250);

    private final Options options;
    private final Plan plan;
    private final PrintStream out;
    private final Style style;
    private final HttpCaller http = new HttpCaller();
    private final Stopwatch time = new Stopwatch();

    Show(Options options, PrintStream out, Style style) {
        this.options = options;
        this.plan = Plan.of(options.seconds());
        this.out = out;
        this.style = style;
    }

    void run() throws IOException, InterruptedException {
        try (Clusters clusters = new Clusters()) {
            clusters.serveOthers();
            Timeline timeline = new Timeline(out, style, clusters);
            try (Discovery discovery = Demo.discovery(clusters, plan, event -> tell(event, timeline));
                    PageServer page = DiscoveryPage.of(discovery)
                            .serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), options.port()))) {
                out.println("The page: " + page.uri());
                out.println("Calls go to " + Clusters.SERVICE + "; every " + Timeline.shown(plan.length())
                        + " the local endpoints die and come back. Ctrl-C ends it.");
                timeline.surroundings(plan);
                time.begin();
                show(discovery, clusters, timeline);
            }
        }
    }

    private void tell(Event event, Timeline timeline) {
        timeline.event(new History.Timed(time.nanos(), event));
    }

    private void show(Discovery discovery, Clusters clusters, Timeline timeline) throws InterruptedException {
        ScheduledExecutorService stage = Executors.newScheduledThreadPool(2);
        try {
            for (String other : Clusters.OTHERS) {
                Service service = discovery.service(other);
                ScheduledFuture<?> unused =
                        stage.scheduleAtFixedRate(() -> call(service), 0, OTHERS_APART, TimeUnit.NANOSECONDS);
            }
            while (!Thread.currentThread().isInterrupted()) {
                ScheduledFuture<?> killed = at(plan.killAt(), stage, () -> {
                    timeline.deed(time.nanos(), "the local endpoints are killed");
                    clusters.killLocal();
                });
                ScheduledFuture<?> restored = at(plan.restoreAt(), stage, () -> {
                    timeline.deed(time.nanos(), "the local endpoints are back");
                    clusters.restoreLocal();
                });
                try (Traffic traffic = new Traffic(discovery.service(Clusters.SERVICE), time, new CallLog())) {
                    traffic.run(plan.length());
                } finally {
                    killed.cancel(false);
                    restored.cancel(false);
                }
            }
        } finally {
            stage.shutdownNow();
        }
    }

    private void call(Service service) {
        try {
            service.call(Call.idempotent(), endpoint -> {
                http.get(endpoint);
                return endpoint.tier();
            });
        } catch (IOException | RuntimeException failed) {
            out.println("a call of " + service + " failed: " + failed.getMessage());
        }
    }

    private static ScheduledFuture<?> at(Duration when, ScheduledExecutorService stage, Runnable deed) {
        return stage.schedule(deed, when.toNanos(), TimeUnit.NANOSECONDS);
    }
}
