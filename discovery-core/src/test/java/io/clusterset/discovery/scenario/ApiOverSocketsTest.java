package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.scenario.Cluster.Pod;
import io.clusterset.discovery.testkit.ApiFault;
import io.clusterset.discovery.testkit.ApiVerb;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API answers, DNS meanwhile: the faults of an API server, as who uses the library meets them. */
final class ApiOverSocketsTest {

    private static final Duration SOON = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private static Pod[] two(Cluster cluster) {
        Pod[] two = {cluster.pod("127.3.0.1", "a"), cluster.pod("127.3.0.2", "b")};
        cluster.service();
        cluster.slice("orders-a", List.of(two));
        return two;
    }

    /** F51, at start. The port of the Service is DNS's too, that of the pods only the API knows. */
    @Test
    void anApiServerThatIsSickAtTheStartIsNoErrorAndIsHeardOnceItIsWell() throws Exception {
        try (Cluster cluster = Cluster.inNoTime(folder)) {
            Pod[] pods = two(cluster);
            assertThat(cluster.vip.port()).isNotEqualTo(pods[0].endpoint.port());
            cluster.api.refuse(503);
            Service orders = cluster.orders();
            assertThat(cluster.awaitHome(orders, cluster.vip.endpoint())).isLessThan(Duration.ofSeconds(2));
            assertThat(Cluster.call(orders)).isEqualTo("vip");
            cluster.await("it is said why", () -> orders.explain().toString().contains("503 when asked for"));

            cluster.pass(Duration.ofSeconds(60));
            assertThat(cluster.api.requests()).isBetween(1L, 16L);
            cluster.api.healthy();
            assertThat(cluster.awaitHome(orders, List.of(pods))).isLessThan(Duration.ofSeconds(36));
            assertThat(Cluster.calls(orders, 10)).containsOnlyKeys("pod-127.3.0.1", "pod-127.3.0.2");
        }
    }

