package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.testkit.ApiVerb;
import io.clusterset.discovery.testkit.FakeApiServer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * The program that measures a service which never rests: 10,000 endpoints, 1,000 changes a second, one caller. Prints its figures,
 * {@code NAME=NUMBER}.
 */
public final class Churn {

    public static final String CPU_PERCENT = "cpuPercent";
    public static final String OCTETS_PER_SECOND = "bytesPerSecond";
    public static final String REBUILDS_PER_SECOND = "rebuildsPerSecond";
    public static final String CHANGES_PER_SECOND = "changesPerSecond";
    public static final String LAG_P50 = "lagP50Nanos";
    public static final String LAG_P99 = "lagP99Nanos";
    public static final String LAG_MAX = "lagMaxNanos";
    public static final String NEXT_P50 = "nextP50Nanos";
    public static final String NEXT_P99 = "nextP99Nanos";
    public static final String IDLE_NEXT_P50 = "idleNextP50Nanos";
    public static final String IDLE_NEXT_P99 = "idleNextP99Nanos";

    private static final int SLICES = 100;
    private static final long EACH = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LOOK_EACH = 500_000;
    private static final int CALLS_AT_ONCE = 10;
    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(10);
    private static final long IDLE = TimeUnit.SECONDS.toNanos(8);
    private static final long SETTLED = TimeUnit.SECONDS.toNanos(2);
    private static final double SECOND = 1e9;

    private final FakeApiServer api = FakeApiServer.start();
    private final Pods pods = new Pods(0, SLICES, 0);
    private final Service service;
    private long version;
    private int changes;

    private Churn() {
        Slices.put(api, 0, SLICES);
        Discovery discovery = new Cluster(api.url()).discovery(); // for as long as the program runs
        service = discovery.service(Slices.name(0));
        Kept.await(SLICES * Slices.SIZE, () -> Kept.known(service));
        version = Long.parseLong(api.version());
    }

    /** {@code SECONDS}. */
    public static void main(String[] arguments) throws InterruptedException {
        Churn churn = new Churn();
        Nanos next = new Nanos();
        churn.during(WARM_UP, new Nanos(), next);
        Map<String, Double> figures = new LinkedHashMap<>();
        Nanos idle = new Nanos();
        pause(SETTLED);
        churn.calls(System.nanoTime() + IDLE, idle);
        figures.put(IDLE_NEXT_P50, idle.quantile(0.5));
        figures.put(IDLE_NEXT_P99, idle.quantile(0.99));
        figures.putAll(churn.measure(TimeUnit.SECONDS.toNanos(Integer.parseInt(arguments[0]))));
        System.out.println(figures.entrySet().stream()
                .map(figure -> figure.getKey() + "=" + figure.getValue())
                .collect(Collectors.joining(" ")));
        System.exit(0); // the measure is taken: nothing else is to be waited for
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }

    private Map<String, Double> measure(long time) throws InterruptedException {
        int lists = api.requests(ApiVerb.LIST, "endpointslices");
        Nanos lags = new Nanos();
        Nanos next = new Nanos();
        int before = changes;
        long start = System.nanoTime();
        OwnThreads from = OwnThreads.now();
        Observer observer = during(time, lags, next);
        OwnThreads used = OwnThreads.now().since(from);
        double seconds = (System.nanoTime() - start) / SECOND;
        if (api.requests(ApiVerb.LIST, "endpointslices") != lists) {
            throw new IllegalStateException("the watch broke: it was listed again");
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put(CHANGES_PER_SECOND, (changes - before) / seconds);
        figures.put(CPU_PERCENT, 100 * used.nanos() / SECOND / seconds);
        figures.put(OCTETS_PER_SECOND, used.octets() / seconds);
        figures.put(REBUILDS_PER_SECOND, observer.rebuilds / seconds);
        figures.put(LAG_P50, lags.quantile(0.5));
        figures.put(LAG_P99, lags.quantile(0.99));
        figures.put(LAG_MAX, lags.quantile(1));
        figures.put(NEXT_P50, next.quantile(0.5));
        figures.put(NEXT_P99, next.quantile(0.99));
        return figures;
    }

    /** Changes, calls and somebody who looks, each on a thread of its own, until the time is up and all has been seen. */
    private Observer during(long time, Nanos lags, Nanos next) throws InterruptedException {
        long start = System.nanoTime();
        Observer observer = new Observer(pods.next(), (int) (time / EACH), lags);
        Thread looking = new Thread(observer, "benchmark-looks");
        Thread calling = new Thread(() -> calls(start + time, next), "benchmark-calls");
        looking.start();
        calling.start();
        for (long due = start; due < start + time; due += EACH) {
            while (System.nanoTime() < due) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            change(observer);
        }
        observer.ended = true;
        looking.join();
        calling.join();
        return observer;
    }

    private void change(Observer observer) {
        version++;
        int slice = changes / 2 % SLICES;
        int place = changes / (2 * SLICES) % Slices.SIZE;
        boolean replaces = changes % 2 == 0;
        changes++;
        String event = replaces
                ? pods.replaced(slice, place, version)
                : pods.flipped(slice, (place + Slices.SIZE / 2) % Slices.SIZE, version);
        if (replaces) {
            observer.sent();
        }
        api.sendRaw("endpointslices", event);
    }

    private void calls(long end, Nanos next) {
        while (System.nanoTime() < end) {
            for (int i = 0; i < CALLS_AT_ONCE; i++) {
                long before = System.nanoTime();
                try (Attempt attempt = service.next()) {
                    next.add(System.nanoTime() - before);
                    attempt.succeeded();
                }
            }
            LockSupport.parkNanos(EACH);
        }
    }

    /** Looks what callers go by, twice a millisecond. What it needs to know of a change is written before that is sent. */
    private final class Observer implements Runnable {
        private final int first;
        private final AtomicLongArray sentAt;
        private final Nanos lags;
        private final AtomicInteger sent = new AtomicInteger();
        private volatile boolean ended;
        private int seen;
        private int rebuilds;

        Observer(int firstPod, int most, Nanos lags) {
            this.first = firstPod;
            this.sentAt = new AtomicLongArray(most);
            this.lags = lags;
        }

        void sent() {
            sentAt.set(sent.getAndIncrement(), System.nanoTime());
        }

        @Override
        public void run() {
            Optional<Snapshot> last = Optional.empty();
            long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (!(ended && seen == sent.get())) {
                Snapshot now = service.snapshot();
                if (last.isEmpty() || last.get().takenAt() != now.takenAt()) {
                    look(now, System.nanoTime());
                    rebuilds += last.isPresent() && !ended ? 1 : 0;
                    last = Optional.of(now);
                }
                if (System.nanoTime() > patience) {
                    throw new IllegalStateException("seen: " + seen + " (expected: " + sent.get() + ")");
                }
                LockSupport.parkNanos(LOOK_EACH);
            }
        }

        private void look(Snapshot now, long at) {
            int known = Pods.newest(now) + 1 - first; // they came in turn: all before it are known too
            while (seen < known) {
                lags.add(at - sentAt.get(seen));
                seen++;
            }
        }
    }
}
