package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.source.Tier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is detected, what is said outside overrules it, what the builder says overrules both. */
class DetectionTest {

    /** Detected, set by variable, said by the builder ("" for not at all); what comes of it. */
    @ParameterizedTest
    @CsvSource({
        "'', '', '', orders.unknown local=cluster.local clusterset=clusterset.local",
        "seen, '', '', orders.seen local=seen.example clusterset=clusterset.local",
        "seen, set, '', orders.set local=set.example clusterset=set.set.example",
        "seen, '', said, orders.said local=said.example clusterset=set.said.example",
        "seen, set, said, orders.said local=said.example clusterset=set.said.example",
        "'', set, said, orders.said local=said.example clusterset=set.said.example"
    })
    void theBuilderWinsOverSettingsAndTheseOverWhatIsSeen(String seen, String set, String said, String result) {
        Map<String, String> variables = new HashMap<>();
        if (!set.isEmpty()) {
            variables.put("CLUSTERSET_NAMESPACE", set);
            variables.put("CLUSTERSET_CLUSTER_DOMAIN", set + ".example.");
            variables.put("CLUSTERSET_CLUSTERSET_DOMAIN", "Set." + set + ".example");
        }
        Optional<String> found = Optional.of(seen).filter(text -> !text.isEmpty());
        Discovery.Builder builder = Discovery.builder()
                .settings(Settings.none().withEnvironment(variables))
                .surroundings(new Surroundings(found, found.map(name -> name + ".example"), List.of()));
        if (!said.isEmpty()) {
            builder.namespace(said).clusterDomain(said + ".example").clustersetDomain("set." + said + ".example");
        }
        try (Discovery discovery = builder.build()) {
            assertThat(service(discovery) + " "
                            + discovery.tiers().stream()
                                    .map(tier -> tier.name() + "=" + tier.domain())
                                    .collect(Collectors.joining(" ")))
                    .isEqualTo(result);
            assertThat(discovery.tiers()).allMatch(Tier::isStandard);
        }
    }

    private static String service(Discovery discovery) {
        try {
            return discovery.service("orders").toString();
        } catch (IllegalArgumentException noNamespace) {
            return "orders.unknown";
        }
    }
}