    @Test
    void anApiServerThatIsNotThereAtTheStartIsNoError() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod[] pods = two(cluster);
            cluster.api.refuseConnections();
            Service orders = cluster.orders();
            assertThat(Cluster.call(orders)).isEqualTo("vip");
            cluster.api.restore();
            cluster.awaitHome(orders, List.of(pods));
            assertThat(Cluster.call(orders)).startsWith("pod-");
        }
    }

    /** F51, mid-life: it dies, or says 503. */
    @Test
    void whileAnApiServerIsAwayDnsServesAndNoCallFails() throws Exception {
        try (Cluster cluster = Cluster.inNoTime(folder)) {
            Pod[] pods = two(cluster);
            Service orders = cluster.orders();
            cluster.awaitHome(orders, List.of(pods));
            List<Runnable> deaths = List.of(
                    () -> {
                        cluster.api.refuse(503);
                        cluster.api.dropWatches();
                    },
                    cluster.api::refuseConnections);
            for (Runnable death : deaths) {
                Duration fastest = Duration.ofDays(1);
                // the best of three: time goes on while a busy machine has yet to notice
                for (int i = 0; i < 3 && fastest.compareTo(Duration.ofSeconds(7)) > 0; i++) {
                    Duration took = outage(cluster, orders, death);
                    assertThat(took).isGreaterThanOrEqualTo(Duration.ofSeconds(4));
                    fastest = took.compareTo(fastest) < 0 ? took : fastest;
                }
                assertThat(fastest).isLessThanOrEqualTo(Duration.ofSeconds(7));
            }
        }
    }

    /** From a death to the end of it; how long it took until DNS served. */
    private static Duration outage(Cluster cluster, Service orders, Runnable death) throws InterruptedException {
        // one that opens later is not ended by it
        cluster.await("all is watched", () -> cluster.api.watches() == 4);
        death.run();
        List<String> answered = new ArrayList<>();
        Duration took = cluster.await("DNS serves", () -> {
            answered.add(answer(orders));
            return Cluster.home(orders).equals(List.of(cluster.vip.endpoint()));
        });
        assertThat(Cluster.homeLoad(orders)).isEqualTo(100);
        assertThat(answer(orders)).isEqualTo("vip");

        cluster.api.healthy();
        Duration back = cluster.await("the API answers", () -> {
            answered.add(answer(orders));
            return Cluster.home(orders).size() == 2;
        });
        assertThat(back).isLessThan(Duration.ofSeconds(36));
        assertThat(answered).allMatch(name -> name.equals("vip") || name.startsWith("pod-"));
        assertThat(answer(orders)).startsWith("pod-");
        return took;
    }

    private static String answer(Service orders) {
        try {
            return Cluster.call(orders);
        } catch (IOException | RuntimeException failed) {
            return "failed: " + failed;
        }
    }

    /** F52. */
    @Test
    void whatIsForbiddenIsAskedOfDnsAndOfTheApiOnceItIsGranted() throws Exception {
        try (Cluster cluster = Cluster.inNoTime(folder)) {
            Pod[] pods = two(cluster);
            cluster.api.fail(ApiFault.status(403).of("endpointslices"));
            Service orders = cluster.orders();
            Service stock = cluster.discovery().service("stock.shop");
            cluster.awaitHome(orders, cluster.vip.endpoint());
            assertThat(Cluster.call(orders)).isEqualTo("vip");
            cluster.await(
                    "stock is asked for, too",
                    () -> stock.ready().toCompletableFuture().isDone());
            cluster.pass(Duration.ofMinutes(4));
            assertThat(cluster.told().stream().filter(what -> what.contains("\"kind\":\"Role\"")))
                    .singleElement()
                    .asString()
                    .contains("403 Forbidden: cannot list endpointslices in namespace shop; DNS is asked instead")
                    .contains("{\"kind\":\"ServiceAccount\",\"name\":\"orders\",\"namespace\":\"shop\"}");
            assertThat(cluster.api.requests(ApiVerb.LIST, "endpointslices")).isBetween(1, 2);

            cluster.api.healthy();
            assertThat(cluster.awaitHome(orders, List.of(pods))).isLessThan(Duration.ofSeconds(125));
            assertThat(cluster.told())
                    .anyMatch(what -> what.contains("endpointslices in namespace shop can be watched now"));
        }
    }

    /** F53: the watch says so by an event, or by its status. */
    @Test
    void aVersionThatIsTooOldCostsOneListAndNoEndpoint() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod[] pods = two(cluster);
            Service orders = cluster.orders();
            cluster.awaitHome(orders, List.of(pods));
            cluster.api.awaitWatches(4, SOON);
            cluster.api.forgetRequests();
            cluster.api.compact();
            cluster.api.tooOldAsStatus(true);
            cluster.slice("orders-a", List.of(pods[0])); // told; then the version is old
            cluster.awaitHome(orders, List.of(pods[0]));
            cluster.api.failWatches(410);
            cluster.slice("orders-a", List.of(pods));
            assertThat(cluster.awaitHome(orders, List.of(pods)))
                    .isLessThan(Duration.ofSeconds(20)); // lists on suspicion are 30 s apart
            assertThat(cluster.api.requests(ApiVerb.LIST, "endpointslices")).isBetween(1, 2); // own and imported ones
            assertThat(cluster.told()).noneMatch(what -> what.contains("unknown"));
        }
    }

    /** F55. */
    @Test
    void aListThatFailsOnItsThirdPageTakesNothingAway() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod pod = cluster.pod("127.3.0.1", "a");
            cluster.service();
            for (int i = 0; i < 2_100; i++) { // five pages of 500, once it pages: not what is cached
                cluster.slice("orders-" + (10_000 + i), i == 2_050 ? List.of(pod) : List.of());
            }
            Service orders = cluster.orders();
            cluster.awaitHome(orders, List.of(pod));
            cluster.api.awaitWatches(4, SOON); // one that opens later is not told 410, nor lists

            Queue<List<String>> seen = new ConcurrentLinkedQueue<>();
            Service.Watching watching =
                    orders.watch(snapshot -> seen.add(snapshot.tiers().get(0).resolution().endpoints().stream()
                            .map(Endpoint::authority)
                            .toList()));
            cluster.api.forgetRequests();
            cluster.api.fail(ApiFault.status(500)
                    .on(ApiVerb.LIST)
                    .of("endpointslices")
                    .matching(request -> request.query().contains("continue="))
                    .after(1)
                    .times(1));
            cluster.api.failWatches(410);
            cluster.api.awaitRequests(ApiVerb.LIST, "endpointslices", 9, SOON);
            cluster.api.awaitRequests(ApiVerb.WATCH, "endpointslices", 1, SOON);
            Pod other = cluster.pod("127.3.0.2", "b");
            cluster.slice("orders-10000", List.of(other));
            cluster.awaitHome(orders, List.of(pod, other));
            watching.close();
            assertThat(seen).isNotEmpty().allMatch(home -> home.contains(pod.authority()));
        }
    }

    /** F56. */
    @Test
    void whatIsNullIsPassedOverAndTheRestServes() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod[] pods = two(cluster);
            for (String nothing : List.of(
                    "\"ports\": null, \"endpoints\": null",
                    "\"ports\": [null, {\"port\": null}], \"endpoints\": [null, {\"addresses\": null}]",
                    "\"ports\": [{\"name\": \"http\", \"port\": 1}],"
                            + " \"endpoints\": [{\"addresses\": [], \"conditions\": null}]")) {
                cluster.api.apply("""
                        {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4",
                         "metadata": {"namespace": "shop", "name": "odd-%d",
                                      "labels": {"kubernetes.io/service-name": "orders"}}, %s}""".formatted(nothing.length(), nothing));
            }
            Service orders = cluster.orders();
            cluster.awaitHome(orders, List.of(pods));
            cluster.api.awaitWatches(4, SOON); // only what is open hears it
            cluster.api.sendRaw("endpointslices", "{\"type\": \"MARVEL\", \"object\": null}");
            cluster.api.sendRaw("endpointslices", "{\"type\": \"ADDED\", \"object\": {\"metadata\": null}}");
            cluster.slice("orders-a", List.of(pods[1]));
            cluster.awaitHome(orders, List.of(pods[1]));
            assertThat(Cluster.call(orders)).isEqualTo("pod-127.3.0.2");
        }
    }

    @Test
    void aTokenThatIsRotatedIsTakenUpAndNobodyNotices() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod[] pods = two(cluster);
            Service orders = cluster.orders();
            cluster.awaitHome(orders, List.of(pods));
            for (String next : List.of("second", "third")) {
                cluster.api.awaitWatches(4, SOON); // one that opens while the token is written has neither
                cluster.token(next);
                cluster.api.dropWatches();
                cluster.slice("orders-a", List.of(pods[0]));
                cluster.awaitHome(orders, List.of(pods[0]));
                cluster.slice("orders-a", List.of(pods));
                cluster.awaitHome(orders, List.of(pods));
            }
            assertThat(cluster.told())
                    .noneMatch(what -> what.contains("second") || what.contains("third"))
                    .noneMatch(Pattern.compile("\\b401\\b").asPredicate()); // a port may well begin like that
        }
    }

    /** Imported slices of two clusters; what is of this one belongs to home. */
    @Test
    void whenHomeIsGoneTheClustersetsPodsServeAtOnce() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            Pod[] pods = two(cluster);
            Pod east = cluster.pod("127.4.0.1", "x");
            cluster.serviceImport();
            cluster.imported("imported-west", "west", List.of(pods));
            cluster.imported("imported-east", "east", List.of(east));
            Service orders = cluster.orders(builder -> builder.topology(t -> t.cluster("west")));
            cluster.awaitHome(orders, List.of(pods));
            cluster.await(
                    "the other cluster's are known",
                    () -> Cluster.endpoints(orders, 1).equals(List.of(east.authority())));
            assertThat(Cluster.calls(orders, 10)).doesNotContainKey(east.name());
            FakeEndpoint[] dying = {pods[0].endpoint, pods[1].endpoint};
            for (FakeEndpoint one : dying) {
                one.refuse();
            }
            assertThat(Cluster.calls(orders, 10)).containsOnlyKeys(east.name());
            cluster.slice("orders-a", List.of());
            cluster.imported("imported-west", "west", List.of());
            cluster.await("home is empty", () -> Cluster.home(orders).isEmpty());
            assertThat(Cluster.calls(orders, 10)).containsOnlyKeys(east.name());
            assertThat(orders.decision()
                            .tiers()
                            .get(1)
                            .candidates()
                            .get(0)
                            .endpoint()
                            .cluster())
                    .isEqualTo("east");
        }
    }

    /** Each ends within 5 s, and {@link Cluster#close} looks what is left. */
    @Test
    void closingEndsThreadsAndWatchesWhateverTheApiServerIsAt() throws Exception {
        for (boolean stalled : new boolean[] {false, true}) {
            try (Cluster cluster = Cluster.in(folder)) {
                Pod[] pods = two(cluster);
                Service orders = cluster.orders();
                cluster.awaitHome(orders, List.of(pods));
                cluster.api.awaitWatches(4, SOON);
                assertThat(Cluster.threads()).isNotEmpty();
                if (stalled) {
                    cluster.api.stall();
                    orders.invalidate();
                }
            }
        }
    }
}
