package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Question;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LocalRulesTest {

    private static final List<SlicePort> HTTP = List.of(port("http", 8080));

    private static SlicePort port(String name, int number) {
        return new SlicePort(name, number, "TCP", "");
    }

    private static Endpoint pod(String address, Condition condition) {
        return Endpoint.parse(address + ":1").withPort(0).withCondition(condition);
    }

    private static Item<EndpointSlice> slice(String name, List<SlicePort> ports, Endpoint... endpoints) {
        return new Item<>(
                "shop",
                name,
                "orders",
                "1",
                new EndpointSlice("orders", "", "", Flavour.IN_TREE, "", ports, List.of(endpoints)));
    }

    private static Item<EndpointSlice> slice(String name, List<SlicePort> ports, String address) {
        return slice(name, ports, pod(address, Condition.READY));
    }

    private static Optional<ServiceObject> service(ServicePort... ports) {
        return Optional.of(new ServiceObject(List.of("10.96.0.7"), false, "", List.of(ports), Traffic.ANY, ""));
    }

    private static ServicePort served(String name, int number) {
        return new ServicePort(name, number, "TCP", "");
    }

    @SafeVarargs
    @SuppressWarnings("varargs") // only handed on
    private static Resolution ask(String port, Optional<ServiceObject> service, Item<EndpointSlice>... slices) {
        return answer(Flavoured.question("orders", port), service, Arrays.asList(slices));
    }

    private static Resolution answer(
            Question question, Optional<ServiceObject> service, List<Item<EndpointSlice>> slices) {
        return new LocalRules(question, "orders", 80, address -> false).answer(service, slices, Flavoured.ASKED);
    }

    @Test
    void aPortIsFoundByItsNameInEachSliceAndSlicesWithoutItAreLeftOut() {
        Resolution found = ask(
                "metrics",
                service(served("http", 80), served("metrics", 90)),
                slice("a", List.of(port("http", 8080), port("metrics", 9090)), "10.1.0.1"),
                slice("b", List.of(port("metrics", 9191)), "10.1.0.2"),
                slice("c", HTTP, "10.1.0.3"));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:9090 READY", "10.1.0.2:9191 READY");
        assertThat(Flavoured.dropped(found)).containsExactly("c: slice without port metrics");
    }

    @Test
    void aNumberIsTheServicesPort() {
        Optional<ServiceObject> service = service(served("http", 80), served("metrics", 8080));

        Resolution found =
                ask("8080", service, slice("a", List.of(port("http", 8080), port("metrics", 9090)), "10.1.0.1"));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:9090 READY");
        assertThat(found.evidence().detail()).isEqualTo("1 slice, 1 ready");
    }

    @Test
    void aTargetPortIsTakenWhereNoPortOfTheServiceHasTheNumberAndThatIsSaid() {
        Resolution found = ask("8080", service(served("http", 80)), slice("a", HTTP, "10.1.0.1"));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 READY");
        assertThat(found.evidence().detail())
                .isEqualTo("1 slice, 1 ready; 8080 is no port of the Service, but a target port");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            8081 | port 8081 not served (orders.shop has http 81, metrics 9090, 53/UDP)
            grpc | port name grpc not served (orders.shop has http 81, metrics 9090, 53/UDP)
            ''   | no port said, and 80 not served (orders.shop has http 81, metrics 9090, 53/UDP)
            """)
    void thatNoSuchPortIsServedIsSaidWithThoseThereAre(String port, String detail) {
        Resolution answer = ask(
                port,
                service(served("http", 81), served("metrics", 9090), new ServicePort("", 53, "UDP", "")),
                slice("a", List.of(port("http", 8080), port("metrics", 9090)), "10.1.0.1"));

        assertThat(answer).isInstanceOf(Resolution.Empty.class);
        assertThat(answer.evidence().detail()).isEqualTo(detail);
    }

    @Test
    void whoSaysNoPortGetsTheDefaultOneElseTheOnlyOne() {
        List<SlicePort> both = List.of(port("a", 1001), port("b", 1002));

        assertThat(Flavoured.shown(ask("", service(served("a", 81), served("b", 80)), slice("s", both, "10.1.0.1"))))
                .containsExactly("10.1.0.1:1002 READY");
        assertThat(Flavoured.shown(ask("", service(served("b", 81)), slice("s", both, "10.1.0.1"))))
                .containsExactly("10.1.0.1:1002 READY");
        assertThat(Flavoured.shown(ask(
                        "",
                        service(served("b", 81), new ServicePort("u", 82, "UDP", "")),
                        slice("s", both, "10.1.0.1"))))
                .containsExactly("10.1.0.1:1002 READY");
    }

    @Test
    void whoSaysNoPortGetsTheDefaultOneAsATargetPortOnlyWhereNoServiceSaysOtherwise() {
        List<SlicePort> both = List.of(port("a", 80), port("b", 1002));

        assertThat(Flavoured.shown(ask("", Optional.empty(), slice("s", both, "10.1.0.1"))))
                .containsExactly("10.1.0.1:80 READY");
        assertThat(ask("", service(served("a", 81), served("b", 82)), slice("s", both, "10.1.0.1")))
                .isInstanceOf(Resolution.Empty.class);
    }

    @Test
    void twoProtocolsMayShareANumber() {
        List<SlicePort> dns = List.of(new SlicePort("dns", 5353, "UDP", ""), port("dns-tcp", 5354));
        Optional<ServiceObject> service = service(new ServicePort("dns", 53, "UDP", ""), served("dns-tcp", 53));

        assertThat(Flavoured.shown(ask("53", service, slice("s", dns, "10.1.0.1"))))
                .containsExactly("10.1.0.1:5354 READY");
        assertThat(ask("dns", service, slice("s", dns, "10.1.0.1"))).isInstanceOf(Resolution.Empty.class);
        Question udp = new Question(
                "local",
                "orders.shop",
                "",
                Optional.of(new Port.Named("dns", Port.Protocol.UDP)),
                List.of(),
                Optional.empty());
        assertThat(Flavoured.shown(answer(udp, service, List.of(slice("s", dns, "10.1.0.1")))))
                .containsExactly("10.1.0.1:5353 READY");
    }

    @Test
    void aHeadlessServiceWithoutPortsIsAskedAtWhateverNumber() {
        Optional<ServiceObject> headless =
                Optional.of(new ServiceObject(List.of(), true, "", List.of(), Traffic.ANY, ""));

        assertThat(Flavoured.shown(ask("9999", headless, slice("a", List.of(), "10.1.0.1"))))
                .containsExactly("10.1.0.1:9999 READY");
        assertThat(Flavoured.shown(ask("", headless, slice("a", List.of(), "10.1.0.1"))))
                .containsExactly("10.1.0.1:80 READY");
        assertThat(ask("http", headless, slice("a", List.of(), "10.1.0.1"))
                        .evidence()
                        .detail())
                .isEqualTo("port name http not served (orders.shop has no ports)");
    }

    @Test
    void aSliceWithoutPortsServesNoneThatTheServiceHas() {
        Resolution answer = ask("80", service(served("http", 80)), slice("a", List.of(), "10.1.0.1"));

        assertThat(answer).isInstanceOf(Resolution.Empty.class);
        assertThat(Flavoured.dropped(answer)).containsExactly("a: slice without port http");
    }

    @Test
    void theServiceMayBeGoneBeforeItsSlices() {
        Resolution found = ask("http", Optional.empty(), slice("a", HTTP, "10.1.0.1"));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 READY");
        assertThat(found.evidence().detail()).isEqualTo("1 slice, 1 ready; there is no Service orders");
        assertThat(Flavoured.shown(ask("8080", Optional.empty(), slice("a", HTTP, "10.1.0.1"))))
                .containsExactly("10.1.0.1:8080 READY");
        assertThat(Flavoured.shown(ask("", Optional.empty(), slice("a", HTTP, "10.1.0.1"))))
                .containsExactly("10.1.0.1:8080 READY");
        assertThat(ask("80", Optional.empty(), slice("a", HTTP, "10.1.0.1"))
                        .evidence()
                        .detail())
                .startsWith("port 80 not served (orders.shop has http 8080)");
    }

    @Test
    void emptyAndNoSuchNameAreToldApart() {
        Resolution nobody = ask("80", Optional.empty());
        assertThat(nobody).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(nobody.evidence().detail()).isEqualTo("no Service orders and no slices of one");

        Resolution noSlices = ask("80", service(served("http", 80)));
        assertThat(noSlices).isInstanceOf(Resolution.Empty.class);
        assertThat(noSlices.evidence().detail()).isEqualTo("no slices, no endpoints");

        Resolution placeholder = ask("80", service(served("http", 80)), slice("a", List.of()));
        assertThat(placeholder).isInstanceOf(Resolution.Empty.class);
        assertThat(placeholder.evidence().detail()).isEqualTo("1 slice, no endpoints");
        assertThat(ask("8443", service(served("http", 80)), slice("a", List.of()))
                        .evidence()
                        .detail())
                .isEqualTo("1 slice, no endpoints"); // which says more than that 8443 is not served
    }

    @Test
    void thoseThatAreNotReadyAreStillFound() {
        Resolution found = ask(
                "80",
                service(served("http", 80)),
                slice("a", HTTP, pod("10.1.0.1", Condition.NOT_READY), pod("10.1.0.2", Condition.TERMINATING)));

        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 NOT_READY", "10.1.0.2:8080 TERMINATING");
        assertThat(found.evidence().detail()).isEqualTo("1 slice, 0 ready, 1 not ready, 1 terminating");
    }

    @Test
    void anAliasLeadsOutside() {
        Resolution alias = ask(
                "80",
                Optional.of(new ServiceObject(List.of(), false, "db.example.com", List.of(), Traffic.ANY, "")),
                slice("a", HTTP, "10.1.0.1"));

        assertThat(alias)
                .isInstanceOfSatisfying(
                        Resolution.Empty.class,
                        empty -> assertThat(empty.outside()).contains("db.example.com"));
        assertThat(alias.evidence().detail()).isEqualTo("ExternalName db.example.com");
    }

    /** The same pod may be in two slices while they are rewritten: in which order they come must not matter. */
    @Test
    void anAddressIsThereOnceReadyIfAnySliceSaysSoElseAsTheFirstSays() {
        Item<EndpointSlice> a =
                slice("a", HTTP, pod("10.1.0.1", Condition.NOT_READY), pod("10.1.0.2", Condition.NOT_READY));
        Item<EndpointSlice> b =
                slice("b", HTTP, pod("10.1.0.1", Condition.READY), pod("10.1.0.2", Condition.TERMINATING));
        Item<EndpointSlice> c = slice("c", List.of(port("http", 8081)), "10.1.0.1"); // another port is another endpoint

        Resolution found = ask("80", service(served("http", 80)), a, b, c);
        Resolution other = ask("80", service(served("http", 80)), c, b, a);

        assertThat(Flavoured.shown(found))
                .containsExactly("10.1.0.1:8080 READY", "10.1.0.1:8081 READY", "10.1.0.2:8080 NOT_READY");
        assertThat(found.evidence().detail())
                .isEqualTo("3 slices, 2 ready, 1 not ready; 2 endpoints in more than one slice");
        assertThat(other).isEqualTo(found);
    }

    @Test
    void whoCarriesLabelsOfAClusterSetIsNotLocal() {
        Item<EndpointSlice> own = slice("a", HTTP, "10.1.0.1");
        EndpointSlice bare = own.object();
        Item<EndpointSlice> imported = new Item<>(
                "shop",
                "b",
                "orders",
                "1",
                new EndpointSlice("orders", "orders", "", "x", "", bare.ports(), bare.endpoints()));
        Item<EndpointSlice> source = new Item<>(
                "shop",
                "c",
                "orders",
                "1",
                new EndpointSlice("orders", "", "west", "", "", bare.ports(), bare.endpoints()));

        Resolution found = ask("80", service(served("http", 80)), own, imported, source);

        assertThat(found.endpoints()).hasSize(1);
        assertThat(Flavoured.dropped(found)).containsExactly("b: slice of a cluster set", "c: slice of cluster west");
        Resolution none = ask("80", Optional.empty(), imported);
        assertThat(none).isInstanceOf(Resolution.Empty.class);
        assertThat(none.evidence().detail())
                .startsWith("no slices, no endpoints; the name spans clusters already: 1 slice");
    }

    @Test
    void whoeverSaysThatAnotherClusterProvidesItIsNotLocalButForKarmadasDerivedServices() {
        Resolution found = ask(
                "80",
                service(served("http", 80)),
                provided("a", Flavour.KARMADA_DISPATCH, ""),
                provided("b", "somebody", "east"),
                provided("c", Flavour.CILIUM_MESH, ""),
                provided("d", Flavour.KARMADA, "east"));

        assertThat(Flavoured.dropped(found))
                .containsExactly(
                        "a: slice of a cluster set by Karmada",
                        "b: slice of cluster east",
                        "c: slice of a cluster set by Cilium");
        assertThat(found.endpoints()).hasSize(1);
    }

    private static Item<EndpointSlice> provided(String name, String managedBy, String by) {
        List<Endpoint> endpoints = List.of(pod("10.1.0.1", Condition.READY));
        return new Item<>(
                "shop", name, "orders", "1", new EndpointSlice("orders", "", "", managedBy, by, HTTP, endpoints));
    }

    /** No API server lets such a name in; whoever answers in its place may. */
    @Test
    void namesFromOutsideForgeNoLines() {
        Resolution found = ask(
                "http",
                service(served("http", 80)),
                slice("a\n", List.of(port("x", 1)), "10.1.0.1"),
                slice("b", HTTP, "10.1.0.2"));

        assertThat(Flavoured.dropped(found)).containsExactly("a\\u000a: slice without port http");
    }

    @Test
    void whatWasDroppedOnArrivalIsSaidAndIfThatWasAllNobodyKnows() {
        SlicePort http = port("http", 8080);
        Evidence.Dropped loopback = new Evidence.Dropped("127.0.0.1", "loopback address in an EndpointSlice");
        Item<EndpointSlice> filtered = new Item<>(
                "shop",
                "f",
                "orders",
                "1",
                new EndpointSlice("orders", "", "", "", "", List.of(http), List.of(), false, List.of(loopback)));

        Resolution unknown = ask("80", service(served("http", 80)), filtered);
        Resolution found = ask("80", service(served("http", 80)), filtered, slice("a", HTTP, "10.1.0.1"));

        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).isEqualTo("1 slice, no address that may be used");
        assertThat(unknown.evidence().dropped()).containsExactly(loopback);
        assertThat(Flavoured.shown(found)).containsExactly("10.1.0.1:8080 READY");
        assertThat(found.evidence().dropped()).containsExactly(loopback);
    }

    @Test
    void theOwnersWishForTrafficIsOnEachEndpoint() {
        Resolution found = ask(
                "80",
                Optional.of(
                        new ServiceObject(List.of(), false, "", List.of(served("http", 80)), Traffic.NODE_LOCAL, "")),
                slice("a", HTTP, "10.1.0.1"));

        assertThat(found.endpoints()).allMatch(one -> one.traffic() == Traffic.NODE_LOCAL);
    }

    @Test
    void whereOneSliceChangesTheEndpointsOfTheOthersStayTheSameObjects() {
        LocalRules rules = new LocalRules(Flavoured.question("orders", "80"), "orders", 80, address -> false);
        Item<EndpointSlice> stays = slice("a", HTTP, "10.1.0.1");
        Optional<ServiceObject> service = service(served("http", 80));

        Resolution before = rules.answer(service, List.of(stays, slice("b", HTTP, "10.1.0.2")), Flavoured.ASKED);
        Resolution after = rules.answer(service, List.of(stays, slice("b", HTTP, "10.1.0.3")), Flavoured.ASKED);

        assertThat(after.endpoints().get(0)).isSameAs(before.endpoints().get(0));
        assertThat(Flavoured.shown(after)).containsExactly("10.1.0.1:8080 READY", "10.1.0.3:8080 READY");

        Resolution near = rules.answer(
                Optional.of(new ServiceObject(
                        List.of(), false, "", List.of(served("http", 80)), Traffic.PREFER_SAME_ZONE, "")),
                List.of(stays),
                Flavoured.ASKED);
        assertThat(near.endpoints()).hasSize(1).allMatch(one -> one.traffic() == Traffic.PREFER_SAME_ZONE);
    }

    @Test
    void whatIsLeftOutIsToldWithinBounds() {
        List<Item<EndpointSlice>> many = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            many.add(slice("s" + i, HTTP, "10.1.0." + (i + 1)));
        }
        Collections.shuffle(many, new Random(7));
        many.add(slice("z", List.of(port("grpc", 9000)), "10.1.1.1"));

        Resolution found = new LocalRules(Flavoured.question("orders", "grpc"), "orders", 80, address -> false)
                .answer(service(served("grpc", 9000)), many, Flavoured.ASKED);

        assertThat(found.endpoints()).hasSize(1);
        assertThat(found.evidence().dropped()).hasSize(65).endsWith(new Evidence.Dropped("136 more", "not shown"));
    }
}
