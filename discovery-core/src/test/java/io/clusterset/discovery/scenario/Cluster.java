package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.testkit.FakeApiServer;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A cluster whose Service {@code orders.shop} the library finds by the API, and by DNS meanwhile: an API server, a name server,
 * pods and a virtual address, all over sockets. Time is the system's, or {@link #inNoTime manual}: then waiting moves it.
 */
final class Cluster implements AutoCloseable {

    static final String LOCAL = "orders.shop.svc.cluster.local";
    static final String CLUSTERSET = "orders.shop.svc.clusterset.local";

    private static final Duration PATIENCE = Duration.ofSeconds(90); // a turn may take a busy machine 30 ms
    private static final Duration STEP = Duration.ofMillis(50); // of manual time, for 2 ms of the system's
    private static final long TURN_MILLIS = 2;

    final FakeApiServer api = FakeApiServer.start();
    final FakeDnsServer dns = FakeDnsServer.start();
    final FakeEndpoint vip = FakeEndpoint.start("vip", "127.3.255.1", 0);
    final Path kubeconfig;

    private final Path token;
    private final Optional<ManualTime> manual;
    private final Ticker ticker;
    private final List<Pod> pods = new ArrayList<>();
    private final Queue<Event> events = new ConcurrentLinkedQueue<>();
    private int targetPort;
    private Optional<Discovery> discovery = Optional.empty();

