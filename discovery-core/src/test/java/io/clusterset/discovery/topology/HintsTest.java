package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.topology.Eligibility.Eligible;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which endpoints kube-proxy would take, case by case: hints (KEP-2433, KEP-3015), conditions, internalTrafficPolicy. */
class HintsTest {

    private final Eligibility hints = new Eligibility(Topology.hints());

    /** The situation; where we are; the endpoints; who is taken. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "nobody there | zone=a node=n | '' | ''",
                "no hints: all | zone=a node=n | 1 zone=a; 2 zone=b | 1 2",
                "one for my zone | zone=a node=n | 1 forZones=a; 2 forZones=b; 3 forZones=c | 1",
                "several for my zone | zone=a | 1 forZones=a; 2 forZones=b; 3 forZones=a | 1 3",
                "the hint counts, not where it runs | zone=a | 1 zone=a forZones=b; 2 zone=b forZones=a | 2",
                "a hint for several zones | zone=b | 1 forZones=a,b; 2 forZones=c; 3 forZones=a | 1",
                "all for my zone | zone=a | 1 forZones=a; 2 forZones=a | 1 2",
                "none for my zone: all | zone=d | 1 forZones=a; 2 forZones=b | 1 2",
                "one has no hint: all | zone=a | 1 forZones=a; 2; 3 forZones=b | 1 2 3",
                "own zone unknown: all | node=n | 1 forZones=a; 2 forZones=b | 1 2",
                "nothing known of us: all | region=r | 1 forZones=a forNodes=n; 2 forZones=b forNodes=m | 1 2",
                "one for my node | zone=a node=n | 1 forNodes=n; 2 forNodes=m | 1",
                "several for my node | node=n | 1 forNodes=n; 2 forNodes=m; 3 forNodes=n,m | 1 3",
                "node goes before zone | zone=a node=n | 1 forZones=a forNodes=m; 2 forZones=b forNodes=n | 2",
                "none for my node: zone | zone=a node=n | 1 forZones=a forNodes=m; 2 forZones=b forNodes=o | 1",
                "one has no node hint: zone | zone=a node=n | 1 forZones=a forNodes=n; 2 forZones=a; 3 forZones=b | 1 2",
                "own node unknown: zone | zone=a | 1 forZones=a forNodes=n; 2 forZones=b forNodes=m | 1",
                "own zone unknown: node | node=n | 1 forZones=a forNodes=n; 2 forZones=b forNodes=m | 1",
                "nodes for others, zones not all: all | zone=a node=n | 1 forZones=a forNodes=m; 2 forNodes=o | 1 2",
                "nodes not all, zones not all: all | zone=a node=n | 1 forZones=a; 2 forNodes=n | 1 2",
                "neither node nor zone: all | zone=d node=n | 1 forZones=a forNodes=m; 2 forZones=b forNodes=o | 1 2",
                "only node hints, none mine: all | zone=a node=n | 1 forNodes=m; 2 forNodes=o | 1 2",
                "sick is not unready: all or nothing | zone=a | 1 forZones=a sick; 2 forZones=b | 1",
                "unready has no say | zone=a | 1 forZones=a; 2 forZones=b; 3 condition=not_ready | 1",
                "terminating has no say | zone=a | 1 forZones=a; 2 forZones=b; 3 condition=serving_terminating | 1",
                "the one for my zone is not ready: all | zone=a | 1 forZones=a condition=not_ready; 2 forZones=b | 2",
                "the one for my zone ends: all | zone=a | 1 forZones=a condition=serving_terminating; 2 forZones=b | 2",
                "the one for my node is not ready: zone | zone=a node=n | 1 forZones=a forNodes=n condition=not_ready;"
                        + " 2 forZones=a forNodes=m; 3 forZones=b forNodes=o | 2",
                "none ready: all that serve, wherever | zone=a | 1 forZones=a condition=serving_terminating;"
                        + " 2 forZones=b condition=serving_terminating; 3 forZones=a condition=not_ready | 1 2",
                "none ready nor serving: none | zone=a | 1 forZones=a condition=not_ready; 2 condition=terminating | ''",
                "terminating, not serving: never | zone=a | 1 condition=terminating; 2 condition=serving_terminating | 2",
                "another cluster's has no say | zone=a cluster=x | 1 forZones=a; 2 forZones=b cluster=x; 3 cluster=y | 1",
                "another cluster's is not meant | zone=a cluster=x | 1 forZones=b; 2 forZones=a cluster=y | 1 2",
                "only another cluster's: all | zone=a cluster=x | 1 cluster=y; 2 cluster=z | 1 2",
                "own cluster unknown | zone=a | 1 forZones=a; 2 forZones=b cluster=x | 1",
            })
    void asKubeProxyDoes(String situation, String here, String endpoints, String taken) {
        assertThat(Written.numbers(
                        hints.of(Written.here(here), Written.tier(endpoints)).candidates()))
                .as(situation)
                .isEqualTo(taken);
    }

    /** KEP-2086. Whatever policy the client has. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "ready here | 1 node=n; 2 node=m | 1 | 0",
                "several ready here | 1 node=n; 2 node=m; 3 node=n | 1 3 | 0",
                "all here | 1 node=n; 2 node=n | 1 2 | 0",
                "none here: none | 1 node=m; 2 node=o | '' | 0",
                "beats hints | 1 node=n forZones=b forNodes=m; 2 node=m forZones=a forNodes=n | 1 | 0",
                "a place nobody knows is not here | 1; 2 node=n | 2 | 0",
                "ready here before ending here | 1 node=n; 2 node=n condition=serving_terminating | 1 | 0",
                "ending here before ready there | 1 node=m; 2 node=n condition=serving_terminating | 2 | 0",
                "ending there: none | 1 node=m condition=serving_terminating | '' | 0",
                "ended here: none | 1 node=n condition=terminating; 2 node=m | '' | 0",
                "not ready here: none | 1 node=n condition=not_ready; 2 node=m | '' | 1",
                "one of two ready here | 1 node=n condition=not_ready; 2 node=n; 3 node=m condition=not_ready | 2 | 1",
            })
    void internalTrafficPolicyLocal(String situation, String endpoints, String taken, int missing) {
        String local = endpoints.replace(";", " traffic=node_local;") + " traffic=node_local";
        for (Topology policy : new Topology[] {Topology.any(), Topology.hints(), Topology.ladder("*")}) {
            Eligible eligible = new Eligibility(policy).of(Written.here("zone=a node=n"), Written.tier(local));
            assertThat(Written.numbers(eligible.candidates())).as(situation).isEqualTo(taken);
            assertThat(eligible.missing()).isEqualTo(missing);
            assertThat(eligible.excluded().size() + eligible.candidates().size())
                    .isEqualTo(Written.tier(local).size());
        }
    }

    /** They are on no node of ours. */
    @Test
    void localHoldsForTheOwnClustersEndpointsOnly() {
        Eligible eligible = hints.of(
                Written.here("zone=a node=n"),
                Written.tier("1 node=n traffic=node_local; 2 node=m traffic=node_local; 3 cluster=east"));
        assertThat(Written.numbers(eligible.candidates())).isEqualTo("1 3");
    }

