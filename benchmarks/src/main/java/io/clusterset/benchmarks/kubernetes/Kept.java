package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.kubernetes.KubernetesAccess;
import io.clusterset.discovery.kubernetes.KubernetesSource;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;

/** The program that weighs: has ten services watched by somebody, and prints what that has taken of the heap. */
public final class Kept {

    /** Who watches. */
    public enum Watcher {
        /** Our source alone, one question about each service. */
        SOURCE {
            @Override
            Object watch(String url, int endpoints) {
                return new Watched(new Cluster(url), endpoints);
            }
        },
        /** All of ours, each endpoint called once. */
        LIVE {
            @Override
            Object watch(String url, int endpoints) {
                return Kept.live(new Cluster(url), endpoints);
            }
        },
        /** fabric8's informer, as it comes. */
        FABRIC8 {
            @Override
            Object watch(String url, int endpoints) {
                return Kept.fabric8(url, endpoints);
            }
        };

        abstract Object watch(String url, int endpoints);
    }

    /** So many services. */
    public static final int SERVICES = 10;

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    private static final List<Object> KEPT = new ArrayList<>();

    private Kept() {}

    /** {@code WATCHER SLICES}, the slices of each service. */
    public static void main(String[] arguments) throws IOException {
        Watcher watcher = Watcher.valueOf(arguments[0]);
        int slices = Integer.parseInt(arguments[1]);
        String url = Served.start(SERVICES, slices, watcher == Watcher.FABRIC8 ? 1 : 0);
        long before = used();
        KEPT.add(watcher.watch(url, slices * Slices.SIZE));
        System.out.printf(Locale.ROOT, "%d%n", used() - before);
        System.exit(0); // what is kept is measured: closing it is not
    }

    private static Object live(Cluster cluster, int endpoints) {
        Discovery discovery = cluster.discovery();
        List<Object> kept = new ArrayList<>(List.of(discovery));
        for (int nth = 0; nth < SERVICES; nth++) {
            Service service = discovery.service(Slices.name(nth));
            await(endpoints, () -> known(service));
            for (int i = 0; i < endpoints; i++) {
                try (Attempt attempt = service.next()) {
                    attempt.succeeded();
                }
            }
            kept.add(service);
        }
        return kept;
    }

    private static Object fabric8(String url, int endpoints) {
        KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withAutoConfigure(false)
                        .withMasterUrl(url)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .build();
        SharedIndexInformer<EndpointSlice> informer =
                client.discovery().v1().endpointSlices().inAnyNamespace().inform();
        await(
                SERVICES * endpoints / Slices.SIZE,
                () -> informer.getStore().listKeys().size());
        return List.of(client, informer);
    }

    /** How many endpoints a service has; none while it has no answer, which takes seconds on a busy machine. */
    static int known(Service service) {
        try {
            return service.endpoints().size();
        } catch (DiscoveryException notYet) {
            return 0;
        }
    }

    /** Waits for a number; nobody else has anything to do meanwhile. */
    static void await(int expected, IntSupplier number) {
        long start = System.nanoTime();
        while (number.getAsInt() != expected) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new IllegalStateException(number.getAsInt() + " are known (expected: " + expected + ")");
            }
            pause();
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    private static long used() {
        Runtime heap = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        while (true) { // what is weakly held goes one collection later; what a closed connection held, a moment later
            for (int i = 0; i < 3; i++) {
                pause();
                System.gc();
            }
            long now = heap.totalMemory() - heap.freeMemory();
            if (now >= least) {
                return least;
            }
            least = now;
        }
    }

    /** Our source, and somebody who listens and remembers how many there are. */
    private static final class Watched {
        private final DaemonScheduler timers = new DaemonScheduler("discovery-benchmark");
        private final Map<Integer, Integer> known = new ConcurrentHashMap<>();
        private final KubernetesSource source;

        Watched(Cluster cluster, int endpoints) {
            source = new KubernetesSource(
                    cluster.watched(),
                    new KubernetesAccess(Path.of("nowhere"), Map.of()),
                    "cluster.local",
                    "clusterset.local",
                    () -> "",
                    () -> "",
                    80,
                    address -> false,
                    timers,
                    Ticker.system(),
                    timers,
                    new SerialExecutor(timers, thrown -> System.err.println("benchmarks: " + thrown)),
                    new Random(1),
                    event -> {});
            for (int nth = 0; nth < SERVICES; nth++) {
                int service = nth;
                String name = Slices.name(nth) + "." + Slices.NAMESPACE + ".svc.cluster.local";
                source.watch(
                        new Question("local", name, "cluster.local", Optional.empty()),
                        answer -> known.put(service, found(answer)));
            }
            await(
                    SERVICES * endpoints,
                    () -> known.values().stream().mapToInt(Integer::intValue).sum());
        }

        private static int found(Resolution answer) {
            return answer.endpoints().size();
        }
    }
}
