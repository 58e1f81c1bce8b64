package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Locality;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TopologyOptionsTest {

    private static final Map<String, String> POD = Map.of(
            "topology.kubernetes.io/zone", "pod-zone",
            "failure-domain.beta.kubernetes.io/zone", "old-zone",
            "failure-domain.beta.kubernetes.io/region", "old-region",
            "kubernetes.io/hostname", "pod-node",
            "app", "orders");

    @Test
    void partByPartOptionsGoBeforeThePodsLabelsAndTheseBeforeTheSource() {
        Here here = TopologyOptions.builder()
                .zone("said")
                .label("app", "said")
                .build()
                .here(POD);
        assertThat(here.locality()).isEqualTo(new Locality("old-region", "said", "pod-node"));
        assertThat(here.cluster()).isEmpty();
        assertThat(here.labels()).containsEntry("app", "said").containsEntry("kubernetes.io/hostname", "pod-node");

        Here merged =
                TopologyOptions.builder().zone("said").build().here(Map.of()).or(new Locality("r", "z", ""));
        assertThat(merged.locality()).isEqualTo(new Locality("r", "said", ""));
        assertThat(Here.UNKNOWN.or(Locality.UNKNOWN)).isEqualTo(Here.UNKNOWN);
        assertThat(TopologyOptions.defaults().here(POD).locality().zone()).isEqualTo("pod-zone");
    }

    @Test
    void aBuilderStartsWithWhatItWasMadeFrom() {
        TopologyOptions options = TopologyOptions.builder()
                .region("r")
                .zone("z")
                .node("n")
                .cluster("c")
                .label("rack", "7")
                .labelsFile(Path.of("labels"))
                .policy(Topology.hints())
                .place(Place.parse("10.0.0.0/8 zone=a"))
                .place(Place.parse("10.0.0.0/8 zone=b"))
                .build();
        TopologyOptions again = options.toBuilder().build();
        assertThat(again).usingRecursiveComparison().isEqualTo(options);
        assertThat(again.places()).containsExactly(Place.of(Cidr.parse("10.0.0.0/8"), new Locality("", "b", "")));
        assertThat(again.cluster()).isEqualTo("c");
        assertThat(again.labels()).isEqualTo(Map.of("rack", "7"));
        assertThat(again.labelsFile()).contains(Path.of("labels"));
        assertThat(again.policy()).get().hasToString("hints");
    }

    @Test
    void badNamesAreRefused() {
        assertThatThrownBy(() -> TopologyOptions.builder().zone(""))
                .hasMessage("zone: '' (expected: 1 to 253 letters, digits or signs, no blanks)");
        assertThatThrownBy(() -> TopologyOptions.builder().region("a b")).hasMessageStartingWith("region: 'a b' (");
        assertThatThrownBy(() -> TopologyOptions.builder().node("n\n")).hasMessageStartingWith("node: 'n\\u000a' (");
        assertThatThrownBy(() -> TopologyOptions.builder().cluster("x".repeat(254)))
                .hasMessageStartingWith("cluster: 'x");
        assertThatThrownBy(() -> TopologyOptions.builder().label("k", "")).hasMessageStartingWith("label k: '' (");
    }
}
