package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Traffic;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each product makes, from its own objects. */
class FlavoursTest {

    @Test
    void inTreeSlicesHaveAllThatKubernetesSaysToday() throws IOException {
        Resolution found = Flavoured.of("in-tree").local("orders", "80");

        assertThat(Flavoured.shown(found))
                .containsExactly(
                        "10.244.1.1:8080 READY  zone-a/node-1",
                        "10.244.2.1:8888 READY  zone-c/node-3",
                        "[fd00:10:244::1:1]:8080 READY  zone-a/node-1",
                        "10.244.1.2:8080 NOT_READY  zone-b/node-2",
                        "10.244.1.3:8080 SERVING_TERMINATING  zone-a/node-1",
                        "10.244.1.4:8080 TERMINATING  zone-a/node-1");
        Endpoint first = found.endpoints().get(0);
        assertThat(first.hints()).isEqualTo(new Hints(Set.of("zone-a"), Set.of("node-1")));
        assertThat(first.labels()).containsOnly(Map.entry("app-protocol", "kubernetes.io/h2c"));
        assertThat(found.endpoints()).allSatisfy(one -> {
            assertThat(one.traffic()).isEqualTo(Traffic.PREFER_SAME_NODE);
            assertThat(one.labels()).containsKey("app-protocol"); // the Service says so, where a slice does not
        });
        assertThat(found.evidence().detail()).isEqualTo("4 slices, 3 ready, 1 not ready, 2 terminating");
        assertThat(found.evidence().queries()).containsExactly("endpointslices in shop");
        assertThat(found.evidence().answeredBy()).isEqualTo("10.96.0.1:443");
        assertThat(found.evidence().dropped()).isEmpty();
        assertThat(found.freshFor()).isEqualTo(Flavoured.ASKED.freshFor());
    }

    @Test
    void conditionsThatNobodySaysMeanReady() throws IOException {
        Resolution found = Flavoured.of("in-tree-1.29").local("orders", "http");

        assertThat(Flavoured.shown(found))
                .containsExactly("10.244.1.1:8080 READY  zone-a/node-1", "10.244.1.2:8080 READY  zone-b/node-2");
        assertThat(found.endpoints().get(1).hints()).isEqualTo(new Hints(Set.of("zone-b"), Set.of()));
        assertThat(found.endpoints()).allMatch(one -> one.traffic() == Traffic.ANY);
    }

    @Test
    void mirroredSlicesAreLocal() throws IOException {
        Resolution found = Flavoured.of("mirrored").local("orders", "");

        assertThat(Flavoured.shown(found)).containsExactly("10.9.0.1:8080 READY", "10.9.0.2:8080 NOT_READY");
        assertThat(found.evidence().detail()).isEqualTo("1 slice (mirrored), 1 ready, 1 not ready");
    }

    /** Nobody manages one, a person the other; their one port has no name. */
    @ParameterizedTest
    @CsvSource({"80", "''"})
    void handMadeSlicesAreLocal(String port) throws IOException {
        Resolution found = Flavoured.of("hand-made").local("orders", port);

        assertThat(Flavoured.shown(found)).containsExactly("10.9.0.1:8080 READY", "10.9.0.2:8081 READY");
        assertThat(found.evidence().detail()).isEqualTo("2 slices, 2 ready");
    }

    @Test
    void karmadasDerivedServiceIsAskedAsAnyOtherButItsPlacesAreElsewhere() throws IOException {
        Flavoured karmada = Flavoured.of("karmada-derived");
        Resolution derived = karmada.local("derived-orders", "80");

        assertThat(Flavoured.shown(derived))
                .containsExactly("10.245.1.1:8080 READY", "10.245.1.2:8080 SERVING_TERMINATING");
        assertThat(derived.endpoints()).allMatch(one -> one.hints().equals(Hints.NONE));
        assertThat(derived.evidence().detail()).isEqualTo("1 slice (Karmada), 1 ready, 1 terminating");
        assertThat(Flavoured.shown(karmada.local("orders", "80")))
                .containsExactly("10.244.1.1:8080 READY  zone-a/node-1");
    }

    @Test
    void karmadasNativeSlicesAreToldFromLocalOnes() throws IOException {
        Flavoured karmada = Flavoured.of("karmada-native");
        Resolution local = karmada.local("orders", "80");

        assertThat(Flavoured.shown(local)).containsExactly("10.244.1.1:8080 READY  zone-a/node-1");
        assertThat(local.evidence().detail())
                .isEqualTo("1 slice, 1 ready; the name spans clusters already: 2 slices of others left out "
                        + "(cluster member2 by Karmada, cluster member3 by Karmada)");
        assertThat(Flavoured.dropped(local))
                .containsExactly(
                        "member2-orders-fghij: slice of cluster member2 by Karmada",
                        "member3-orders-klmno: slice of cluster member3 by Karmada");

        Resolution imported = karmada.imported("orders", "80", "member1");
        assertThat(Flavoured.shown(imported))
                .containsExactly("10.245.1.1:8080 READY member2", "10.246.1.1:8080 SERVING_TERMINATING member3");
        assertThat(imported.endpoints()).allMatch(one -> one.hints().equals(Hints.NONE));
        assertThat(imported.evidence().detail())
                .isEqualTo("2 slices (Karmada) of member2, member3, 1 ready, 1 terminating");
    }