    private Cluster(Path folder, Optional<ManualTime> manual) throws IOException {
        this.manual = manual;
        this.ticker = manual.<Ticker>map(time -> time).orElseGet(Ticker::system);
        token = folder.resolve("token");
        token("first");
        kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: fake, user: client}}]
                clusters: [{name: fake, cluster: {server: "%s"}}]
                users: [{name: client, user: {tokenFile: token}}]
                """.formatted(api.url()));
        dns.serving("cluster.local", "clusterset.local");
        dns.service(LOCAL, vip.address().getHostString());
        api.install("multicluster.x-k8s.io", "ServiceImport", "v1alpha1");
    }

    /** By the system's clock. Files go to the folder. */
    static Cluster in(Path folder) throws IOException {
        return new Cluster(folder, Optional.empty());
    }

    /** By a clock that waiting moves: minutes take a moment. */
    static Cluster inNoTime(Path folder) throws IOException {
        return new Cluster(folder, Optional.of(new ManualTime()));
    }

    /** A pod listens, and is ready; no slice names it yet. */
    Pod pod(String address, String zone) {
        FakeEndpoint endpoint = FakeEndpoint.start("pod-" + address, address, targetPort);
        targetPort = endpoint.port();
        Pod pod = new Pod(endpoint, zone);
        pods.add(pod);
        return pod;
    }

    /** The Service: its port is the virtual address's, which is not the pods'. */
    void service() {
        api.apply("""
                {"apiVersion": "v1", "kind": "Service", "metadata": {"namespace": "shop", "name": "orders"},
                 "spec": {"clusterIP": "10.96.0.9", "clusterIPs": ["10.96.0.9"],
                          "ports": [{"name": "http", "port": %d, "targetPort": %d, "protocol": "TCP"}]}}""".formatted(vip.port(), targetPort));
    }

    /** What the Service's slice says now of these pods. */
    void slice(String name, Collection<Pod> these) {
        slice(
                name,
                "\"kubernetes.io/service-name\": \"orders\", "
                        + "\"endpointslice.kubernetes.io/managed-by\": \"endpointslice-controller.k8s.io\"",
                these);
    }

    /** What a slice says now that was imported from a cluster. */
    void imported(String name, String cluster, Collection<Pod> these) {
        slice(
                name,
                "\"multicluster.kubernetes.io/service-name\": \"orders\", "
                        + "\"multicluster.kubernetes.io/source-cluster\": \"" + cluster + "\", "
                        + "\"endpointslice.kubernetes.io/managed-by\": \"hand-made\"",
                these);
    }

    private void slice(String name, String labels, Collection<Pod> these) {
        api.apply("""
                {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                 "metadata": {"namespace": "shop", "name": "%s", "labels": {%s}},
                 "ports": [{"name": "http", "port": %d, "protocol": "TCP"}],
                 "endpoints": [%s]}""".formatted(
                        name, labels, targetPort, these.stream().map(Pod::json).collect(Collectors.joining(",\n"))));
    }

    /** The ServiceImport that goes with imported slices. */
    void serviceImport() {
        api.apply("""
                {"apiVersion": "multicluster.x-k8s.io/v1alpha1", "kind": "ServiceImport",
                 "metadata": {"namespace": "shop", "name": "orders"},
                 "spec": {"type": "ClusterSetIP", "ips": ["10.97.0.9"],
                          "ports": [{"name": "http", "port": %d, "protocol": "TCP"}]}}""".formatted(vip.port()));
    }

    /** From now on the API server wants this one, and it is in the file. */
    void token(String next) throws IOException {
        Files.writeString(token, next);
        api.requireToken(next);
    }

    Service orders() {
        return orders(builder -> builder);
    }

    /** The library, and its service. */
    Service orders(UnaryOperator<Discovery.Builder> change) {
        Discovery made = change.apply(builder()).build();
        discovery = Optional.of(made);
        return made.service("orders.shop:" + vip.port());
    }

    Discovery discovery() {
        return discovery.orElseThrow();
    }

    private Discovery.Builder builder() {
        Discovery.Builder builder = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .kubernetes(k -> k.watch(KubernetesOptions.Scope.SERVICES).kubeconfig(kubeconfig))
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .listener(events::add);
        return manual.map(time -> builder.time(time, time)).orElse(builder);
    }

    /** Waits until it is so; how long that took by the clock in use. */
    Duration await(String what, BooleanSupplier so) throws InterruptedException {
        long began = ticker.nanos();
        for (long ends = Ticker.system().nanos() + PATIENCE.toNanos(); !so.getAsBoolean(); ) {
            assertThat(Ticker.system().nanos() - ends)
                    .as("%s: never, but %s", what, discovery.map(Cluster::known).orElse("nothing"))
                    .isNegative();
            manual.ifPresent(time -> time.advance(STEP));
            turn();
        }
        return Duration.ofNanos(ticker.nanos() - began);
    }

    /** Manual time goes by, however long that takes. */
    void pass(Duration time) throws InterruptedException {
        for (Duration left = time; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            manual.orElseThrow().advance(STEP);
            turn();
        }
    }

    /** Whoever has something to do has time for it. */
    private static void turn() throws InterruptedException {
        boolean never = new CountDownLatch(1).await(TURN_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(never).isFalse();
    }

    /** Waits until home's endpoints that may be used are these. */
    Duration awaitHome(Service orders, String... authorities) throws InterruptedException {
        List<String> wanted = Stream.of(authorities).sorted().toList();
        CompletableFuture<Service> ready = orders.ready().toCompletableFuture();
        return await("home is " + wanted, () -> ready.isDone() && home(orders).equals(wanted));
    }

    /** Waits until home's endpoints that may be used are these pods. */
    Duration awaitHome(Service orders, Collection<Pod> these) throws InterruptedException {
        return awaitHome(orders, these.stream().map(Pod::authority).toArray(String[]::new));
    }

    /** Home's endpoints that may be used. */
    static List<String> home(Service orders) {
        return endpoints(orders, 0);
    }

    /** A tier's endpoints that may be used. */
    static List<String> endpoints(Service orders, int tier) {
        return orders.decision().tiers().get(tier).candidates().stream()
                .map(candidate -> candidate.endpoint().authority())
                .sorted()
                .toList();
    }

    /** Home's share of the load, in percent. */
    static int homeLoad(Service orders) {
        Decision decision = orders.decision();
        return decision.tiers().get(0).load().percent();
    }

    /** One call; who answered. */
    static String call(Service orders) throws IOException {
        return orders.<String, IOException>call(Call.idempotent(), Cluster::get);
    }

    /** So many calls; how often who answered. */
    static Map<String, Integer> calls(Service orders, int count) throws IOException {
        Map<String, Integer> answered = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            answered.merge(call(orders), 1, Integer::sum);
        }
        return answered;
    }

    private static String get(Endpoint endpoint) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://" + endpoint.authority() + "/").toURL().openConnection();
        connection.setConnectTimeout(10_000);
        connection.setReadTimeout(10_000);
        try (InputStream body = connection.getInputStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        } finally {
            connection.disconnect();
        }
    }

    /** What the library told, in words. */
    List<String> told() {
        return events.stream().map(Event::toString).toList();
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    private static String known(Discovery discovery) {
        return discovery.service("orders.shop").explain().toString();
    }

    /** The library's threads, by their names or, the HTTP client's, by their group's. */
    static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("discovery-")
                        || Optional.ofNullable(thread.getThreadGroup())
                                .filter(group -> group.getName().startsWith("discovery-"))
                                .isPresent())
                .toList();
    }

    /** Looks that nothing is left behind. */
    @Override
    public void close() {
        try {
            discovery.ifPresent(Discovery::close);
            awaitEnd(threads());
            assertThat(threads()).isEmpty();
            api.awaitWatches(0, Duration.ofSeconds(30));
        } finally {
            pods.forEach(pod -> pod.endpoint.close());
            vip.close();
            api.close();
            dns.close();
        }
    }

    private static void awaitEnd(List<Thread> threads) {
        long ends = Ticker.system().nanos() + Duration.ofSeconds(5).toNanos();
        try {
            for (Thread thread : threads) {
                Duration left = Duration.ofNanos(ends - Ticker.system().nanos());
                thread.join(Math.max(1, left.toMillis()));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pod, and what its cluster says of it. */
    static final class Pod {
        final FakeEndpoint endpoint;
        private final String zone;
        private String conditions = "\"ready\": true, \"serving\": true, \"terminating\": false";

        private Pod(FakeEndpoint endpoint, String zone) {
            this.endpoint = endpoint;
            this.zone = zone;
        }

        String name() {
            return endpoint.name();
        }

        String authority() {
            return endpoint.endpoint();
        }

        String zone() {
            return zone;
        }

        Pod ready(boolean ready) {
            conditions = "\"ready\": " + ready + ", \"serving\": " + ready + ", \"terminating\": false";
            return this;
        }

        /** Told to end; it answers until it does. */
        Pod terminating() {
            conditions = "\"ready\": false, \"serving\": true, \"terminating\": true";
            return this;
        }

        private String json() {
            return "{\"addresses\": [\"" + endpoint.address().getHostString() + "\"], \"conditions\": {" + conditions
                    + "}, \"zone\": \"" + zone + "\", \"nodeName\": \"node-" + zone + "\"}";
        }

        @Override
        public String toString() {
            return name();
        }
    }
}
