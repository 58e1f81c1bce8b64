package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.ApiVerb;
import io.clusterset.discovery.testkit.FakeApiServer;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole source: from a kubeconfig over fabric8 to answers. */
final class OverSocketsTest {

    private static final Question ORDERS =
            new Question("local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty());

    private static final Duration SOON = Duration.ofSeconds(10);

    private final FakeApiServer server = FakeApiServer.start();
    private final DaemonScheduler timers = new DaemonScheduler("test-timers");
    private final List<Throwable> thrown = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Resolution> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private Path token = Path.of("");
    private Path config = Path.of("");

    @BeforeEach
    void orders() throws IOException {
        token = Files.writeString(folder.resolve("token"), "first");
        config = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: test
                contexts: [{name: test, context: {cluster: fake, user: client}}]
                clusters: [{name: fake, cluster: {server: "%s"}}]
                users: [{name: client, user: {tokenFile: token}}]
                """.formatted(server.url()));
        server.requireToken("first");
        server.apply(
                "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"shop\",\"name\":\"orders\"},"
                        + "\"spec\":{\"clusterIP\":\"10.96.0.9\",\"clusterIPs\":[\"10.96.0.9\"],"
                        + "\"ports\":[{\"name\":\"http\",\"port\":80,\"protocol\":\"TCP\"}]}}");
        slice("10.0.0.1");
    }

    private void slice(String address) {
        server.apply(
                "{\"apiVersion\":\"discovery.k8s.io/v1\",\"kind\":\"EndpointSlice\",\"metadata\":{\"namespace\":\"shop\","
                        + "\"name\":\"orders-a\",\"labels\":{\"kubernetes.io/service-name\":\"orders\","
                        + "\"endpointslice.kubernetes.io/managed-by\":\"endpointslice-controller.k8s.io\"}},\"addressType\":\"IPv4\","
                        + "\"ports\":[{\"name\":\"http\",\"port\":8080,\"protocol\":\"TCP\"}],"
                        + "\"endpoints\":[{\"addresses\":[\"" + address + "\"],\"conditions\":{\"ready\":true}}]}");
    }

    private KubernetesSource source() {
        return new KubernetesSource(
                KubernetesOptions.builder()
                        .watch(KubernetesOptions.Scope.SERVICES)
                        .kubeconfig(config)
                        .build(),
                new KubernetesAccess(Path.of("nowhere"), Map.of()),
                "cluster.local",
                "clusterset.local",
                () -> "",
                () -> "shop",
                80,
                address -> false,
                timers,
                Ticker.system(),
                timers,
                new SerialExecutor(timers, thrown::add),
                new Random(1),
                event -> {});
    }

    @AfterEach
    void close() {
        timers.close();
        server.close();
        assertThat(thrown).isEmpty();
    }

    private Resolution await(Predicate<Resolution> wanted) throws InterruptedException {
        Resolution last = null;
        for (int i = 0; i < 20; i++) {
            Resolution next = told.poll(30, TimeUnit.SECONDS); // longer than the source waits before it tries again
            if (next == null) {
                break;
            }
            last = next;
            if (wanted.test(next)) {
                return next;
            }
        }
        throw new AssertionError("never came; last: " + last);
    }

    private static boolean has(Resolution resolution, String address) {
        return resolution.endpoints().stream()
                .anyMatch(endpoint -> endpoint.address().getHostAddress().equals(address) && endpoint.port() == 8080);
    }

    @Test
    void itTellsWhatIsAndEachChangeThroughRotationOutageAndReset() throws Exception {
        KubernetesSource source = source();
        source.watch(ORDERS, told::add);
        Resolution first = await(answer -> has(answer, "10.0.0.1"));
        assertThat(first.evidence().answeredBy()).isEqualTo("127.0.0.1:" + server.port());
        slice("10.0.0.2");
        await(answer -> has(answer, "10.0.0.2"));

        Files.writeString(token, "second");
        server.requireToken("second");
        server.resetWatches();
        slice("10.0.0.3");
        await(answer -> has(answer, "10.0.0.3"));

        server.refuseConnections();
        await(answer -> answer instanceof Resolution.Unknown);
        slice("10.0.0.4");
        server.restore();
        await(answer -> has(answer, "10.0.0.4"));

        server.awaitWatches(2, SOON); // one that opens later is not told 410, and hears of the change
        server.forgetRequests();
        server.failWatches(410);
        slice("10.0.0.5");
        await(answer -> has(answer, "10.0.0.5"));
        assertThat(server.requests(ApiVerb.LIST, "endpointslices")).isPositive();

        source.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (group != null && group.getName().equals("discovery-kubernetes")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void aKubeconfigThatIsMendedIsReadAnew() throws Exception {
        String good = Files.readString(config);
        Files.delete(config);
        KubernetesSource source = source();
        source.watch(ORDERS, told::add);
        Resolution first = await(answer -> true);
        assertThat(first.evidence().detail())
                .startsWith("no answer from the API server: kubeconfig: no file ")
                .contains("config");
        Files.writeString(config, good);
        await(answer -> has(answer, "10.0.0.1"));
        source.close();
    }
}
