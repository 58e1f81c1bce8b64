package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.topology.Eligibility.Eligible;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ServiceTopology's rules (KEP-536), case by case. */
class LadderTest {

    private static final String NODE = "kubernetes.io/hostname";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final String REGION = "topology.kubernetes.io/region";

    private static String[] keys(String text) {
        return text.replace("NODE", NODE)
                .replace("OLDZONE", "failure-domain.beta.kubernetes.io/zone")
                .replace("OLDREGION", "failure-domain.beta.kubernetes.io/region")
                .replace("ZONE", ZONE)
                .replace("REGION", REGION)
                .split(" ");
    }

    /** The situation; the keys; where we are; the endpoints; who is taken. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "same node | NODE | node=n zone=a | 1 node=n; 2 node=m | 1",
                "several on the node | NODE | node=n | 1 node=n; 2 node=m; 3 node=n | 1 3",
                "none on the node: none | NODE | node=n | 1 node=m; 2 node=o | ''",
                "none on the node: all, with * | NODE * | node=n | 1 node=m; 2 node=o | 1 2",
                "some on the node: those, with * | NODE * | node=n | 1 node=n; 2 node=o | 1",
                "node, else zone | NODE ZONE | node=n zone=a | 1 node=m zone=a; 2 node=o zone=b | 1",
                "the first key that matches wins | NODE ZONE | node=n zone=a | 1 node=n zone=a; 2 node=m zone=a | 1",
                "node, else zone, else region | NODE ZONE REGION | node=n zone=a region=r | 1 zone=b region=r; 2 zone=c | 1",
                "node, else zone, else region: none | NODE ZONE REGION | node=n zone=a region=r | 1 zone=b region=s | ''",
                "node, else zone, else region, else all | NODE ZONE REGION * | node=n zone=a region=r | 1 region=s; 2 | 1 2",
                "the order is the caller's | REGION ZONE | zone=a region=r | 1 zone=a region=r; 2 zone=b region=r | 1 2",
                "* alone | * | node=n | 1 node=m; 2 | 1 2",
                "an endpoint without the label never matches | ZONE | zone=a | 1; 2 zone=a; 3 node=n | 2",
                "no endpoint has the label: none | ZONE | zone=a | 1; 2 | ''",
                "own label missing: the key is skipped | NODE ZONE | zone=a | 1 node=n zone=b; 2 node=m zone=a | 2",
                "own label missing on all keys: none | ZONE REGION | node=n | 1 zone=a; 2 region=r | ''",
                "own label missing on all keys: all, with * | ZONE REGION * | node=n | 1 zone=a; 2 region=r | 1 2",
                "own place unknown: none | NODE ZONE | '' | 1 node=n; 2 zone=a | ''",
                "own place unknown, empty does not match empty | NODE | '' | 1; 2 | ''",
                "own place unknown: all, with * | NODE ZONE * | '' | 1 node=n; 2 zone=a | 1 2",
                "the former names | OLDZONE | zone=a | 1 zone=a; 2 zone=b | 1",
                "the former names of regions | OLDREGION | region=r | 1 region=r; 2 region=s | 1",
                "any other label | example.com/rack | label.example.com/rack=7 | 1 label.example.com/rack=7; 2 label.example.com/rack=8; 3 | 1",
                "a label without prefix | track * | label.track=canary | 1 label.track=canary; 2 label.track=stable | 1",
                "health is no matter | ZONE * | zone=a | 1 zone=a sick; 2 zone=b | 1",
                "not ready is not there | ZONE * | zone=a | 1 zone=a condition=not_ready; 2 zone=b | 2",
                "none ready: all that serve | ZONE | zone=a | 1 zone=b condition=serving_terminating | 1",
            })
    void asServiceTopologyDid(String situation, String keys, String here, String endpoints, String taken) {
        Eligible eligible =
                new Eligibility(Topology.ladder(keys(keys))).of(Written.here(here), Written.tier(endpoints));
        assertThat(Written.numbers(eligible.candidates())).as(situation).isEqualTo(taken);
        assertThat(eligible.excluded().size() + eligible.candidates().size())
                .isEqualTo(Written.tier(endpoints).size());
    }

    @Test
    void saysWhomItLeftOutAndThatItIsLost() {
        Topology ladder = Topology.ladder(NODE, ZONE);
        assertThat(ladder.narrow(Written.here("zone=a"), Written.tier("1 zone=a; 2 zone=b"))
                        .excluded()
                        .toString())
                .contains("10.0.0.2:80", "ladder: not at topology.kubernetes.io/zone=a");
        assertThat(ladder.narrow(Written.here("zone=a"), Written.tier("2 zone=b"))
                        .excluded()
                        .toString())
                .contains("ladder: matches none of kubernetes.io/hostname, topology.kubernetes.io/zone");
        assertThat(ladder.narrow(Written.here("zone=a"), Written.tier("2 zone=b"))
                        .notes())
                .isEmpty();
        assertThat(ladder.narrow(Here.UNKNOWN, Written.tier("2 zone=b")).notes().toString())
                .contains("nothing is known of the own place");
    }

    @Test
    void atMostSixteenKeysEachOnceAndTheStarLast() {
        String[] sixteen = IntStream.range(0, 16).mapToObj(i -> "key-" + i).toArray(String[]::new);
        assertThat(Topology.ladder(sixteen)).asString().startsWith("ladder:key-0,key-1,");
        String[] seventeen = IntStream.range(0, 17).mapToObj(i -> "key-" + i).toArray(String[]::new);
        assertThatThrownBy(() -> Topology.ladder(seventeen)).hasMessage("ladder: 17 keys (expected: 1 to 16)");
        assertThatThrownBy(Topology::ladder).hasMessage("ladder: 0 keys (expected: 1 to 16)");
        assertThatThrownBy(() -> Topology.ladder("a", "b", "a")).hasMessage("ladder: 'a' given twice (expected: once)");
        for (String bad : new String[] {"* a", "a * b", "* *", "a/b/c", "-a", "a b/", "A/b"}) {
            assertThatThrownBy(() -> Topology.ladder(bad.split(" ")))
                    .as(bad)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected: ");
        }
    }
}
