package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The own place and the policy, as they come in by builder, settings and the pod's labels. */
class FrontDoorTest {

    private static final String LABEL = "topology.kubernetes.io/zone";

    @TempDir
    private Path folder;

    private static Endpoint in(String zone, int number) {
        return Endpoint.parse("10.0.0." + number + ":80").withLocality(new Locality("", zone, ""));
    }

    private static Discovery.Builder given(Map<String, String> settings, Map<String, String> labels) {
        return Discovery.builder()
                .settings(Settings.none().withProperties(settings, "test"))
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of(), Map.of(), labels))
                .tier(
                        Tier.of("local", "cluster.local"),
                        StaticSource.of(List.of(in("detected", 1), in("file", 2), in("set", 3), in("said", 4))))
                .random(new Random(1))
                .executor(Runnable::run);
    }

    private static String zones(Discovery.Builder builder) {
        try (Discovery discovery = builder.build()) {
            Service orders = discovery.service("orders.shop");
            return orders.decision().shares().entrySet().stream()
                    .filter(share -> share.getValue() > 1)
                    .map(share -> share.getKey().locality().zone())
                    .sorted()
                    .collect(Collectors.joining(" "));
        }
    }

    /** What the pod's labels, a file named by a setting, a setting and the builder say; whose endpoint is called. */
    @ParameterizedTest
    @CsvSource({
        "'', '', '', '', detected file said set",
        "detected, '', '', '', detected",
        "detected, file, '', '', file",
        "detected, '', set, '', set",
        "detected, file, set, '', set",
        "detected, file, set, said, said",
        "'', '', '', said, said",
    })
    void theBuilderWinsOverSettingsAndTheseOverThePodsLabels(
            String detected, String file, String set, String said, String called) throws Exception {
        Map<String, String> settings = new java.util.HashMap<>();
        if (!set.isEmpty()) {
            settings.put("discovery.topology.zone", set);
        }
        if (!file.isEmpty()) {
            Path labels = Files.writeString(folder.resolve("labels"), LABEL + "=\"" + file + "\"\n");
            settings.put("discovery.topology.labels-file", labels.toString());
        }
        Discovery.Builder builder = given(settings, detected.isEmpty() ? Map.of() : Map.of(LABEL, detected));
        if (!said.isEmpty()) {
            builder.topology(t -> t.zone(said));
        }
        assertThat(zones(builder)).isEqualTo(called);
    }

    @Test
    void thePolicyIsReadFromSettingsAndTheBuilderWins() {
        Map<String, String> ladder =
                Map.of("discovery.topology.policy", "ladder:" + LABEL, "discovery.topology.zone", "set");
        UnaryOperator<TopologyOptions.Builder> any = t -> t.policy(Topology.any());
        assertThat(zones(given(ladder, Map.of()))).isEqualTo("set");
        assertThat(zones(given(ladder, Map.of()).topology(any))).isEqualTo("detected file said set");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "topology.zone, a b, no blanks",
                "topology.region, a b, no blanks",
                "topology.policy, near, clusters:ID",
                "topology.policy, \"ladder:a,a\", 'a' given twice",
                "topology.places, 10.0.0.0/8, says nothing of the block",
                "topology.places, 10.0.0.0/8 zoen=a, no word is 'zoen'",
            })
    void aRefusedValueNamesKeyValueAndOrigin(String key, String value, String why) {
        assertThatThrownBy(
                        () -> given(Map.of("discovery." + key, value), Map.of()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("discovery." + key + ": '" + value + "' from test")
                .hasMessageContaining(why)
                .hasMessageContaining("expected: ");
    }
}
