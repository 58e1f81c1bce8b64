package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.topology.Eligibility.Eligible;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Policies that exclude nobody: how much each endpoint gets, and what holds where the user said no policy. */
class PreferenceTest {

    private static final Eligibility DEFAULT = new Eligibility(Optional.empty());

    /** The situation; the policy; where we are; the endpoints; the percent each gets. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "own zone | prefer-near | zone=a | 1 zone=a; 2 zone=b | 1=100",
                "own zone, several | prefer-near | zone=a | 1 zone=a; 2 zone=a; 3 zone=b; 4 zone=b | 1=50 2=50",
                "half of the zone is sick: 70 % stay | prefer-near | zone=a | 1 zone=a sick; 2 zone=a; 3 zone=b; 4 zone=b"
                        + " | 2=70 3=15 4=15",
                "a quarter is sick: nothing spills | prefer-near | zone=a | 1 zone=a sick; 2 zone=a; 3 zone=a; 4 zone=a;"
                        + " 5 zone=b; 6 zone=b; 7 zone=b; 8 zone=b | 2=33 3=33 4=33",
                "the whole zone is sick | prefer-near | zone=a | 1 zone=a sick; 2 zone=b; 3 zone=c | 2=50 3=50",
                "nobody in the zone | prefer-near | zone=a | 1 zone=b; 2 zone=c | 1=50 2=50",
                "everybody is sick | prefer-near | zone=a | 1 zone=a sick; 2 zone=b sick | 1=50 2=50",
                "a small zone takes its part | prefer-near | zone=a | 1 zone=a; 2 zone=b; 3 zone=b; 4 zone=b; 5 zone=b"
                        + " | 1=56 2=11 3=11 4=11 5=11",
                "then the region | prefer-near | zone=a region=r | 1 zone=b region=r; 2 zone=c region=s | 1=100",
                "zone, then region, then all | prefer-near | zone=a region=r | 1 zone=a region=r; 2 zone=a region=r sick;"
                        + " 3 zone=b region=r; 4 zone=b region=r; 5 zone=c region=s; 6 zone=c region=s | 1=70 3=15 4=15",
                "region only | prefer-near | region=r | 1 zone=a region=r; 2 zone=b region=s | 1=100",
                "zones of one name in two regions | prefer-near | zone=a region=r | 1 zone=a region=r; 2 zone=a region=s | 1=100",
                "the endpoints' region unknown | prefer-near | zone=a region=r | 1 zone=a; 2 zone=b | 1=100",
                "own region unknown | prefer-near | zone=a | 1 zone=a region=r; 2 zone=b region=r | 1=100",
                "place unknown comes last | prefer-near | zone=a | 1 zone=a; 2 zone=a; 3 zone=a; 4 | 1=33 2=33 3=33",
                "place unknown comes after far | prefer-near | zone=a | 1 zone=b; 2 | 1=100",
                "nobody's place is known | prefer-near | zone=a | 1; 2 | 1=50 2=50",
                "nothing known of us | prefer-near | '' | 1 zone=a; 2 zone=b | 1=50 2=50",
                "the node is no matter | prefer-near | zone=a node=n | 1 zone=a node=n; 2 zone=a node=m | 1=50 2=50",
                "unless asked for | prefer-node | zone=a node=n | 1 zone=a node=n; 2 zone=a node=m | 1=100",
                "node, then zone | prefer-node | zone=a node=n | 1 zone=a node=m; 2 zone=b node=o | 1=100",
                "node alone | prefer-node | node=n | 1 node=n; 2 node=m; 3 node=o | 1=100",
                "weights hold within a level | prefer-near | zone=a | 1 zone=a weight=3; 2 zone=a; 3 zone=b weight=4 | 1=75 2=25",
                "a weight is what a level can carry | prefer-near | zone=a | 1 zone=a; 2 zone=b weight=9 | 1=28 2=72",
                "weight 0 carries nothing | prefer-near | zone=a | 1 zone=a weight=0; 2 zone=b | 2=100",
                "one that waits is not missed | prefer-near | zone=a | 1 zone=a; 2 zone=a waits; 3 zone=b | 1=100",
                "clusters in order | clusters:x,y | '' | 1 cluster=y; 2 cluster=x; 3 cluster=z | 2=100",
                "the first is half sick | clusters:x,y | '' | 1 cluster=x; 2 cluster=x sick; 3 cluster=y; 4 cluster=z | 1=70 3=30",
                "the first is sick | clusters:x,y | '' | 1 cluster=x sick; 2 cluster=y; 3 cluster=z | 2=100",
                "both are sick | clusters:x,y | '' | 1 cluster=x sick; 2 cluster=y sick; 3 cluster=z; 4 | 3=50 4=50",
                "a small cluster goes first all the same | clusters:x | '' | 1 cluster=x; 2 cluster=y; 3 cluster=y | 1=100",
                "a far one's weight is no matter | clusters:x | '' | 1 cluster=x; 2 cluster=y weight=1000000000 | 1=100",
                "no cluster is known | clusters:x,y | '' | 1; 2 | 1=50 2=50",
                "none of them is there | clusters:x | '' | 1 cluster=y; 2 cluster=z | 1=50 2=50",
                "one after the other | clusters:x+prefer-near | zone=a | 1 cluster=x zone=a; 2 cluster=x zone=b;"
                        + " 3 cluster=y zone=a; 4 cluster=y zone=b | 1=100",
                "narrowed, then weighted | ladder:topology.kubernetes.io/region+prefer-near | zone=a region=r |"
                        + " 1 zone=a region=r; 2 zone=b region=r; 3 zone=a region=s | 1=100",
                "narrowed to nobody | ladder:topology.kubernetes.io/region+prefer-near | zone=a region=r | 1 zone=a | ''",
                "any | any | zone=a | 1 zone=a; 2 zone=b | 1=50 2=50",
            })
    void eachGetsItsPart(String situation, String policy, String here, String endpoints, String percents) {
        List<Candidate> tier = Written.tier(endpoints);
        Eligible eligible = new Eligibility(Topology.parse(policy)).of(Written.here(here), tier);
        assertThat(Written.percents(eligible.candidates())).as(situation).isEqualTo(percents);
        assertThat(eligible.missing()).isZero();
    }

    /** A call that fails in the own zone must be able to go on: nobody's weight comes to nothing. */
    @Test
    void whoIsFarStandsByAndIsHardlyEverPicked() {
        List<Candidate> weighted = Topology.clusters("x")
                .then(Topology.preferNear())
                .narrow(
                        Written.here("zone=a"),
                        Written.tier("1 cluster=x zone=a; 2 cluster=y zone=b; 3 cluster=y zone=a"))
                .candidates();
        assertThat(weighted).extracting(Candidate::weight).allMatch(weight -> weight > 0);
        assertThat(Written.shares(weighted).values().stream()
                        .skip(1)
                        .mapToDouble(share -> share)
                        .sum())
                .isLessThan(1e-6);
    }

