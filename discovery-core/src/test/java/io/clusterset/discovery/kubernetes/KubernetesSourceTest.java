package io.clusterset.discovery.kubernetes;

import static io.clusterset.discovery.kubernetes.MemoryServer.BROKEN;
import static io.clusterset.discovery.kubernetes.MemoryServer.CLEAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions, and what is told of them. */
final class KubernetesSourceTest {

    private static final String FORBIDDEN = "endpointslices.discovery.k8s.io is forbidden: User"
            + " \"system:serviceaccount:shop:orders-client\" cannot list resource \"endpointslices\" in API group"
            + " \"discovery.k8s.io\" in the namespace \"shop\"";

    private final Bench bench = new Bench();
    private final MemoryServer server = bench.server;
    private final List<Event> events = new ArrayList<>();
    private final List<Resolution> told = new ArrayList<>();
    private KubernetesOptions options =
            KubernetesOptions.builder().watch(KubernetesOptions.Scope.SERVICES).build();
    private KubernetesAccess access = new KubernetesAccess(Path.of("nowhere"), Map.of());
    private KubernetesSource source = source();

    private KubernetesSource source() {
        return new KubernetesSource(
                options,
                access,
                () -> server,
                "cluster.local",
                "clusterset.local",
                () -> "",
                () -> "shop",
                80,
                address -> false,
                Runnable::run,
                bench.clockwork,
                events::add);
    }

    @AfterEach
    void nothingIsLeft() {
        source.close();
        source.close();
        assertThat(bench.thrown).isEmpty();
        assertThat(bench.time.pending()).isZero();
        assertThat(server.open()).isEmpty();
    }

    private static Question local(String service) {
        return new Question("local", service + ".shop.svc.cluster.local", "cluster.local", Optional.empty());
    }

    private static Question remote(String service) {
        return new Question("clusterset", service + ".shop.svc.clusterset.local", "clusterset.local", Optional.empty());
    }

    private EndpointSource.Watch watch(Question question) {
        return source.watch(question, told::add);
    }

    private Resolution last() {
        return told.get(told.size() - 1);
    }

    private List<String> addresses() {
        return last().endpoints().stream()
                .map(endpoint -> endpoint.address().getHostAddress())
                .toList();
    }

    private void orders() {
        server.service("shop", "orders");
        server.slice("shop", "orders-a", "orders", "10.0.0.1");
    }

    @Test
    void itTellsWhatIsAndEachChange() {
        orders();
        watch(local("orders"));
        assertThat(told).hasSize(1);
        assertThat(last()).isInstanceOf(Resolution.Found.class);
        assertThat(last().freshFor()).isGreaterThan(EndpointSource.PUSHED);
        assertThat(addresses()).containsExactly("10.0.0.1");

        bench.seconds(1);
        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        assertThat(addresses()).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        assertThat(told).hasSize(2);
        assertThat(server.requests)
                .anyMatch(path -> path.contains("labelSelector=kubernetes.io%2Fservice-name%3Dorders"));
        assertThat(server.requests).anyMatch(path -> path.contains("services?fieldSelector=metadata.name%3Dorders"));
    }

    @Test
    void itKnowsTheServicesOfItsNamespaceOnceItIsAskedForThem() {
        orders();
        server.service("other", "bills");
        watch(local("orders"));
        assertThat(server.open()).hasSize(2);
        source.serviceNames();
        bench.seconds(0);
        assertThat(source.serviceNames()).containsExactly("orders.shop");
        server.service("shop", "carts");
        bench.seconds(0);
        assertThat(source.serviceNames()).containsExactlyInAnyOrder("orders.shop", "carts.shop");
        server.delete("services", "shop", "carts");
        bench.seconds(0);
        assertThat(source.serviceNames()).containsExactly("orders.shop");
        assertThat(server.open())
                .as("one watch more, however often it is asked")
                .hasSize(3);
    }