    /** Its slices say a target port beside a virtual address. */
    @Test
    void lighthousesVirtualAddressesHaveTheServicesPortAndTheOwnOneIsLeftOut() throws IOException {
        Flavoured lighthouse = Flavoured.of("lighthouse-vip");
        Resolution imported = lighthouse.imported("orders", "80", "west");

        assertThat(Flavoured.shown(imported))
                .containsExactly("100.2.10.7:80 READY east", "100.3.10.7:80 NOT_READY north");
        assertThat(Flavoured.dropped(imported))
                .containsExactly(
                        "orders-shop-west-ntxsf: virtual address of the own cluster: its endpoints are the local"
                                + " tier's");
        assertThat(imported.evidence().detail())
                .isEqualTo("2 slices (Lighthouse) of east, north, 1 ready, 1 not ready");

        assertThat(Flavoured.shown(lighthouse.imported("orders", "http", "")))
                .containsExactly(
                        "100.2.10.7:80 READY east", "10.96.10.1:80 READY west", "100.3.10.7:80 NOT_READY north");
        assertThat(lighthouse.imported("orders", "8080", "").evidence().detail())
                .isEqualTo("port 8080 not served (orders.shop has http 80)");
        assertThat(Flavoured.shown(lighthouse.local("orders", "80")))
                .containsExactly("10.244.1.1:8080 READY  zone-a/node-1");
    }

    @Test
    void lighthousesHeadlessServicesAreOfPods() throws IOException {
        Resolution imported = Flavoured.of("lighthouse-headless").imported("orders", "80", "west");

        assertThat(Flavoured.shown(imported))
                .containsExactly(
                        "10.245.1.1:8080 READY east",
                        "10.244.1.1:8080 READY west /node-1",
                        "10.245.1.2:8080 NOT_READY east");
    }

    /** Cilium says the cluster's name for zone and node, and ready for all. */
    @Test
    void ciliumsZonesAreNotBelieved() throws IOException {
        Flavoured cilium = Flavoured.of("cilium-mcs");
        Resolution imported = cilium.imported("orders", "80", "west");

        assertThat(Flavoured.shown(imported))
                .containsExactly("10.1.1.1:8080 READY east", "10.0.1.1:8080 READY west zone-a/node-1");
        assertThat(imported.evidence().detail())
                .isEqualTo("2 slices (Cilium) of east, west, 2 ready; Cilium calls every endpoint of another cluster"
                        + " ready: that is not health");
        assertThat(Flavoured.shown(cilium.imported("orders", "80", "")))
                .containsExactly("10.1.1.1:8080 READY east", "10.0.1.1:8080 READY west");
    }

    @Test
    void ciliumsGlobalServicesAreToldApart() throws IOException {
        Flavoured cilium = Flavoured.of("cilium-global");
        Resolution local = cilium.local("orders", "80");

        assertThat(Flavoured.shown(local)).containsExactly("10.0.1.1:8080 READY  zone-a/node-1");
        assertThat(Flavoured.dropped(local)).containsExactly("orders-east-x7c4q: slice of cluster east by Cilium");
        assertThat(local.evidence().detail())
                .startsWith("1 slice, 1 ready; the name spans clusters already")
                .contains("(service.cilium.io/global): its virtual address leads to other clusters, too");

        Resolution imported = cilium.imported("orders", "80", "west");
        assertThat(Flavoured.shown(imported)).containsExactly("10.1.1.1:8080 READY east");
    }

    /** They bear both kinds of labels, a derived Service for each cluster. */
    @Test
    void slicesOfAwsAreImported() throws IOException {
        Flavoured aws = Flavoured.of("aws");
        Resolution imported = aws.imported("orders", "80", "cluster-9");

        assertThat(Flavoured.shown(imported))
                .containsExactly(
                        "10.10.1.1:8080 READY cluster-1",
                        "10.20.1.1:8080 READY cluster-2",
                        "10.10.1.2:8080 NOT_READY cluster-1");
        assertThat(imported.evidence().detail())
                .isEqualTo("2 slices (AWS) of cluster-1, cluster-2, 2 ready, 1 not ready");
        assertThat(aws.local("imported-9cfu7k5mkr", "80")).isInstanceOf(Resolution.Empty.class);
    }

    @Test
    void awsSaysNoneForTheAddressesOfAHeadlessService() throws IOException {
        Resolution imported = Flavoured.of("aws-headless").imported("orders", "80", "");

        assertThat(imported).isInstanceOf(Resolution.Empty.class);
        assertThat(imported.evidence().detail()).isEqualTo("no slices, no endpoints");
    }

    @Test
    void gkesServiceImportHasOnlyItsVirtualAddress() throws IOException {
        Resolution imported = Flavoured.of("gke").imported("orders", "", "");

        assertThat(Flavoured.shown(imported))
                .containsExactly("10.112.31.15:80 READY projects/1/locations/eu/memberships/east");
        assertThat(imported.evidence().detail())
                .isEqualTo(
                        "1 virtual address, 1 ready; which cluster answers at a virtual address can't be told, the own"
                                + " one included");
    }
}
