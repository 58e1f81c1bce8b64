package io.clusterset.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Evidence;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AddressOrderTest {

    private final List<Evidence.Dropped> dropped = new ArrayList<>();

    /** With the source of each destination that has one. */
    private static AddressOrder order(Map<String, String> sources) {
        return new AddressOrder(destination ->
                Optional.ofNullable(sources.get(Addresses.literal(destination))).map(Addresses::literal));
    }

    private List<String> sorted(AddressOrder order, String... destinations) {
        List<InetAddress> given =
                Stream.of(destinations).map(Addresses::literal).toList();
        return order.sorted(given, dropped).stream().map(Addresses::literal).toList();
    }

    /**
     * The examples of RFC 6724, 10.2, that have both families, as they are; those of IPv6 alone with an IPv4 destination added
     * (an answer of one family is left alone).
     */
    static Stream<Arguments> examples() {
        Map<String, String> dual = Map.of("2001:db8:1::1", "2001:db8:1::2", "10.1.2.3", "10.1.2.4");
        return Stream.of(
                arguments(
                        "rule 2, matching scope: IPv4 only has a link-local source",
                        Map.of("2001:db8:1::1", "2001:db8:1::2", "198.51.100.121", "169.254.13.78"),
                        List.of("2001:db8:1::1", "198.51.100.121")),
                arguments(
                        "rule 2, matching scope: IPv6 only has a link-local source",
                        Map.of("198.51.100.121", "198.51.100.117", "2001:db8:1::1", "fe80::1"),
                        List.of("198.51.100.121", "2001:db8:1::1")),
                arguments("rule 6, precedence: IPv6 before IPv4", dual, List.of("2001:db8:1::1", "10.1.2.3")),
                arguments(
                        "rule 5, matching label: 6to4 from 6to4",
                        Map.of(
                                "2002:c633:6401::1",
                                "2002:c633:6401::2",
                                "2001:db8:1::1",
                                "2002:c633:6401::2",
                                "10.1.2.3",
                                "10.1.2.4"),
                        List.of("10.1.2.3", "2002:c633:6401::1", "2001:db8:1::1")),
                arguments(
                        "rule 6, precedence: native IPv6, IPv4, 6to4",
                        Map.of(
                                "2002:c633:6401::1",
                                "2002:c633:6401::2",
                                "2001:db8:1::1",
                                "2001:db8:1::2",
                                "10.1.2.3",
                                "10.1.2.4"),
                        List.of("2001:db8:1::1", "10.1.2.3", "2002:c633:6401::1")),
                arguments(
                        "rule 8, smaller scope, after precedence",
                        Map.of("2001:db8:1::1", "2001:db8:1::2", "fe80::1", "fe80::2", "10.1.2.3", "10.1.2.4"),
                        List.of("fe80::1", "2001:db8:1::1", "10.1.2.3")),
                arguments(
                        "the cluster's ULA from a ULA: IPv4 first",
                        Map.of("fd00:10::1", "fd00:10::2", "10.1.2.3", "10.1.2.4"),
                        List.of("10.1.2.3", "fd00:10::1")),
                arguments(
                        "ULA from a global address: another label, behind IPv4 too",
                        Map.of("fd00:10::1", "2001:db8:1::2", "10.1.2.3", "10.1.2.4"),
                        List.of("10.1.2.3", "fd00:10::1")),
                arguments(
                        "Teredo behind IPv4",
                        Map.of("2001::1", "2001::2", "10.1.2.3", "10.1.2.4"),
                        List.of("10.1.2.3", "2001::1")),
                arguments(
                        "private IPv4 from public IPv4 is the same scope: global (3.2)",
                        Map.of("2001:db8:1::1", "2001:db8:1::2", "10.1.2.3", "198.51.100.117"),
                        List.of("2001:db8:1::1", "10.1.2.3")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("examples")
    void addressesComeInTheOrderOfRfc6724(String rule, Map<String, String> sources, List<String> expected) {
        List<String> given = new ArrayList<>(expected);
        Random random = new Random(6724);
        for (int i = 0; i < 24; i++) {
            Collections.shuffle(given, random);
            assertThat(sorted(order(sources), given.toArray(String[]::new)))
                    .as("%s, from %s", rule, given)
                    .containsExactlyElementsOf(expected);
        }
        assertThat(dropped).isEmpty();
    }

    @Test
    void withoutARouteForIpv6ItIsLeftOutAndSaid() {
        AddressOrder order = order(Map.of("10.0.0.1", "10.0.0.9", "10.0.0.2", "10.0.0.9"));
        assertThat(sorted(order, "fd00::1", "10.0.0.1", "2001:db8::1", "10.0.0.2"))
                .containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(dropped)
                .containsExactlyInAnyOrder(
                        new Evidence.Dropped("fd00::1", "no route from here (RFC 6724, rule 1)"),
                        new Evidence.Dropped("2001:db8::1", "no route from here (RFC 6724, rule 1)"));
    }

    @Test
    void withoutAnyRouteNothingIsLeftOut() {
        assertThat(sorted(order(Map.of()), "10.0.0.1", "fd00::1")).containsExactlyInAnyOrder("10.0.0.1", "fd00::1");
        assertThat(dropped).isEmpty();
    }

    @Test
    void anAnswerOfOneFamilyIsLeftAloneAndNobodyIsAsked() {
        AtomicInteger asked = new AtomicInteger();
        AddressOrder order = new AddressOrder(destination -> {
            asked.incrementAndGet();
            return Optional.empty();
        });
        assertThat(sorted(order, "10.0.0.3", "10.0.0.1", "10.0.0.2"))
                .containsExactly("10.0.0.3", "10.0.0.1", "10.0.0.2");
        assertThat(sorted(order, "2001:db8::3", "fd00::1")).containsExactly("2001:db8::3", "fd00::1");
        assertThat(sorted(order)).isEmpty();
        assertThat(asked).hasValue(0);
        assertThat(dropped).isEmpty();
    }

    /** Rule 10: what no rule tells apart stays as the server shuffled it. */
    @Test
    void whatNoRuleTellsApartKeepsItsOrder() {
        List<String> four = IntStream.range(1, 200).mapToObj(i -> "10.0.0." + i).toList();
        List<String> six = IntStream.range(1, 200).mapToObj(i -> "fd00::" + i).toList();
        List<String> all = new ArrayList<>(six);
        all.addAll(four);
        List<String> shuffled = new ArrayList<>(all);
        Collections.shuffle(shuffled, new Random(10));
        AddressOrder order = new AddressOrder(Optional::of);
        List<String> sorted = sorted(order, shuffled.toArray(String[]::new));
        List<String> expected = new ArrayList<>(shuffled);
        expected.retainAll(four);
        List<String> last = new ArrayList<>(shuffled);
        last.retainAll(six);
        expected.addAll(last);
        assertThat(sorted).containsExactlyElementsOf(expected);
    }

    @Test
    void fourThousandAddressesAskTheKernelAHandfulOfTimes() {
        AtomicInteger asked = new AtomicInteger();
        AddressOrder order = new AddressOrder(destination -> {
            asked.incrementAndGet();
            return Optional.of(destination);
        });
        String[] many = IntStream.range(0, 4_000)
                .mapToObj(i -> i % 2 == 0 ? "10.1." + i / 250 + "." + (i % 250 + 1) : "fd00::" + Integer.toHexString(i))
                .toArray(String[]::new);
        assertThat(sorted(order, many)).hasSize(4_000);
        assertThat(Arrays.stream(many).distinct().count()).isEqualTo(4_000);
        assertThat(asked.get()).isLessThanOrEqualTo(4);
    }
}