    @Test
    void theServicesAreNotWatchedWhenNobodyHasAskedForThemForTenMinutes() {
        orders();
        source.serviceNames();
        bench.seconds(599);
        assertThat(source.serviceNames()).containsExactly("orders.shop");
        bench.seconds(599);
        assertThat(server.open()).as("asked for 10 minutes ago, almost").hasSize(1);
        bench.seconds(2);
        assertThat(server.open()).isEmpty();

        server.service("shop", "carts");
        bench.seconds(3600);
        server.hang();
        assertThat(source.serviceNames()).containsExactly("orders.shop");
        assertThat(source.serviceNames()).as("what was known, until more is").containsExactly("orders.shop");
    }

    @Test
    void theServicesAreWatchedAgainAtTheNextCall() {
        orders();
        source.serviceNames();
        bench.seconds(601);
        assertThat(server.open()).isEmpty();
        server.service("shop", "carts");
        source.serviceNames();
        assertThat(server.open()).hasSize(1);
        assertThat(source.serviceNames()).containsExactlyInAnyOrder("orders.shop", "carts.shop");
    }

    @Test
    void questionsComeBeforeTheListOfServices() {
        List<EndpointSource.Watch> watches = new ArrayList<>();
        for (int i = 0; i < 39; i++) {
            server.service("shop", "s" + i);
            watches.add(watch(local("s" + i)));
        }
        source.serviceNames();
        assertThat(source.serviceNames()).hasSize(39);
        assertThat(server.open()).hasSize(79);

        server.service("shop", "s39");
        watches.add(watch(local("s39"))); // wants two, and there is one
        assertThat(last()).isInstanceOf(Resolution.Empty.class);
        assertThat(server.open()).hasSize(80);
        assertThat(events).isEmpty();
        assertThat(source.serviceNames()).as("what was known").hasSizeBetween(39, 40);

        watch(local("s40"));
        watches.get(0).close();
        bench.seconds(1);
        assertThat(server.open()).as("a question that waits").hasSize(80);
        watches.get(1).close();
        bench.seconds(1);
        assertThat(server.open())
                .as("then the list again, without being asked for")
                .hasSize(79);
        assertThat(source.serviceNames()).hasSize(40);
    }