    @Test
    void localWithoutKnowingTheNodeTakesNoServiceDownAndSaysSo() {
        Eligible eligible = hints.of(
                Written.here("zone=a"), Written.tier("1 node=n traffic=node_local; 2 node=m traffic=node_local"));
        assertThat(Written.numbers(eligible.candidates())).isEqualTo("1 2");
        assertThat(eligible.notes())
                .anyMatch(note -> note.contains("internalTrafficPolicy: Local") && note.contains("topology.node"));
    }

    /** Two sentences for a person: why somebody is left out, and why nobody is. */
    @Test
    void saysWhy() {
        Eligible narrowed =
                hints.of(Written.here("zone=a"), Written.tier("1 forZones=a; 2 forZones=b; 3 condition=not_ready"));
        assertThat(narrowed.excluded())
                .extracting(Object::toString)
                .anyMatch(text -> text.contains("10.0.0.2:80") && text.contains("hints: not hinted for zone a"))
                .anyMatch(text -> text.contains("10.0.0.3:80") && text.contains("not ready"));
        assertThat(narrowed.notes()).isEmpty();
        assertThat(hints.of(Written.here("zone=d"), Written.tier("1 forZones=a"))
                        .notes())
                .containsExactly("hints: none is for the own zone, so all endpoints are taken");
        assertThat(hints.of(Here.UNKNOWN, Written.tier("1 forZones=a")).notes().toString())
                .contains("own zone and node are not known");
        assertThat(hints.of(Written.here("zone=a"), Written.tier("1; 2 forZones=a"))
                        .notes()
                        .toString())
                .contains("not every endpoint has one");
        assertThat(hints.of(Written.here("zone=a"), Written.tier("1")).notes().toString())
                .contains("no endpoint has any");
    }
}
