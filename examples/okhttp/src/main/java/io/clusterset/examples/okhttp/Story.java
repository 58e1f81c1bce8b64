package io.clusterset.examples.okhttp;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What an application's calls meet while its cluster dies and comes back, told as it happens. Once. */
final class Story {

    private static final String URL = "http://orders.shop/list";
    private static final Duration INTERVAL = Duration.ofMillis(5);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration KILL = Duration.ofSeconds(3);
    private static final Duration REVIVE = Duration.ofSeconds(5);
    private static final Duration END = Duration.ofSeconds(10);

    private final PrintWriter out;
    private volatile long start = System.nanoTime();
    private int calls;
    private int failed;

    Story(PrintWriter out) {
        this.out = out;
    }

    /** Tells it, in ten seconds; returns the exit status: 0 if no call failed. */
    int tell() throws InterruptedException {
        try (Clusters clusters = new Clusters();
                Discovery discovery = discovery(clusters)) {
            OkHttpGetter orders = new OkHttpGetter(OkHttpExample.client(discovery), URL, PATIENCE);
            say("Two clusters on this machine, two endpoints of orders.shop in each. An OkHttpClient");
            say("gets " + URL + " every " + INTERVAL.toMillis() + " ms; that URL never changes.");
            say("");
            discovery.service("orders.shop").ready().toCompletableFuture().join(); // the JVM has loaded most by then
            start = System.nanoTime();
            callUntil(KILL, orders);
            event("> the local cluster dies: connects are refused, open connections reset");
            clusters.killLocal();
            callUntil(REVIVE, orders);
            event("> the local cluster is back: its traffic returns step by step");
            clusters.reviveLocal();
            callUntil(END, orders);
            say("");
            say(calls + " calls, " + failed + " failed. They took " + orders.attempts()
                    + " attempts: where one failed,");
            say("the library went on to another endpoint in the same call. This is all it takes:");
            say("");
            say("    DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build()");
            return failed == 0 ? 0 : 1;
        }
    }

    /** In a pod, {@code Discovery.create()} finds out by itself what is said here, and takes more time to trust who was ill. */
    private Discovery discovery(Clusters clusters) {
        return Discovery.builder()
                .clusterDomain("cluster.local")
                .dns(dns -> dns.nameservers(List.of(clusters.dns.address()))
                        .allowAddresses(List.of(Cidr.parse("127.0.0.0/8")))) // refused from DNS otherwise
                .service("orders.shop", orders -> orders.port("http")) // SRV records say the number
                .health(health -> health.probeInterval(Duration.ofMillis(500)))
                .failover(failover -> failover.dwell(Duration.ofSeconds(1)).stepInterval(Duration.ofMillis(500)))
                .listener(this::heard)
                .build();
    }

    /** Makes calls on schedule, and tells who served them. */
    private void callUntil(Duration end, OkHttpGetter orders) throws InterruptedException {
        Map<String, Integer> served = new LinkedHashMap<>();
        int before = calls;
        for (long due = calls * INTERVAL.toNanos(); due < end.toNanos(); due = calls * INTERVAL.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(due - sinceStart());
            calls++;
            try {
                served.merge(orders.get(), 1, Integer::sum);
            } catch (IOException thrown) {
                failed++;
                event("a call failed: " + thrown.getMessage());
            }
        }
        event(calls - before + " calls: "
                + served.entrySet().stream()
                        .map(tier -> tier.getKey() + " served " + tier.getValue())
                        .collect(Collectors.joining(", ")));
    }

    private void heard(Event event) {
        if (event instanceof Event.LoadChanged changed) {
            List<TierLoad> loads = changed.loads();
            event(loads.stream()
                            .map(load -> load.tier() + " " + load.percent() + " %")
                            .collect(Collectors.joining(", ", "traffic: ", ""))
                    + " (local: " + loads.get(0).reason() + ")");
        }
    }

    private void event(String what) {
        say(String.format(Locale.ROOT, "%5.2f s  %s", Math.max(0, sinceStart()) / 1e9, what));
    }

    private long sinceStart() {
        return System.nanoTime() - start;
    }

    /** On the thread that makes the calls, and on the library's. */
    private synchronized void say(String line) {
        out.println(line);
    }
}
