package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeApiServer;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --source kubernetes}: the API's word where it has one, else DNS's, and why. */
class KubernetesSourceTest {

    private static final String SERVICE = """
            {"apiVersion":"v1","kind":"Service","metadata":{"namespace":"shop","name":"orders"},
             "spec":{"clusterIP":"10.96.0.9","ports":[{"name":"http","port":80,"protocol":"TCP","targetPort":8080}]}}""";

    private static final String SLICE = """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice",
             "metadata":{"namespace":"shop","name":"orders-a","labels":{"kubernetes.io/service-name":"orders",
              "endpointslice.kubernetes.io/managed-by":"endpointslice-controller.k8s.io"}},
             "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],
             "endpoints":[
              {"addresses":["10.244.1.1"],"conditions":{"ready":true},"zone":"eu-1","nodeName":"n1","hints":{"forZones":[{"name":"eu-1"}]}},
              {"addresses":["10.244.1.2"],"conditions":{"ready":true},"zone":"eu-2","nodeName":"n2","hints":{"forZones":[{"name":"eu-2"}]}},
              {"addresses":["10.244.1.3"],"conditions":{"ready":false},"zone":"eu-2","nodeName":"n2"},
              {"addresses":["10.244.1.4"],"conditions":{"ready":false,"serving":true,"terminating":true},"zone":"eu-2","nodeName":"n2"}]}""";

    private static final String IMPORT = """
            {"apiVersion":"multicluster.x-k8s.io/v1beta1","kind":"ServiceImport",
             "metadata":{"namespace":"shop","name":"orders"},
             "spec":{"type":"ClusterSetIP","ips":["10.97.0.9"],"ports":[{"name":"http","port":80,"protocol":"TCP"}]},
             "status":{"clusters":[{"cluster":"west"},{"cluster":"east"}]}}""";

    private final FakeApiServer api = FakeApiServer.start();
    private final FakeDnsServer dns = FakeDnsServer.start();

    @TempDir
    private Path folder;

    private Path kubeconfig = Path.of("");

    /** The API has a second for its first word, for which a cold client on a busy machine is too slow. */
    @BeforeAll
    static void loadTheClient(@TempDir Path folder) throws IOException {
        KubernetesSourceTest once = new KubernetesSourceTest();
        once.folder = folder;
        once.serve();
        assertThat(once.discovery("explain").status()).isZero();
        once.close();
    }

    @BeforeEach
    void serve() throws IOException {
        api.install("multicluster.x-k8s.io", "ServiceImport", "v1beta1", "v1alpha1");
        api.apply(SERVICE);
        api.apply(SLICE);
        api.apply(IMPORT);
        dns.service("orders.shop.svc.cluster.local", "10.96.0.9");
        kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: here
                contexts: [{name: here, context: {cluster: c, user: u, namespace: shop}}]
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: secret}}]
                """.formatted(api.url()));
    }

    @AfterEach
    void close() {
        api.close();
        dns.close();
    }

    private static String unwrapped(Ran ran) {
        return ran.out().replaceAll("\\s+", " ");
    }

    private Ran discovery(String command, String... more) {
        return within("10s", command, more);
    }

    private Ran within(String timeout, String command, String... more) {
        List<String> args = new ArrayList<>(
                List.of(command, "orders.shop:80", "--source", "kubernetes", "--kubeconfig", kubeconfig.toString()));
        args.addAll(List.of("--dns", dns.endpoint(), "--probe", "none", "--timeout", timeout));
        args.addAll(List.of(more));
        return Ran.discovery(args.toArray(String[]::new));
    }

    @Test
    void explainShowsSlicesConditionsHintsAndTheRule() {
        Ran ran = discovery("explain", "--zone", "eu-1", "--topology", "hints", "--verbose");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(unwrapped(ran))
                .contains("1 slice, 2 ready, 1 not ready, 1 terminating")
                .contains("10.244.1.1:8080", "zone eu-1, node n1, hinted for zone eu-1")
                .contains("10.244.1.2:8080: hints: not hinted for zone eu-1")
                .contains("10.244.1.3:8080: not ready")
                .contains("10.244.1.4:8080: terminating; it would serve if none were ready")
                .contains("1 virtual address")
                .contains("10.97.0.9:80")
                .contains("service-name=orders")
                .doesNotContain("secret");
    }

    @Test
    void resolveHasPodsAndTheirPorts() {
        Ran ran = discovery("resolve", "--json");
        assertThat(ran.status()).as(ran.err()).isZero();
        Map<String, Object> local = ran.tier("local");
        assertThat(local).containsEntry("outcome", "found").containsEntry("ttlSeconds", null);
        assertThat(Ran.list(local, "endpoints").get(0))
                .containsEntry("address", "10.244.1.1")
                .containsEntry("port", 8080)
                .containsEntry("zone", "eu-1");
        assertThat(discovery("resolve").out()).containsPattern("local +\\d+% +found +- +1 slice");
    }

    @Test
    void whereTheApiSaysNoDnsAnswersAndTheReasonIsTold() {
        api.refuse(403);
        Ran ran = discovery("explain", "--verbose");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(unwrapped(ran))
                .contains("10.96.0.9:80")
                .contains("403 Forbidden: cannot list endpointslices in namespace shop")
                .contains("This mends it (kubectl apply -f -): {\"apiVersion\":\"v1\",")
                .contains("The same Role mends it");
    }

    /** As in a pod with a tenth of a core: what DNS says meanwhile was not asked for. */
    @Test
    void anApiServerThatIsSlowIsWaitedForForHalfOfTheTime() {
        api.stall();
        CompletableFuture.delayedExecutor(3, TimeUnit.SECONDS).execute(api::healthy);
        Ran ran = within("30s", "resolve");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(unwrapped(ran)).contains("10.244.1.1:8080").doesNotContain("10.96.0.9:80");
    }

    @Test
    void anApiServerThatIsSilentIsNoErrorEither() {
        api.stall();
        Ran ran = within("2s", "resolve");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(unwrapped(ran)).contains("10.96.0.9:80", "the API has not answered yet");
    }

    @Test
    void anApiServerThatIsNotThereIsNoError() {
        api.refuseConnections();
        Ran ran = discovery("resolve");
        assertThat(ran.status()).as(ran.err()).isZero();
        assertThat(unwrapped(ran)).contains("10.96.0.9:80", "no answer from the API server");
    }
}
