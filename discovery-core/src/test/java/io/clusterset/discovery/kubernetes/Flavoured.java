package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Namespace shop of a cluster, its objects as one product or another makes them: read from a resource, asked as the source asks. */
final class Flavoured {

    static final Asked ASKED = new Asked(List.of("endpointslices in shop"), "10.96.0.1:443", Duration.ofDays(2));

    private final List<Item<ServiceObject>> services;
    private final List<Item<EndpointSlice>> slices;
    private final List<Item<ServiceImport>> imports;

    private Flavoured(Map<String, Object> lists) throws IOException {
        services = read(lists, Kind.SERVICES);
        slices = read(lists, Kind.ENDPOINT_SLICES);
        imports = read(lists, Kind.SERVICE_IMPORTS);
    }

    static Flavoured of(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Flavoured.class.getResourceAsStream(name + ".json"), name)) {
            return new Flavoured(JSON.std.mapFrom(in));
        }
    }

    private static <T> List<Item<T>> read(Map<String, Object> lists, Kind<T> kind) throws IOException {
        Page<T> page =
                Json.page(JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES).asBytes(lists.get(kind.plural())), kind);
        assertThat(page.skipped()).isZero();
        return page.items();
    }

    /** The local tier's answer. */
    Resolution local(String service, String port) {
        return new LocalRules(question(service, port), service, 80, address -> false)
                .answer(named(services, service), underOwnName(service), ASKED);
    }

    /** The clusterset tier's answer. */
    Resolution imported(String service, String port, String ownCluster) {
        return new ImportedRules(question(service, port), service, ownCluster, 80, address -> false)
                .answer(
                        named(imports, service),
                        slices.stream()
                                .filter(item -> item.object().imported().equals(service))
                                .toList(),
                        underOwnName(service),
                        named(services, service),
                        ASKED);
    }

    private List<Item<EndpointSlice>> underOwnName(String service) {
        return slices.stream()
                .filter(item -> item.object().service().equals(service))
                .toList();
    }

    private static <T> Optional<T> named(List<Item<T>> items, String name) {
        return items.stream()
                .filter(item -> item.name().equals(name))
                .map(Item::object)
                .findFirst();
    }

    /** Of a port's name, its number, or none if the text is empty. */
    static Question question(String service, String port) {
        Port wanted = port.isEmpty() ? Port.unspecified() : Port.parse(port);
        return new Question(
                "tier",
                service + ".shop",
                "",
                wanted instanceof Port.Named named ? Optional.of(named) : Optional.empty(),
                List.of(),
                wanted instanceof Port.Number number ? Optional.of(number) : Optional.empty());
    }

    /** {@code 10.0.0.1:80 READY west zone-a/node-1} each. */
    static List<String> shown(Resolution resolution) {
        return resolution.endpoints().stream().map(Flavoured::shown).toList();
    }

    private static String shown(Endpoint endpoint) {
        String place = endpoint.locality().zone() + "/" + endpoint.locality().node();
        return (endpoint.authority() + " " + endpoint.condition() + " " + endpoint.cluster()
                        + (place.equals("/") ? "" : " " + place))
                .strip();
    }

    /** {@code name: rule} each. */
    static List<String> dropped(Resolution resolution) {
        return resolution.evidence().dropped().stream()
                .map((Evidence.Dropped one) -> one.address() + ": " + one.rule())
                .toList();
    }
}
