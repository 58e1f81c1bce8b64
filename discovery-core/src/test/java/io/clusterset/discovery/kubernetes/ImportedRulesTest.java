package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Traffic;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImportedRulesTest {

    private static final List<ServicePort> HTTP = List.of(new ServicePort("http", 80, "TCP", ""));

    private final List<Item<EndpointSlice>> byLabel = new ArrayList<>();
    private final List<Item<EndpointSlice>> underOwnName = new ArrayList<>();
    private Optional<ServiceObject> ownName = Optional.empty();

    private static Optional<ServiceImport> imported(String... ips) {
        return imported(false, HTTP, List.of(), "", ips);
    }

    private static Optional<ServiceImport> imported(
            boolean headless, List<ServicePort> ports, List<String> clusters, String trouble, String... ips) {
        return Optional.of(new ServiceImport(headless, Arrays.asList(ips), ports, Traffic.ANY, clusters, trouble));
    }

    private static Item<EndpointSlice> slice(String name, String cluster, String managedBy, String... addresses) {
        return slice(name, cluster, managedBy, List.of(new SlicePort("http", 8080, "TCP", "")), addresses);
    }

    private static Item<EndpointSlice> slice(
            String name, String cluster, String managedBy, List<SlicePort> ports, String... addresses) {
        List<Endpoint> endpoints = Arrays.stream(addresses)
                .map(address -> Endpoint.parse(address + ":1").withPort(0))
                .toList();
        return new Item<>(
                "shop", name, "orders", "1", new EndpointSlice("", "orders", cluster, managedBy, "", ports, endpoints));
    }

    private Resolution ask(String port, Optional<ServiceImport> imported) {
        return ask(port, imported, "west");
    }

    private Resolution ask(String port, Optional<ServiceImport> imported, String ownCluster) {
        return new ImportedRules(Flavoured.question("orders", port), "orders", ownCluster, 80, address -> false)
                .answer(imported, byLabel, underOwnName, ownName, Flavoured.ASKED);
    }

    @Test
    void importedSlicesBearBothLabels() {
        byLabel.add(slice("a", "west", "hand-made", "10.1.0.1"));
        byLabel.add(slice("b", "east", "hand-made", "10.2.0.1"));
        byLabel.add(slice("c", "", "hand-made", "10.3.0.1"));
        byLabel.add(slice("d", "east", Flavour.IN_TREE, "10.4.0.1"));

        Resolution found = ask("80", imported("10.96.200.1"));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 READY west", "10.2.0.1:8080 READY east");
        assertThat(Flavoured.dropped(found))
                .containsExactly(
                        "c: slice without label multicluster.kubernetes.io/source-cluster",
                        "d: slice of this cluster's own controller: its Service bears the label");
        assertThat(found.evidence().detail()).isEqualTo("2 slices of east, west, 2 ready");
    }

    /** KEP-1645: ports are a union over clusters. */
    @Test
    void aClusterThatLacksThePortIsLeftOut() {
        byLabel.add(slice("a", "west", "x", "10.1.0.1"));
        byLabel.add(slice("b", "east", "x", List.of(new SlicePort("grpc", 9000, "TCP", "")), "10.2.0.1"));

        Resolution found = ask("80", imported());

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 READY west");
        assertThat(Flavoured.dropped(found)).containsExactly("b: slice without port http");
        assertThat(ask("8443", imported()).evidence().detail())
                .isEqualTo("port 8443 not served (orders.shop has http 80)");
    }

    @Test
    void slicesUnderTheOwnNameCountIfTheyAreOfOtherClusters() {
        underOwnName.add(slice("local", "", Flavour.IN_TREE, "10.1.0.1"));
        underOwnName.add(slice("mesh", "east", Flavour.CILIUM_MESH, "10.2.0.1"));
        byLabel.add(slice("mesh", "east", Flavour.CILIUM_MESH, "10.2.0.1"));
        ownName = Optional.of(new ServiceObject(List.of(), false, "", HTTP, Traffic.PREFER_SAME_ZONE, ""));

        Resolution found = ask("80", Optional.empty());

        assertThat(Flavoured.shown(found)).containsExactly("10.2.0.1:8080 READY east");
        assertThat(found.endpoints()).allMatch(one -> one.traffic() == Traffic.PREFER_SAME_ZONE);
        assertThat(found.evidence().detail()).startsWith("1 slice (Cilium) of east, 1 ready");
    }

    /** That neither is known does not make them the same. */
    @Test
    void placesOfAnUnknownClusterAreNotThoseOfAnUnknownHome() {
        Endpoint placed = Endpoint.parse("10.2.0.1:1").withPort(0).withLocality(new Locality("", "east", "east"));
        List<SlicePort> ports = List.of(new SlicePort("http", 8080, "TCP", ""));
        underOwnName.add(new Item<>(
                "shop",
                "mesh",
                "orders",
                "1",
                new EndpointSlice("orders", "", "", Flavour.CILIUM_MESH, "", ports, List.of(placed))));

        assertThat(Flavoured.shown(ask("http", Optional.empty(), ""))).containsExactly("10.2.0.1:8080 READY");
    }

    /** KEP-2086: the node is the caller's, and other clusters' endpoints are on none of this cluster's. */
    @Test
    void trafficThatStaysOnTheNodeDoesSoAtHomeOnly() {
        byLabel.add(slice("a", "west", "x", "10.1.0.1"));
        byLabel.add(slice("b", "east", "x", "10.2.0.1"));
        byLabel.add(slice("c", "south", "x", "10.3.0.1"));

        for (String ownCluster : List.of("west", "")) {
            assertThat(ask("80", nodeLocal(), ownCluster).endpoints())
                    .extracting(one -> one.cluster() + " " + one.traffic())
                    .containsExactly(
                            ownCluster.equals("west") ? "west NODE_LOCAL" : "west ANY", "east ANY", "south ANY");
        }
        byLabel.clear();
        assertThat(ask("80", nodeLocal()).endpoints())
                .extracting(Endpoint::traffic)
                .containsExactly(Traffic.ANY);
    }

    private static Optional<ServiceImport> nodeLocal() {
        return Optional.of(new ServiceImport(false, List.of("10.96.200.1"), HTTP, Traffic.NODE_LOCAL, List.of(), ""));
    }

    @Test
    void nobodyKnowsANameWithoutServiceImportAndSlices() {
        underOwnName.add(slice("local", "", Flavour.IN_TREE, "10.1.0.1"));
        ownName = Optional.of(new ServiceObject(List.of("10.96.0.1"), false, "", HTTP, Traffic.ANY, ""));

        assertThat(ask("80", Optional.empty())).isInstanceOf(Resolution.NoSuchName.class);
    }

    @Test
    void slicesAloneWillDo() {
        byLabel.add(slice("a", "east", "x", "10.2.0.1"));

        assertThat(Flavoured.shown(ask("http", Optional.empty()))).containsExactly("10.2.0.1:8080 READY east");
        assertThat(Flavoured.shown(ask("8080", Optional.empty()))).containsExactly("10.2.0.1:8080 READY east");
        assertThat(ask("80", Optional.empty()).evidence().detail())
                .isEqualTo("port 80 not served (orders.shop has http 8080)");
    }

    @Test
    void withoutSlicesThereAreTheVirtualAddressesWithTheServicesPorts() {
        Resolution found = ask("http", imported("10.96.200.1", "fd00::200:1"));

        assertThat(Flavoured.shown(found)).containsExactly("10.96.200.1:80 READY", "[fd00::200:1]:80 READY");
        assertThat(found.evidence().detail()).startsWith("2 virtual addresses, 2 ready; which cluster answers");
        assertThat(Flavoured.shown(ask("", imported(false, HTTP, List.of("east"), "", "10.0.0.1", "240.0.0.1"))))
                .containsExactly("10.0.0.1:80 READY", "240.0.0.1:80 READY"); // whose they are is not said
        assertThat(ask("8080", imported("10.96.200.1")).evidence().detail())
                .isEqualTo("port 8080 not served (orders.shop has http 80)");
    }

    @Test
    void aServiceImportWithoutPortsIsAskedAtWhateverNumber() {
        Optional<ServiceImport> bare = imported(false, List.of(), List.of("east"), "", "10.96.200.1");

        assertThat(Flavoured.shown(ask("8443", bare))).containsExactly("10.96.200.1:8443 READY east");
        assertThat(ask("http", bare).evidence().detail())
                .isEqualTo("port name http not served (orders.shop has no ports)");
    }

    /** AWS. */
    @Test
    void moreAddressesThanTheSchemaAllowsAreOneOfEachCluster() {
        Resolution found = ask("80", imported("10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.3"));

        assertThat(Flavoured.shown(found))
                .containsExactly("10.0.0.1:80 READY", "10.0.0.2:80 READY", "10.0.0.3:80 READY");
        assertThat(found.evidence().detail()).contains("3 ips (expected: at most 2): taken for one of each cluster");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            None        | None: not an IP address in a ServiceImport's ips
            ""          | '': not an IP address in a ServiceImport's ips
            orders.shop | orders.shop: not an IP address in a ServiceImport's ips
            fd00::1%1   | fd00::1%1: not an IP address in a ServiceImport's ips
            127.0.0.1   | 127.0.0.1: loopback address in a ServiceImport's ips
            """)
    void whatIsNoAddressIsLeftOut(String ip, String dropped) {
        Resolution none = ask("80", imported(ip));
        assertThat(none).isInstanceOf(Resolution.Empty.class);
        assertThat(none.evidence().detail()).isEqualTo("no slices, and no address in the ServiceImport's ips");
        assertThat(Flavoured.dropped(none)).containsExactly(dropped);

        assertThat(Flavoured.shown(ask("80", imported(ip, "10.0.0.1")))).containsExactly("10.0.0.1:80 READY");
    }

    @Test
    void withoutAddressesAndSlicesItIsEmpty() {
        assertThat(ask("80", imported())).isInstanceOf(Resolution.Empty.class);
        Resolution headless = ask("80", imported(true, HTTP, List.of(), "", "10.0.0.1"));
        assertThat(headless).isInstanceOf(Resolution.Empty.class);
        assertThat(headless.evidence().detail()).isEqualTo("no slices, no endpoints");
    }

    /** They know that nobody is there; the virtual address would lead nowhere. */
    @Test
    void slicesWithoutEndpointsAreEmptyWhateverTheVirtualAddress() {
        byLabel.add(slice("a", "east", "x"));

        Resolution empty = ask("80", imported("10.96.200.1"));

        assertThat(empty).isInstanceOf(Resolution.Empty.class);
        assertThat(empty.evidence().detail()).isEqualTo("1 slice of east, no endpoints");
        assertThat(ask("8443", imported()).evidence().detail()).isEqualTo("1 slice of east, no endpoints");
    }

    @Test
    void whyAServiceImportIsNotReadyIsSaid() {
        Resolution empty = ask("80", imported(false, HTTP, List.of(), "Pending: no address yet"));

        assertThat(empty.evidence().detail()).endsWith("; the ServiceImport is not ready: Pending: no address yet");
    }

    @Test
    void theOwnVirtualAddressAloneIsNothing() {
        EndpointSlice vip = new EndpointSlice(
                "",
                "orders",
                "west",
                Flavour.LIGHTHOUSE,
                "",
                List.of(),
                List.of(Endpoint.parse("10.96.0.1:1").withPort(0).withCondition(Condition.READY)),
                true,
                List.of());
        byLabel.add(new Item<>("shop", "v", "orders", "1", vip));

        assertThat(ask("80", imported("10.96.0.1"))).isInstanceOf(Resolution.Empty.class);
        assertThat(Flavoured.shown(ask("80", imported(), ""))).containsExactly("10.96.0.1:80 READY west");
        assertThat(Flavoured.shown(ask("80", imported(), "east"))).containsExactly("10.96.0.1:80 READY west");
    }

    @Test
    void theServiceOfTheOwnNameKnowsThePortsWhereTheServiceImportDoesNot() {
        ownName = Optional.of(new ServiceObject(
                List.of(), false, "", List.of(new ServicePort("http", 81, "TCP", "h2c")), Traffic.ANY, ""));
        byLabel.add(slice("a", "east", "x", "10.2.0.1"));

        Resolution found = ask("81", imported(false, List.of(), List.of(), ""));

        assertThat(Flavoured.shown(found)).containsExactly("10.2.0.1:8080 READY east");
        assertThat(found.endpoints()).allMatch(one -> "h2c".equals(one.labels().get("app-protocol")));
    }
}