    /** The owner's trafficDistribution, or the lack of it, where the user said no policy. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "own zone known: prefer-near | zone=a | any | 1 zone=a; 2 zone=b | 1=100",
                "own region known: prefer-near | region=r | any | 1 region=r; 2 region=s | 1=100",
                "own place unknown: any | node=n | any | 1 zone=a node=n; 2 zone=b | 1=50 2=50",
                "hints count only where the owner says so | zone=a | any | 1 forZones=b; 2 forZones=a | 1=50 2=50",
                "same zone, by hints | zone=a | prefer_same_zone | 1 zone=a forZones=b; 2 zone=b forZones=a | 2=100",
                "same zone, for this node | node=n | prefer_same_node | 1 forNodes=m; 2 forNodes=n | 2=100",
                "a single one in the zone takes all, as the owner wishes | zone=a | prefer_same_zone | 1 forZones=a;"
                        + " 2 forZones=b; 3 forZones=b; 4 forZones=b; 5 forZones=b | 1=100",
                "what they can't carry spills within the tier | zone=a | prefer_same_zone | 1 forZones=a sick;"
                        + " 2 forZones=a; 3 forZones=b; 4 forZones=b | 2=70 3=15 4=15",
                "none of them works | zone=a | prefer_same_zone | 1 forZones=a sick; 2 forZones=b | 2=100",
                "hints of no use: by place | zone=a | prefer_same_zone | 1 zone=a; 2 zone=b forZones=b | 1=100",
                "no hints for the node: by place | zone=a node=n | prefer_same_node | 1 zone=a node=n; 2 zone=a node=m | 1=100",
                "hints of no use, own zone unknown | '' | prefer_same_zone | 1 forZones=a; 2 forZones=b | 1=50 2=50",
                "same node, zone known only | zone=a | prefer_same_node | 1 zone=a node=n; 2 zone=a node=m; 3 zone=b;"
                        + " 4 zone=b | 1=50 2=50",
            })
    void ownersAreAskedWhereTheUserSaysNothing(
            String situation, String here, String traffic, String endpoints, String percents) {
        String wished = endpoints.replace(";", " traffic=" + traffic + ";") + " traffic=" + traffic;
        assertThat(Written.percents(
                        DEFAULT.of(Written.here(here), Written.tier(wished)).candidates()))
                .as(situation)
                .isEqualTo(percents);
    }

    @Test
    void aPolicyOfTheUsersGoesBeforeWhatTheOwnerPrefers() {
        List<Candidate> tier =
                Written.tier("1 forZones=a traffic=prefer_same_zone; 2 forZones=b traffic=prefer_same_zone");
        assertThat(new Eligibility(Topology.any())
                        .of(Written.here("zone=a"), tier)
                        .candidates())
                .isSameAs(tier);
    }

    /** Ready; else serving although terminating; what is not ready is missed, what ends is not. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1; 2 | 1 2 | 0",
                "1; 2 condition=not_ready; 3 condition=not_ready | 1 | 2",
                "1; 2 condition=terminating | 1 | 0",
                "1; 2 condition=serving_terminating | 1 | 0",
                "1 condition=serving_terminating; 2 condition=terminating; 3 condition=not_ready | 1 | 1",
                "1 condition=not_ready; 2 condition=not_ready | '' | 2",
                "1 condition=terminating | '' | 0",
                "1 zone=b condition=serving_terminating; 2 zone=a condition=serving_terminating | 1 2 | 0",
            })
    void conditionsGoFirstWhateverThePolicy(String endpoints, String taken, int missing) {
        List<Candidate> tier = Written.tier(endpoints);
        for (Topology policy :
                List.of(Topology.any(), Topology.preferNear(), Topology.hints(), Topology.clusters("x"))) {
            Eligible eligible = new Eligibility(policy).of(Written.here("zone=a"), tier);
            assertThat(Written.numbers(eligible.candidates())).isEqualTo(taken);
            assertThat(eligible.missing()).isEqualTo(missing);
            assertThat(eligible.excluded())
                    .hasSize(tier.size() - eligible.candidates().size());
            assertThat(eligible.excluded()).noneMatch(dropped -> dropped.rule().isBlank());
        }
    }

    /** Who would not be eligible anyway is not missed there. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hints | 1 zone=a forZones=a; 2 zone=b forZones=b; 3 zone=a condition=not_ready; 4 zone=b condition=not_ready | 1",
                "hints | 1 zone=a node=n forNodes=n; 2 zone=a node=m forNodes=m; 3 zone=a node=m condition=not_ready | 0",
                "ladder:topology.kubernetes.io/zone | 1 zone=a; 2 zone=b; 3 zone=b condition=not_ready | 0",
                "prefer-near | 1 zone=a; 2 zone=b; 3 zone=b condition=not_ready | 1",
                "any | 1 zone=a; 2 zone=b; 3 zone=b condition=not_ready | 1",
            })
    void missedIsWhoWouldBeEligible(String policy, String endpoints, int missing) {
        assertThat(new Eligibility(Topology.parse(policy))
                        .of(Written.here("zone=a node=n"), Written.tier(endpoints))
                        .missing())
                .isEqualTo(missing);
    }

    @Test
    void whereThereIsNothingToDecideTheListComesBackAsItIs() {
        List<Candidate> plain = Written.tier("1; 2; 3");
        List<Candidate> placed = Written.tier("1 zone=a; 2 zone=b; 3 zone=a");
        assertThat(new Eligibility(Topology.any()).of(Here.UNKNOWN, placed).candidates())
                .isSameAs(placed);
        assertThat(DEFAULT.of(Here.UNKNOWN, plain).candidates()).isSameAs(plain);
        assertThat(DEFAULT.of(Written.here("zone=a"), plain).candidates()).isSameAs(plain);
        assertThat(DEFAULT.of(Written.here("zone=c"), placed).candidates()).isSameAs(placed);
        assertThat(new Eligibility(Topology.clusters("x"))
                        .of(Here.UNKNOWN, plain)
                        .candidates())
                .isSameAs(plain);
        assertThat(new Eligibility(Topology.hints()).of(Here.UNKNOWN, plain).candidates())
                .isSameAs(plain);
    }

    @Test
    void beingLostIsSaidWhereItMakesADifference() {
        assertThat(DEFAULT.of(Here.UNKNOWN, Written.tier("1 zone=a; 2 zone=b")).notes())
                .containsExactly("own zone and region are not known, so places make no difference"
                        + " (topology.zone and topology.region say them)");
        assertThat(DEFAULT.of(Here.UNKNOWN, Written.tier("1; 2")).notes()).isEmpty();
        assertThat(DEFAULT.of(Written.here("zone=a"), Written.tier("1; 2")).notes())
                .isEmpty();
        Eligibility asked = new Eligibility(Topology.preferNear());
        assertThat(asked.of(Here.UNKNOWN, Written.tier("1 zone=a")).notes().toString())
                .contains("prefer-near: own zone and region are not known");
        assertThat(asked.of(Written.here("zone=a"), Written.tier("1; 2"))
                        .notes()
                        .toString())
                .contains("prefer-near: no endpoint's place is known");
    }
}