    @Test
    void whoIsCrowdedOutKeepsTheListOfServicesOut() {
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1alpha1\"}]}");
        for (int i = 0; i < 39; i++) {
            watch(local("s" + i));
        }
        watch(remote("orders")); // wants four of two
        assertThat(server.open()).hasSize(78);
        assertThat(events).hasSize(1);
        source.serviceNames();
        bench.seconds(1);
        assertThat(server.open()).hasSize(78);
    }

    @Test
    void inClusterScopeItKnowsTheServicesOfAllNamespaces() {
        options = options.toBuilder().watch(KubernetesOptions.Scope.CLUSTER).build();
        source = source();
        orders();
        server.service("other", "bills");
        watch(local("orders"));
        int open = server.open().size();
        source.serviceNames();
        bench.seconds(0);
        assertThat(source.serviceNames()).containsExactlyInAnyOrder("orders.shop", "bills.other");
        assertThat(server.open()).as("they are watched already").hasSize(open);
    }

    @Test
    void manyChangesAreToldTogether() {
        orders();
        watch(local("orders"));
        bench.seconds(1);
        for (int i = 2; i < 102; i++) {
            server.slice("shop", "orders-" + i, "orders", "10.0.0." + i);
            bench.seconds(0.001);
        }
        bench.seconds(0.1);
        assertThat(addresses()).hasSize(101);
        assertThat(told).hasSizeBetween(3, 5);
    }

    @Test
    void itSaysNothingUntilAllIsKnownAndUnknownAfterASecond() {
        orders();
        server.hang();
        watch(local("orders"));
        bench.seconds(0.9);
        assertThat(told).isEmpty();
        bench.seconds(0.2);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(last().evidence().detail())
                .startsWith("/apis/discovery.k8s.io/v1/namespaces/shop/")
                .endsWith(": the API has not answered yet");
        assertThat(told).hasSize(1);
    }

    /** R30. */
    @Test
    void whatFailsIsUnknownAtOnce() {
        orders();
        server.refuseAll(new Answer.Silent("connection refused"));
        watch(local("orders"));
        assertThat(told).hasSize(1);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(last().evidence().detail()).isEqualTo("no answer from the API server: connection refused");
        assertThat(last().evidence().answeredBy()).isEqualTo("10.96.0.1:443");
        server.refuseNothing();
        bench.seconds(2);
        assertThat(addresses()).containsExactly("10.0.0.1");
    }

    /** R30: DNS within 5 s. */
    @Test
    void aWatchThatIsLostForFiveSecondsMakesItUnknownUntilItIsBack() {
        orders();
        watch(local("orders"));
        bench.seconds(200);
        server.refuseAll(BROKEN);
        server.endAll(BROKEN);
        bench.seconds(4.9);
        assertThat(told).hasSize(1);
        bench.seconds(0.2);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(last().evidence().detail()).contains("connection reset");
        server.refuseNothing();
        bench.seconds(30);
        assertThat(last()).isInstanceOf(Resolution.Found.class);
        assertThat(told).hasSize(3);
    }

    @Test
    void aWatchThatIsOpenedAnewIsNotTalkedAbout() {
        orders();
        watch(local("orders"));
        for (int i = 0; i < 10; i++) {
            bench.seconds(100);
            server.endAll(CLEAN);
        }
        assertThat(told).hasSize(1);
    }

    @Test
    void forbiddenIsSaidWithTheRoleThatMendsIt() {
        server.refuse(path -> path.contains("endpointslices")
                ? Optional.of(new Answer.Refused(403, FORBIDDEN, Optional.empty()))
                : Optional.empty());
        orders();
        watch(local("orders"));
        watch(local("stock"));
        watch(new Question(
                "local",
                "orders.shop.svc.cluster.local",
                "cluster.local",
                Optional.empty(),
                List.of(),
                Optional.of(new Port.Number(80))));

        assertThat(told).hasSize(3).allMatch(Resolution.Unknown.class::isInstance);
        assertThat(last().evidence().detail())
                .startsWith("403 Forbidden: cannot list endpointslices in namespace shop (endpointslices.discovery");
        assertThat(events).hasSize(1);
        assertThat(events.get(0).toString())
                .startsWith(
                        "kubernetes: 403 Forbidden: cannot list endpointslices in namespace shop; DNS is asked instead.")
                .endsWith(
                        "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":["
                                + "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\","
                                + "\"metadata\":{\"name\":\"clusterset-discovery\",\"namespace\":\"shop\"},\"rules\":["
                                + "{\"apiGroups\":[\"\"],\"resources\":[\"services\"],\"verbs\":[\"get\",\"list\",\"watch\"]},"
                                + "{\"apiGroups\":[\"discovery.k8s.io\"],\"resources\":[\"endpointslices\"],\"verbs\":[\"get\",\"list\",\"watch\"]},"
                                + "{\"apiGroups\":[\"multicluster.x-k8s.io\",\"net.gke.io\"],\"resources\":[\"serviceimports\"],"
                                + "\"verbs\":[\"get\",\"list\",\"watch\"]}]},"
                                + "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\","
                                + "\"metadata\":{\"name\":\"clusterset-discovery\",\"namespace\":\"shop\"},"
                                + "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\",\"name\":\"clusterset-discovery\"},"
                                + "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"orders-client\",\"namespace\":\"shop\"}]}]}");

        server.refuseNothing();
        bench.seconds(361);
        assertThat(told).filteredOn(Resolution.Found.class::isInstance).hasSize(2);
        assertThat(events).hasSize(2);
        assertThat(events.get(1).toString())
                .isEqualTo("kubernetes: endpointslices in namespace shop can be watched now");
    }

    @Test
    void clusterScopeWantsAClusterRole() {
        options = options.toBuilder().watch(KubernetesOptions.Scope.CLUSTER).build();
        source = source();
        server.refuseAll(
                new Answer.Refused(403, "services is forbidden: User \"jane\" cannot list resource", Optional.empty()));
        watch(local("orders"));
        assertThat(events.get(0).toString())
                .contains("\"kind\":\"ClusterRole\",\"metadata\":{\"name\":\"clusterset-discovery\"},")
                .contains(
                        "\"subjects\":[{\"kind\":\"User\",\"apiGroup\":\"rbac.authorization.k8s.io\",\"name\":\"jane\"}]");
    }

    @Test
    void whatIsWatchedIsSharedAndEndsWithItsLastQuestion() {
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1alpha1\"}]}");
        orders();
        Question withPort = new Question(
                "local",
                "orders.shop.svc.cluster.local",
                "cluster.local",
                Optional.empty(),
                List.of(),
                Optional.of(new Port.Number(80)));
        List<EndpointSource.Watch> watches = List.of(watch(local("orders")), watch(withPort), watch(remote("orders")));
        assertThat(server.open()).hasSize(4); // slices and Service by its name, imported slices, ServiceImport
        watches.get(0).close();
        watches.get(2).close();
        assertThat(server.open()).hasSize(2);
        watches.get(1).close();
        watches.get(1).close();
        assertThat(server.open()).isEmpty();
    }

    @Test
    void clusterScopeWatchesEachKindOnce() {
        options = options.toBuilder().watch(KubernetesOptions.Scope.CLUSTER).build();
        source = source();
        server.documents.put(
                "/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1alpha1\"},{\"version\":\"v1beta1\"}]}");
        server.importedSlice("shop", "imported-a", "orders", "east", "10.1.0.1");
        server.serviceImport("shop", "orders");
        for (int i = 0; i < 50; i++) {
            server.service("shop", "s" + i);
            server.slice("shop", "s" + i + "-a", "s" + i, "10.0.0." + i);
            watch(local("s" + i));
            assertThat(addresses()).containsExactly("10.0.0." + i);
        }
        watch(remote("orders"));
        assertThat(addresses()).containsExactly("10.1.0.1");
        assertThat(server.open()).hasSize(3);
        assertThat(server.requests)
                .anyMatch(path -> path.startsWith("/apis/multicluster.x-k8s.io/v1beta1/serviceimports?"));
        int before = told.size();
        bench.seconds(1);
        server.slice("shop", "s7-b", "s7", "10.0.1.1");
        bench.seconds(1);
        assertThat(told).hasSize(before + 1);
    }

    @Test
    void theEightyFirstWatchIsNotOpened() {
        List<EndpointSource.Watch> watches = new ArrayList<>();
        for (int i = 0; i < 41; i++) {
            server.service("shop", "s" + i);
            watches.add(watch(local("s" + i)));
        }
        assertThat(server.open()).hasSize(80);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(events).hasSize(1);
        assertThat(events.get(0).toString())
                .startsWith("s40.shop: ")
                .contains("80 watches", "discovery.kubernetes.watch=cluster");

        watches.get(3).close();
        bench.seconds(0.1);
        assertThat(last()).isInstanceOf(Resolution.Empty.class); // there is a place now
        assertThat(server.open()).hasSize(80);
        assertThat(events).hasSize(1);
    }

    @Test
    void namesThatTheApiDoesNotKnowAreNotAskedFor() {
        watch(new Question("local", "pod-1.orders.shop.svc.cluster.local", "cluster.local", Optional.empty()));
        watch(new Question("dr", "orders.example.com", "example.com", Optional.empty()));
        watch(new Question("dr", "lb.example.com", "", Optional.empty()));
        assertThat(told).hasSize(3).allMatch(one -> one.evidence().detail().contains("not asked for names of pods"));
        assertThat(server.requests).isEmpty();
        orders();
        watch(new Question("plain", "orders.shop", "", Optional.empty()));
        assertThat(addresses()).containsExactly("10.0.0.1");
    }

    @Test
    void withoutServiceImportsItIsUnknownAndLookedForAgain() {
        watch(remote("orders"));
        assertThat(last().evidence().detail()).isEqualTo("no ServiceImport in this cluster");
        assertThat(server.requests).contains("/apis/multicluster.x-k8s.io", "/apis/net.gke.io");
        bench.seconds(299);
        assertThat(server.asked("net.gke.io")).isOne();
        server.documents.put("/apis/net.gke.io", "{\"versions\":[{\"version\":\"v1\"}]}");
        server.serviceImport("shop", "orders");
        server.importedSlice("shop", "imported-a", "orders", "east", "10.1.0.1");
        bench.seconds(62);
        assertThat(addresses()).containsExactly("10.1.0.1");
        assertThat(server.requests)
                .anyMatch(path -> path.startsWith("/apis/net.gke.io/v1/namespaces/shop/serviceimports?"));
    }

    @ParameterizedTest
    @ValueSource(strings = {Flavour.CILIUM_MESH, Flavour.KARMADA_DISPATCH})
    void otherClustersSlicesUnderTheOwnNameNeedNoServiceImport(String managedBy) {
        orders();
        server.foreignSlice("shop", "orders-east", "orders", managedBy, "10.1.0.1");
        watch(local("orders"));
        assertThat(addresses()).containsExactly("10.0.0.1");
        watch(remote("orders"));
        assertThat(addresses()).containsExactly("10.1.0.1");
        assertThat(last().endpoints().get(0).port()).isEqualTo(8080);
        assertThat(server.open()).as("the watches of the local tier").hasSize(2);

        bench.seconds(1);
        server.foreignSlice("shop", "orders-east", "orders", managedBy);
        bench.seconds(1);
        assertThat(last()).isInstanceOf(Resolution.Empty.class); // there is a slice, which says so
        server.delete("endpointslices", "shop", "orders-east");
        bench.seconds(1);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(last().evidence().detail()).isEqualTo("no ServiceImport in this cluster");
        server.foreignSlice("shop", "orders-east", "orders", managedBy, "10.1.0.2");
        bench.seconds(1);
        assertThat(addresses()).containsExactly("10.1.0.2");

        server.documents.put("/apis/net.gke.io", "{\"versions\":[{\"version\":\"v1\"}]}");
        server.importedSlice("shop", "imported-a", "orders", "north", "10.2.0.1");
        bench.seconds(361);
        assertThat(addresses()).containsExactlyInAnyOrder("10.1.0.2", "10.2.0.1");
        server.foreignSlice("shop", "orders-east", "orders", managedBy, "10.1.0.3");
        bench.seconds(1);
        assertThat(addresses()).containsExactlyInAnyOrder("10.1.0.3", "10.2.0.1");
    }

    @Test
    void thatThereAreNoServiceImportsIsKnownWhileTheApiServerIsSilent() {
        server.foreignSlice("shop", "orders-east", "orders", Flavour.CILIUM_MESH, "10.1.0.1");
        watch(remote("orders"));
        assertThat(addresses()).containsExactly("10.1.0.1");
        server.refuse(path -> path.startsWith("/apis/multicluster") ? Optional.of(BROKEN) : Optional.empty());
        bench.seconds(400);
        assertThat(server.asked("/apis/multicluster")).isGreaterThan(1);
        assertThat(told).hasSize(1);
    }

    @Test
    void inClusterScopeLabelledSlicesNeedNoServiceImportEither() {
        options = options.toBuilder().watch(KubernetesOptions.Scope.CLUSTER).build();
        source = source();
        server.importedSlice("shop", "imported-a", "orders", "east", "10.1.0.1");
        watch(remote("orders"));
        assertThat(addresses()).containsExactly("10.1.0.1");
        assertThat(server.open()).hasSize(2);
        watch(remote("carts"));
        assertThat(last().evidence().detail()).isEqualTo("no ServiceImport in this cluster");
    }

    @Test
    void theAddressOfAGlobalServiceIsTheOnlyWayWhereNoSlicesLeadAnywhere() {
        server.globalService("shop", "orders");
        watch(local("orders"));
        assertThat(last()).isInstanceOf(Resolution.Found.class);
        assertThat(last().endpoints()).extracting(Endpoint::authority).containsExactly("10.96.0.9:80");
        assertThat(last().evidence().detail())
                .isEqualTo(
                        "1 virtual address, 1 ready; the name spans clusters already (service.cilium.io/global), and this"
                                + " cluster has no endpoints: its virtual address leads to other clusters");
        EndpointSource.Watch other = watch(new Question(
                "local",
                "orders.shop.svc.cluster.local",
                "cluster.local",
                Optional.empty(),
                List.of(),
                Optional.of(new Port.Number(81))));
        assertThat(last()).isInstanceOf(Resolution.Empty.class);
        assertThat(last().evidence().detail()).startsWith("port 81 not served");

        other.close();
        server.slice("shop", "orders-a", "orders", "10.0.0.1");
        bench.seconds(1);
        assertThat(addresses()).contains("10.0.0.1").doesNotContain("10.96.0.9");
        server.delete("endpointslices", "shop", "orders-a");
        server.foreignSlice("shop", "orders-east", "orders", Flavour.CILIUM_MESH, "10.1.0.1");
        bench.seconds(1);
        assertThat(last()).as("the clusterset tier has them").isInstanceOf(Resolution.Empty.class);
        server.service("shop", "carts");
        watch(local("carts"));
        assertThat(last()).as("an ordinary Service").isInstanceOf(Resolution.Empty.class);
    }

    @Test
    void aVersionThatIsServedNoLongerIsLookedForAgain() {
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1alpha1\"}]}");
        server.serviceImport("shop", "orders");
        server.importedSlice("shop", "imported-a", "orders", "east", "10.1.0.1");
        watch(remote("orders"));
        assertThat(last()).isInstanceOf(Resolution.Found.class);
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1beta1\"}]}");
        server.refuse(path -> path.contains("v1alpha1") ? Optional.of(MemoryServer.refused(404)) : Optional.empty());
        bench.seconds(200);
        server.endAll(BROKEN);
        bench.seconds(5);
        assertThat(last().evidence().detail()).startsWith("404 Not Found: there are no serviceimports");
        bench.seconds(400);
        assertThat(last()).isInstanceOf(Resolution.Found.class);
        assertThat(server.asked("v1beta1")).isGreaterThan(0);
    }

    /** A broken conversion webhook. */
    @Test
    void aKindThatIsSickHoldsUpNoOther() {
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1beta1\"}]}");
        server.refuse(
                path -> path.contains("/serviceimports") ? Optional.of(MemoryServer.refused(500)) : Optional.empty());
        orders();
        List<Resolution> home = new ArrayList<>();
        source.watch(local("orders"), home::add);
        watch(remote("orders"));
        for (int i = 0; i < 20; i++) {
            bench.seconds(97);
            server.endAll(CLEAN);
        }
        assertThat(home).hasSize(1).allMatch(Resolution.Found.class::isInstance);
        assertThat(last().evidence().detail()).startsWith("500 when asked for serviceimports in namespace shop");
        server.refuseNothing();
        bench.seconds(35);
        assertThat(last()).isNotInstanceOf(Resolution.Unknown.class);
    }

    @Test
    void aVersionThatIsKnownStaysWhileNobodyCanSayBetter() {
        server.documents.put("/apis/multicluster.x-k8s.io", "{\"versions\":[{\"version\":\"v1alpha1\"}]}");
        watch(remote("orders"));
        server.refuse(path -> path.contains("v1alpha1")
                ? Optional.of(MemoryServer.refused(404))
                : path.equals("/apis/multicluster.x-k8s.io")
                        ? Optional.of(MemoryServer.refused(500))
                        : Optional.empty());
        bench.seconds(200);
        server.endAll(BROKEN);
        bench.seconds(400);
        assertThat(server.asked("/apis/multicluster.x-k8s.io")).isGreaterThan(2);
        assertThat(last().evidence().detail()).startsWith("404 Not Found: there are no serviceimports");
    }

    @Test
    void whoCannotSayWhereItRunsIsAskedAgain() {
        String property = "/apis/about.k8s.io/v1beta1/clusterproperties/cluster.clusterset.k8s.io";
        server.documents.put(property, "{\"spec\":{\"value\":\"west\"}}");
        server.refuseAll(MemoryServer.refused(500));
        source.ownLocality();
        bench.seconds(100);
        assertThat(server.requests).containsOnly(property).hasSizeBetween(6, 10);
        server.refuseNothing();
        bench.seconds(35);
        assertThat(source.ownCluster()).contains("west");
    }

    @Test
    void aListThatIsTooLongIsSaidOnceAndFetchedSeldom() {
        options = options.toBuilder().watch(KubernetesOptions.Scope.CLUSTER).build();
        source = source();
        server.refuse(path ->
                path.contains("/endpointslices") ? Optional.of(new Answer.TooLong(67_108_864)) : Optional.empty());
        orders();
        watch(local("orders"));
        watch(local("stock"));
        assertThat(told).hasSize(2).allMatch(Resolution.Unknown.class::isInstance);
        assertThat(last().evidence().detail()).isEqualTo("an answer of more than 67108864 octets (expected: no more)");
        for (int i = 0; i < 40; i++) {
            bench.seconds(90);
            server.endAll(CLEAN); // the Services' is not held up
        }
        assertThat(server.asked("/endpointslices")).isBetween(10L, 13L);
        assertThat(server.open()).hasSize(1);
        assertThat(events)
                .containsExactly(
                        new Event.Limit(
                                "",
                                "kubernetes: /apis/discovery.k8s.io/v1/endpointslices: an answer of more than 67108864 octets"
                                        + " (expected: no more); DNS is asked instead, and the API again every 5 to 6 minutes"));
        server.refuseNothing();
        bench.seconds(361);
        assertThat(told.subList(2, told.size())).anyMatch(Resolution.Found.class::isInstance);

        server.refuseAll(new Answer.TooLong(67_108_864));
        server.endAll(CLEAN);
        bench.seconds(6);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(events).hasSize(3);
    }

    @Test
    void refreshTellsTheAnswerAgainWhateverComesOfIt() {
        orders();
        watch(local("orders"));
        bench.seconds(10);
        source.refresh(local("orders"), EndpointSource.Effort.CONFIRM);
        assertThat(server.lists()).as("the slices only").isEqualTo(3);
        assertThat(server.last()).contains("/endpointslices?");
        assertThat(told).hasSize(2);
        bench.seconds(13);
        server.hang();
        source.refresh(local("orders"), EndpointSource.Effort.CONFIRM);
        bench.seconds(3);
        assertThat(told).hasSize(3);
        assertThat(addresses()).containsExactly("10.0.0.1");
    }

    /** F54. */
    @Test
    void refreshFindsWhatAStalledWatchDidNotTell() {
        orders();
        watch(local("orders"));
        bench.seconds(10);
        server.delivery = lines -> List.of();
        server.slice("shop", "orders-a", "orders", "10.0.0.7");
        source.refresh(local("orders"), EndpointSource.Effort.CONFIRM);
        bench.seconds(0.1);
        assertThat(addresses()).containsExactly("10.0.0.7");
    }

    @Test
    void nothingIsAskedBeforeTheFirstQuestion() {
        bench.seconds(100);
        assertThat(server.requests).isEmpty();
    }

    @Test
    void itKnowsWhereItRuns(@TempDir Path root) throws IOException {
        Path account = Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        Files.writeString(account.resolve("namespace"), "shop\n");
        access = new KubernetesAccess(root, Map.of("HOSTNAME", "client-1"));
        source = source();
        server.documents.put(
                "/api/v1/namespaces/shop/pods/client-1",
                "{\"metadata\":{\"labels\":{\"app\":\"x\"}},\"spec\":{\"containers\":[{\"name\":\"a\"}],\"nodeName\":\"node-3\"}}");
        server.documents.put(
                "/api/v1/nodes/node-3",
                "{\"metadata\":{\"labels\":{\"topology.kubernetes.io/zone\":\"eu-1a\",\"topology.kubernetes.io/region\":\"eu-1\"}}}");
        server.documents.put(
                "/apis/about.k8s.io/v1alpha1/clusterproperties/cluster.clusterset.k8s.io",
                "{\"spec\":{\"value\":\"west\"}}");

        source.ownLocality();
        assertThat(source.ownLocality()).contains(new Locality("eu-1", "eu-1a", "node-3"));
        assertThat(source.ownCluster()).contains("west");
        bench.advance(Duration.ofHours(1));
        assertThat(server.requests).hasSize(4);
    }

    @Test
    void aNoToWhereItRunsIsSilent() {
        server.refuseAll(MemoryServer.refused(403));
        assertThat(source.ownLocality()).isEmpty();
        bench.advance(Duration.ofHours(1));
        assertThat(source.ownCluster()).isEmpty();
        assertThat(events).isEmpty();
        assertThat(server.requests).hasSize(2);
    }
}
