package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlacesTest {

    private static final Locality CLAIMED = new Locality("", "a", "node-1");
    private static final Hints HINTED = new Hints(Set.of("a"), Set.of("node-1"));

    private static Endpoint claiming(String cluster) {
        return Endpoint.parse("10.1.0.1:80")
                .withLocality(CLAIMED)
                .withHints(HINTED)
                .withCluster(cluster);
    }

    /** Cilium puts the cluster's name into zone and node of the slices it imports; names of nodes repeat. */
    @ParameterizedTest
    @CsvSource({"'', '', true", "west, '', true", "west, west, true", "west, east, false", "'', east, false"})
    void placesOfOtherClustersAreNotBelieved(String own, String cluster, boolean believed) {
        Endpoint endpoint = claiming(cluster);
        Endpoint placed = new Places(new Here(Locality.UNKNOWN, own, Map.of()), List.of()).placed(endpoint);
        if (believed) {
            assertThat(placed).isSameAs(endpoint);
        } else {
            assertThat(placed).isEqualTo(endpoint.withLocality(Locality.UNKNOWN).withHints(Hints.NONE));
        }
    }

    /** So false zone data changes nothing. */
    @Test
    void anEndpointThatClaimsOurZoneIsNotPreferred() {
        Here here = Written.here("zone=a cluster=west");
        Places places = new Places(here, List.of());
        Eligibility near = new Eligibility(Optional.empty());
        for (boolean trusted : new boolean[] {true, false}) {
            var tier = Written.tier("1 zone=a cluster=east; 2 zone=b cluster=west; 3 zone=b cluster=west").stream()
                    .map(c -> trusted
                            ? c
                            : new io.clusterset.discovery.model.Candidate(
                                    places.placed(c.endpoint()), c.verdict(), c.use(), c.weight(), c.outcomes()))
                    .toList();
            assertThat(Written.percents(near.of(here, tier).candidates()))
                    .isEqualTo(trusted ? "1=93 2=3 3=3" : "2=50 3=50");
        }
    }

    /** Lighthouse and others don't say which cluster an imported slice is of; who says so in the table is believed in that, too. */
    @Test
    void whatTheTableSaysIsOfAnotherClusterIsNotBelieved() {
        Here here = Written.here("cluster=west");
        Places places = new Places(here, Place.parseAll("10.0.0.0/8 cluster=east"));
        assertThat(places.placed(claiming("")).locality()).isEqualTo(Locality.UNKNOWN);
        assertThat(places.placed(claiming("")).hints()).isEqualTo(Hints.NONE);
        Places ours = new Places(here, Place.parseAll("10.0.0.0/8 cluster=west"));
        assertThat(ours.placed(claiming("east")).locality())
                .isEqualTo(claiming("").locality());
    }

    @Test
    void theTableIsBelievedWhateverTheSourceSays() {
        Places places = new Places(
                Written.here("cluster=west"),
                Place.parseAll("10.0.0.0/8 region=eu; 10.1.0.0/16 region=eu zone=eu-1 cluster=east label.track=canary;"
                        + "10.1.0.1 node=n7; fd00::/8 zone=six; 10.2.0.0/16 zone=eu-2"));
        assertThat(places.placed(claiming("")).locality()).isEqualTo(new Locality("", "a", "n7"));
        assertThat(places.placed(claiming("east")).locality()).isEqualTo(new Locality("", "", "n7"));
        Endpoint canary = places.placed(Endpoint.parse("10.1.0.2:80").withLabels(Map.of("app", "orders")));
        assertThat(canary.locality()).isEqualTo(new Locality("eu", "eu-1", ""));
        assertThat(canary.cluster()).isEqualTo("east");
        assertThat(canary.labels()).isEqualTo(Map.of("track", "canary", "app", "orders"));
        assertThat(places.placed(Endpoint.parse("10.2.3.4:80")).locality()).isEqualTo(new Locality("", "eu-2", ""));
        assertThat(places.placed(Endpoint.parse("10.3.3.4:80")).locality()).isEqualTo(new Locality("eu", "", ""));
        assertThat(places.placed(Endpoint.parse("[fd12::1]:80")).locality().zone())
                .isEqualTo("six");
        Endpoint nowhere = Endpoint.parse("192.0.2.1:80");
        assertThat(places.placed(nowhere)).isSameAs(nowhere);
        assertThat(places.placed(Endpoint.parse("[fe80::1]:80")).locality()).isEqualTo(Locality.UNKNOWN);
    }

    @Test
    void theLongestPrefixWinsInAnyTable() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            boolean six = random.nextBoolean();
            Set<Cidr> blocks = new HashSet<>();
            for (int i = 0; i < 30; i++) {
                blocks.add(new Cidr(address(random, six), random.nextInt(six ? 129 : 33)));
            }
            List<Place> table = new ArrayList<>();
            blocks.forEach(block -> table.add(Place.of(block, new Locality("", block.toString(), ""))));
            Places places = new Places(Here.UNKNOWN, table);
            for (int i = 0; i < 50; i++) {
                InetAddress address = address(random, six);
                String expected = blocks.stream()
                        .filter(block -> block.contains(address))
                        .max(Comparator.comparingInt(Cidr::prefix))
                        .map(Cidr::toString)
                        .orElse("");
                assertThat(places.placed(Endpoint.of(address, 80)).locality().zone())
                        .as("%s in %s", address, blocks)
                        .isEqualTo(expected);
            }
        }
    }

    /** Few bits, so that blocks nest and addresses hit. */
    private static InetAddress address(Random random, boolean six) {
        byte[] octets = new byte[six ? 16 : 4];
        for (int i = 0; i < octets.length; i++) {
            octets[i] = (byte) (random.nextInt(4) == 0 ? 0x80 : 0);
        }
        octets[0] = (byte) (six ? 0xfd : 10);
        try {
            return InetAddress.getByAddress(octets);
        } catch (java.net.UnknownHostException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "10.0.0.0/33 zone=a | '10.0.0.0/33': prefix: 33 (expected: 0 to 32)",
                "10.0.0.0/x zone=a | '10.0.0.0/x': prefix 'x' (expected: a number)",
                "shop zone=a | 'shop': not an IP address (expected: an IPv4 or IPv6 literal)",
                "10.0.0.0/8 | '10.0.0.0/8': says nothing of the block (expected: BLOCK and words of region=, zone=, ",
                "10.0.0.0/8 zoen=a | '10.0.0.0/8 zoen=a': no word is 'zoen' (expected: BLOCK and ",
                "10.0.0.0/8 zone | zone: '' (expected: 1 to 253 letters, digits or signs, no blanks)",
                "10.0.0.0/8 zone= | zone: '' (expected: 1 to 253 letters, ",
                "10.0.0.0/8 label.=a | label: '' (expected: 1 to 253 letters, ",
                "10.0.0.0/8 zone=a; 10.0.0.0/8 zone=b | places: '10.0.0.0/8' given twice (expected: once)",
                "10.1.0.0/8 zone=a; 10.2.0.0/8 zone=b | places: '10.0.0.0/8' given twice (expected: once)",
            })
    void whatCannotBeReadIsNamed(String text, String message) {
        assertThatThrownBy(() -> Place.parseAll(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void aPlaceIsBuiltAsItIsRead() {
        assertThat(Place.of(Cidr.parse("10.1.0.0/16"), new Locality("eu", "eu-1", "n"))
                        .withCluster("west")
                        .withLabel("track", "canary")
                        .withLabel("rack", "7"))
                .isEqualTo(Place.parse(
                        "10.1.0.0/16 node=n zone=eu-1  region=eu cluster=west label.track=canary label.rack=7"));
        assertThat(Place.parseAll(" ; ")).isEmpty();
    }
}
