package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Traffic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

    private static byte[] octets(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** JSON with single quotes. */
    private static byte[] json(String json) {
        return octets(json.replace('\'', '"'));
    }

    private static byte[] list(String kind, String... items) {
        return json("{'kind':'" + kind + "List','apiVersion':'x','metadata':{'resourceVersion':'42'},'items':["
                + String.join(",", items) + "]}");
    }

    private static String slice(String rest) {
        return "{'metadata':{'name':'orders-1','namespace':'shop','resourceVersion':'7',"
                + "'labels':{'kubernetes.io/service-name':'orders'}},'addressType':'IPv4'" + rest + "}";
    }

    private static Item<EndpointSlice> read(String slice) throws IOException {
        return Json.page(list("EndpointSlice", slice), Kind.ENDPOINT_SLICES)
                .items()
                .get(0);
    }

    @Test
    void aSliceIsReadWithAllThatIsKeptOfIt() throws IOException {
        Item<EndpointSlice> item = read(
                "{'metadata':{'name':'orders-1','namespace':'shop','resourceVersion':'7','uid':'u',"
                        + "'labels':{'kubernetes.io/service-name':'orders','multicluster.kubernetes.io/service-name':'imp',"
                        + "'multicluster.kubernetes.io/source-cluster':'west','other':'label',"
                        + "'endpointslice.kubernetes.io/managed-by':'endpointslice-controller.k8s.io'},"
                        + "'annotations':{'endpointslice.karmada.io/provision-cluster':'m2','more':'{}'},"
                        + "'managedFields':[{'fieldsV1':{'f:endpoints':{}}}]},'addressType':'IPv4','apiVersion':'discovery.k8s.io/v1',"
                        + "'endpoints':[{'addresses':['10.1.0.1','10.9.9.9'],'conditions':{'ready':false,'serving':true,"
                        + "'terminating':true},'hostname':'h','nodeName':'n1','zone':'z1','targetRef':{'kind':'Pod'},"
                        + "'deprecatedTopology':{'a':'b'},'hints':{'forZones':[{'name':'z1'},{'name':'z2'}],'forNodes':[{'name':'n1'}]}}],"
                        + "'ports':[{'name':'http','port':8080,'protocol':'TCP','appProtocol':'kubernetes.io/h2c'},{'port':9}]}");

        assertThat(item.namespace()).isEqualTo("shop");
        assertThat(item.name()).isEqualTo("orders-1");
        assertThat(item.key()).isEqualTo("orders");
        assertThat(item.version()).isEqualTo("7");
        assertThat(item.object())
                .isEqualTo(new EndpointSlice(
                        "orders",
                        "imp",
                        "west",
                        "endpointslice-controller.k8s.io",
                        "m2",
                        List.of(
                                new SlicePort("http", 8080, "TCP", "kubernetes.io/h2c"),
                                new SlicePort("", 9, "TCP", "")),
                        List.of(endpoint("10.1.0.1")
                                .withLocality(new Locality("", "z1", "n1"))
                                .withCondition(Condition.SERVING_TERMINATING)
                                .withHints(new Hints(Set.of("z1", "z2"), Set.of("n1"))))));
    }

    private static Endpoint endpoint(String address) {
        return Endpoint.parse(address.indexOf(':') < 0 ? address + ":1" : "[" + address + "]:1")
                .withPort(0);
    }

    @Test
    void anImportedSliceBelongsToWhatItWasImportedFor() throws IOException {
        Item<EndpointSlice> item =
                read("{'metadata':{'name':'a','labels':{'multicluster.kubernetes.io/service-name':'imp'}}}");

        assertThat(item.key()).isEqualTo("imp");
    }

    /** R09, F56: Go says null for an empty list. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",'endpoints':null",
                ",'endpoints':[],'ports':[]",
                ",'ports':null,'endpoints':[null]",
                ",'ports':[null,{},{'name':null,'port':null,'protocol':null},{'port':0},{'port':65536},{'port':-1}]",
                ",'endpoints':[{}]",
                ",'endpoints':[{'addresses':null}]",
                ",'endpoints':[{'addresses':[]}]",
                ",'endpoints':[{'addresses':[null]}]",
                ",'endpoints':[{'addresses':['']}]",
                ",'endpoints':[{'addresses':['orders.shop']}]",
                ",'endpoints':[{'addresses':['10.0.0.256']}]",
                ",'endpoints':[{'addresses':['10.1']}]",
                ",'endpoints':[{'addresses':['fd00::1%1']}]",
                ",'unknown':{'a':[{'b':[]}]},'kind':null,'apiVersion':null"
            })
    void aSliceOfWhichLittleIsSaidHasNoEndpoints(String rest) throws IOException {
        EndpointSlice slice = read(slice(rest)).object();

        assertThat(slice.endpoints()).isEmpty();
        assertThat(slice.ports()).isEmpty();
        assertThat(slice.service()).isEqualTo("orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",'conditions':null",
                ",'conditions':{}",
                ",'conditions':{'ready':null,'serving':null,'terminating':null}",
                ",'zone':null,'nodeName':null,'hostname':null,'targetRef':null",
                ",'hints':null",
                ",'hints':{'forZones':null,'forNodes':null}",
                ",'hints':{'forZones':[],'forNodes':[null,{},{'name':null},{'name':''}]}"
            })
    void anEndpointOfWhichOnlyTheAddressIsSaidIsReadyAnywhere(String rest) throws IOException {
        assertThat(read(slice(",'endpoints':[{'addresses':['10.1.0.1']" + rest + "}]"))
                        .object()
                        .endpoints())
                .containsExactly(endpoint("10.1.0.1"));
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, unspecified",
        "::, unspecified",
        "127.0.0.1, loopback",
        "::1, loopback",
        "169.254.169.254, link-local",
        "fe80::1, link-local",
        "224.0.0.1, multicast",
        "ff02::1, multicast",
        "255.255.255.255, broadcast"
    })
    void addressesThatAreNobodysAreLeftOutAndSaid(String address, String kind) throws IOException {
        EndpointSlice slice = read(slice(",'endpoints':[{'addresses':['" + address + "']},{'addresses':['10.1.0.1']}]"))
                .object();

        assertThat(slice.endpoints()).containsExactly(endpoint("10.1.0.1"));
        assertThat(slice.dropped()).singleElement().satisfies(dropped -> {
            assertThat(dropped.address()).isEqualTo(address);
            assertThat(dropped.rule()).isEqualTo(kind + " address in an EndpointSlice");
        });
    }

    @Test
    void bothFamiliesAreRead() throws IOException {
        assertThat(read(slice(",'endpoints':[{'addresses':['fd00::5:1']},{'addresses':['240.0.0.7']}]"))
                        .object()
                        .endpoints())
                .containsExactly(endpoint("fd00::5:1"), endpoint("240.0.0.7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FQDN", "IPv7", ""})
    void ofAnotherAddressTypeNothingIsUsed(String type) throws IOException {
        EndpointSlice slice = read("{'metadata':{'name':'a'},'addressType':'" + type
                        + "','endpoints':[{'addresses':['10.1.0.1']}]}")
                .object();

        assertThat(slice.endpoints()).isEmpty();
        assertThat(slice.dropped())
                .anyMatch(dropped -> dropped.rule().equals("address type '" + type + "' (expected: IPv4 or IPv6)"));
    }

    @Test
    void aSliceIsBounded() throws IOException {
        String endpoints = IntStream.range(0, 1_100)
                .mapToObj(i -> "{'addresses':['10.1." + i / 250 + "." + (i % 250 + 1) + "']}")
                .collect(Collectors.joining(","));
        String ports = IntStream.rangeClosed(1, 150)
                .mapToObj(i -> "{'name':'p" + i + "','port':" + i + "}")
                .collect(Collectors.joining(","));

        EndpointSlice slice = read(slice(",'endpoints':[" + endpoints + "],'ports':[" + ports + "]"))
                .object();

        assertThat(slice.endpoints()).hasSize(1_000);
        assertThat(slice.ports()).hasSize(100);
        assertThat(slice.dropped())
                .hasSizeBetween(1, 16)
                .allSatisfy(
                        dropped -> assertThat(dropped.rule()).isEqualTo("beyond the first 1000 endpoints of a slice"));
    }

    static Stream<String> senseless() {
        return Stream.of(
                "null",
                "7",
                "'text'",
                "[]",
                "{}",
                "{'metadata':null}",
                "{'metadata':'a'}",
                "{'metadata':{'name':''}}",
                "{'metadata':{'name':'" + "a".repeat(254) + "'}}",
                "{'metadata':{'name':'a','labels':[]}}",
                "{'metadata':{'name':'a','labels':{'kubernetes.io/service-name':7}}}",
                slice(",'endpoints':'text'"),
                slice(",'endpoints':{}"),
                slice(",'endpoints':['10.1.0.1']"),
                slice(",'endpoints':[{'addresses':'10.1.0.1'}]"),
                slice(",'endpoints':[{'addresses':['10.1.0.1'],'conditions':{'ready':'yes'}}]"),
                slice(",'endpoints':[{'addresses':['10.1.0.1'],'zone':{}}]"),
                slice(",'ports':{}"),
                slice(",'ports':[{'port':'http'}]"),
                slice(",'ports':[{'port':80.5}]"),
                slice(",'ports':[{'port':99999999999999999999}]"));
    }

    @ParameterizedTest
    @MethodSource("senseless")
    void whatMakesNoSenseIsPassedOverAndCountedAndItsNeighboursAreKept(String item) throws IOException {
        Page<EndpointSlice> page = Json.page(list("EndpointSlice", slice(""), item, slice("")), Kind.ENDPOINT_SLICES);

        assertThat(page.items()).hasSize(2);
        assertThat(page.skipped()).isOne();
        assertThat(Json.change(json("{'type':'ADDED','object':" + item + "}"), Kind.ENDPOINT_SLICES))
                .isInstanceOfSatisfying(
                        Change.Skipped.class,
                        skipped -> assertThat(skipped.why()).isNotEmpty());
    }

    @Test
    void whyItMakesNoSenseIsSaidWithItsPlace() throws IOException {
        assertThat(Json.change(
                        json("{'type':'ADDED','object':" + slice(",'ports':[{},{'port':'http'}]") + "}"),
                        Kind.ENDPOINT_SLICES))
                .isEqualTo(new Change.Skipped<>("object/ports/1/port: a string (expected: a whole number)"));
    }

    @Test
    void aPageSaysWhereItStandsAndWhatComesNext() throws IOException {
        Page<ServiceObject> page = Json.page(
                json("{'items':[{'spec':{},'metadata':{'name':'a'}}],'metadata':{'continue':'token',"
                        + "'resourceVersion':'9'},'kind':'ServiceList'}"),
                Kind.SERVICES);

        assertThat(page.version()).isEqualTo("9");
        assertThat(page.next()).isEqualTo("token");
        assertThat(page.items()).singleElement().extracting(Item::key).isEqualTo("a");
        assertThat(Json.page(list("Service"), Kind.SERVICES).next()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                           | nothing
            null                                         | services
            []                                           | a list (expected: an object)
            {                                            | at byte
            {"items":[{"metadata":                       | at byte
            <html>                                       | at byte
            {"kind":"Status","message":"x"}              | kind 'Status' (expected: ServiceList)
            {"kind":"PodList","metadata":{"resourceVersion":"1"},"items":[]} | kind 'PodList' (expected: ServiceList)
            {"kind":"ServiceList","items":[]}            | metadata.resourceVersion: none
            {"kind":"ServiceList","metadata":{"resourceVersion":"1"},"items":{}} | items: an object (expected: a list)
            {"kind":"ServiceList","metadata":{"resourceVersion":{}},"items":[]}  | metadata/resourceVersion: an object (expected: a string)
            {"kind":"ServiceList","metadata":{"resourceVersion":"1"}} {}         | more after the end
            """)
    void aBrokenPageIsRefusedInWords(String body, String words) {
        assertThatThrownBy(() -> Json.page(octets(body), Kind.SERVICES))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("services: ")
                .hasMessageContaining(words);
    }

    @Test
    void changesAreToldApart() throws IOException {
        String object = "'object':{'metadata':{'name':'orders','namespace':'shop','resourceVersion':'8'},'spec':{}}}";

        assertThat(service("{'type':'ADDED'," + object)).isInstanceOf(Change.Put.class);
        assertThat(service("{'type':'MODIFIED'," + object)).isInstanceOf(Change.Put.class);
        assertThat(service("{'type':'DELETED'," + object)).isEqualTo(new Change.Gone<>("shop", "orders", "8"));
        assertThat(service("{'type':'DELETED','object':{'metadata':{'name':'a'},'spec':'senseless'}}"))
                .isEqualTo(new Change.Gone<>("", "a", ""));
        assertThat(service("{'type':'BOOKMARK','object':{'kind':'Service','metadata':{'resourceVersion':'12'}}}"))
                .isEqualTo(new Change.Bookmark<>("12"));
        assertThat(service("{'object':{'metadata':{'resourceVersion':'12'}},'type':'BOOKMARK'}"))
                .isEqualTo(new Change.Bookmark<>("12"));
        assertThat(service("{'type':'BOOKMARK','object':{}}")).isInstanceOf(Change.Skipped.class);
        assertThat(service("{'type':'NEWS'," + object))
                .isEqualTo(new Change.Skipped<>("type 'NEWS' (expected: ADDED, MODIFIED, DELETED, BOOKMARK or ERROR)"));
        assertThat(service("{'type':'ADDED'}")).isEqualTo(new Change.Skipped<>("object: none (expected: one)"));
        assertThat(service("{'type':'ERROR','object':{'kind':'Status','code':410,'reason':'Expired',"
                        + "'message':'too old\\nresource version: 1 (5)','details':{'retryAfterSeconds':3}}}"))
                .isEqualTo(new Change.Ended<>(new Answer.Refused(
                        410, "too old\\u000aresource version: 1 (5)", Optional.of(Duration.ofSeconds(3)))));
    }

    private static Change<ServiceObject> service(String line) throws IOException {
        return Json.change(json(line), Kind.SERVICES);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "{",
                "{'type':'ADDED','object':{'metadata':{'name':'a'",
                "}",
                "{'type':'ADDED'}{}"
            })
    void aBrokenChangeIsRefused(String line) {
        assertThatThrownBy(() -> service(line))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("a change of services: ");
    }

    @Test
    void aStatusIsReadWhateverItIs() {
        Optional<Duration> none = Optional.empty();

        assertThat(Json.status(
                        403,
                        json(
                                "{'kind':'Status','message':'endpointslices is forbidden','reason':'Forbidden','code':403}"),
                        none))
                .isEqualTo(new Answer.Refused(403, "endpointslices is forbidden", none));
        assertThat(Json.status(429, json("{'reason':'TooManyRequests','details':{'retryAfterSeconds':1}}"), none))
                .isEqualTo(new Answer.Refused(429, "TooManyRequests", Optional.of(Duration.ofSeconds(1))));
        assertThat(Json.status(
                        429,
                        json("{'details':{'retryAfterSeconds':1},'message':'m'}"),
                        Optional.of(Duration.ofSeconds(9))))
                .isEqualTo(new Answer.Refused(429, "m", Optional.of(Duration.ofSeconds(9))));
        assertThat(Json.status(404, octets("404 page not found\n"), none))
                .isEqualTo(new Answer.Refused(404, "404 page not found", none));
        assertThat(Json.status(502, octets("<html>\r\n<b>Bad</b>"), none).message())
                .isEqualTo("<html>\\u000d\\u000a<b>Bad</b>");
        assertThat(Json.status(500, new byte[0], none)).isEqualTo(new Answer.Refused(500, "", none));
        assertThat(Json.status(500, octets("é".repeat(5_000)), none).message()).hasSizeLessThanOrEqualTo(300);
        assertThat(Json.status(500, json("{'message':'" + "x".repeat(5_000) + "'}"), none)
                        .message())
                .hasSize(300)
                .endsWith("…");
    }

    @Test
    void aServiceIsReadWithAllThatIsKeptOfIt() throws IOException {
        assertThat(of("'spec':{'clusterIP':'10.96.0.1','clusterIPs':['10.96.0.1','fd00::1'],'type':'ClusterIP',"
                        + "'ports':[{'name':'http','port':80,'targetPort':8080,'protocol':'TCP','appProtocol':'http'}],"
                        + "'internalTrafficPolicy':'Cluster','trafficDistribution':'PreferClose'}"))
                .isEqualTo(new ServiceObject(
                        List.of("10.96.0.1", "fd00::1"),
                        false,
                        "",
                        List.of(new ServicePort("http", 80, "TCP", "http")),
                        Traffic.PREFER_SAME_ZONE,
                        ""));
        assertThat(of("'spec':{'clusterIP':'10.96.0.1'}").ips()).containsExactly("10.96.0.1");
        assertThat(of("'spec':{'clusterIP':'None','clusterIPs':['None']}"))
                .isEqualTo(new ServiceObject(List.of(), true, "", List.of(), Traffic.ANY, ""));
        assertThat(of("'spec':{'type':'ExternalName','externalName':'db.example.com'}")
                        .externalName())
                .isEqualTo("db.example.com");
        assertThat(of("'spec':{'type':'ClusterIP','externalName':'db.example.com'}")
                        .externalName())
                .isEmpty();
        assertThat(of("'spec':{'internalTrafficPolicy':'Local','trafficDistribution':'PreferSameNode'}")
                        .traffic())
                .isEqualTo(Traffic.NODE_LOCAL);
        assertThat(of("'spec':{'trafficDistribution':'PreferSameNode'}").traffic())
                .isEqualTo(Traffic.PREFER_SAME_NODE);
        assertThat(of("'spec':null,'status':null"))
                .isEqualTo(new ServiceObject(List.of(), false, "", List.of(), Traffic.ANY, ""));
        assertThat(
                        of(
                                "'spec':{'ports':null,'clusterIPs':null,'clusterIP':null,'type':null,'trafficDistribution':null}"))
                .isEqualTo(new ServiceObject(List.of(), false, "", List.of(), Traffic.ANY, ""));
    }

    private static ServiceObject of(String rest) throws IOException {
        return Json.page(list("Service", "{'metadata':{'name':'a'}," + rest + "}"), Kind.SERVICES)
                .items()
                .get(0)
                .object();
    }

    @ParameterizedTest
    @CsvSource({
        "service.cilium.io/global, true, service.cilium.io/global",
        "io.cilium/global-service, True, io.cilium/global-service",
        "service.cilium.io/global, false, ''",
        "other, true, ''"
    })
    void ciliumsGlobalServicesAreKnown(String annotation, String value, String spans) throws IOException {
        assertThat(Json.page(
                                list(
                                        "Service",
                                        "{'metadata':{'name':'a','annotations':{'" + annotation + "':'" + value
                                                + "'}}}"),
                                Kind.SERVICES)
                        .items()
                        .get(0)
                        .object()
                        .spansClusters())
                .isEqualTo(spans);
    }

    @Test
    void aServiceImportIsReadWithAllThatIsKeptOfIt() throws IOException {
        assertThat(imported("'spec':{'type':'ClusterSetIP','ips':['10.96.200.1','None',''],"
                        + "'ports':[{'name':'http','port':80,'protocol':'TCP'}],'trafficDistribution':'PreferSameZone'},"
                        + "'status':{'clusters':[{'cluster':'west'},{'cluster':'east'}],'conditions':["
                        + "{'type':'Ready','status':'False','reason':'Pending','message':'no IP yet'},"
                        + "{'type':'Other','status':'False','reason':'No'}]}"))
                .isEqualTo(new ServiceImport(
                        false,
                        List.of("10.96.200.1", "None", ""),
                        List.of(new ServicePort("http", 80, "TCP", "")),
                        Traffic.PREFER_SAME_ZONE,
                        List.of("west", "east"),
                        "Pending: no IP yet"));
        assertThat(imported("'spec':{'type':'Headless','internalTrafficPolicy':'Local'},"
                        + "'status':{'conditions':[{'type':'Ready','status':'Unknown','reason':'Pending'}]}"))
                .isEqualTo(new ServiceImport(true, List.of(), List.of(), Traffic.NODE_LOCAL, List.of(), ""));
        assertThat(
                        imported(
                                "'spec':{'type':'Sideways','ips':null,'ports':null},'status':{'clusters':null,'conditions':null}"))
                .isEqualTo(new ServiceImport(false, List.of(), List.of(), Traffic.ANY, List.of(), ""));
    }

    private static ServiceImport imported(String rest) throws IOException {
        return Json.page(list("ServiceImport", "{'metadata':{'name':'a'}," + rest + "}"), Kind.SERVICE_IMPORTS)
                .items()
                .get(0)
                .object();
    }

    @Test
    void lighthousesVirtualAddressesAreToldFromItsPods() throws IOException {
        String managed = "{'metadata':{'name':'a','labels':{'endpointslice.kubernetes.io/managed-by':"
                + "'lighthouse-agent.submariner.io','lighthouse.submariner.io/is-headless':'";

        assertThat(read(managed + "false'}}}").object().virtual()).isTrue();
        assertThat(read(managed + "true'}}}").object().virtual()).isFalse();
        assertThat(read(slice("")).object().virtual()).isFalse();
    }

    @Test
    void pathsAreAsTheApiServerHasThem() {
        assertThat(Kind.SERVICES.path("v1", "shop")).isEqualTo("/api/v1/namespaces/shop/services");
        assertThat(Kind.ENDPOINT_SLICES.path("discovery.k8s.io/v1", ""))
                .isEqualTo("/apis/discovery.k8s.io/v1/endpointslices");
        assertThat(Kind.SERVICE_IMPORTS.path(Kind.SERVICE_IMPORTS.group() + "/v1beta1", "shop"))
                .isEqualTo("/apis/multicluster.x-k8s.io/v1beta1/namespaces/shop/serviceimports");
        assertThat(List.of(Kind.SERVICES.group(), Kind.ENDPOINT_SLICES.group()))
                .containsExactly("", "discovery.k8s.io");
        assertThat(Kind.SERVICE_IMPORTS).hasToString("serviceimports");
    }

    @Test
    void servedVersionsComeBestFirst() throws IOException {
        assertThat(versions("v1alpha1", "v1beta1")).containsExactly("v1beta1", "v1alpha1");
        assertThat(versions("v1alpha2", "foo", "v1beta2", "v1beta10", "v1", "v2alpha1", "v2", "v1alpha1", "../v1"))
                .containsExactly("v2", "v1", "v1beta10", "v1beta2", "v2alpha1", "v1alpha2", "v1alpha1", "foo");
        assertThat(ApiGroup.servedVersions(json("{'kind':'APIGroup','versions':null}")))
                .isEmpty();
        assertThatThrownBy(() -> ApiGroup.servedVersions(json("{'versions':{}}")))
                .isInstanceOf(IOException.class)
                .hasMessage("API group: versions: an object (expected: a list)");
        assertThatThrownBy(() -> ApiGroup.servedVersions(json("{'versions':"))).isInstanceOf(IOException.class);
    }

    private static List<String> versions(String... versions) throws IOException {
        return ApiGroup.servedVersions(json("{'kind':'APIGroup','name':'multicluster.x-k8s.io','versions':["
                + Arrays.stream(versions)
                        .map(version ->
                                "{'groupVersion':'multicluster.x-k8s.io/" + version + "','version':'" + version + "'}")
                        .collect(Collectors.joining(","))
                + "],'preferredVersion':{'version':'v1'}}"));
    }

    /** A hundred thousand endpoints say the same few zones and nodes. */
    @Test
    void wordsThatRepeatAreKeptOnce() throws IOException {
        Words words = new Words();
        String endpoint = ",'endpoints':[{'addresses':['10.1.0.1'],'zone':'z1','nodeName':'n1'}]";
        Locality first = place(words, endpoint);
        Locality second = place(words, endpoint);

        assertThat(first).isEqualTo(new Locality("", "z1", "n1"));
        assertThat(second.zone()).isSameAs(first.zone());
        assertThat(second.node()).isSameAs(first.node());
    }

    private static Locality place(Words words, String rest) throws IOException {
        return Json.page(list("EndpointSlice", slice(rest)), Kind.ENDPOINT_SLICES, words)
                .items()
                .get(0)
                .object()
                .endpoints()
                .get(0)
                .locality();
    }

    @Test
    void wordsThatMeetInASlotAreStillThemselves() {
        Words words = new Words();

        for (String word : new String[] {"Aa", "BB", "Aa", "", "A", "BBB", "BB"}) { // Aa and BB have one hash
            char[] text = ("x" + word + "y").toCharArray();
            assertThat(words.of(text, 1, word.length())).isEqualTo(word);
        }
    }
}
