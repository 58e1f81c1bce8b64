package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:80, 10.0.0.1:80",
        "[fd00::1]:8080, [fd00::1]:8080",
        "[fd00:0:0:1:0:0:0:1]:1, [fd00:0:0:1::1]:1",
        "[::]:1, [::]:1",
        "[1::]:1, [1::]:1"
    })
    void authorityIsWhatGoesBehindTheScheme(String text, String authority) {
        assertThat(Endpoint.parse(text).authority()).isEqualTo(authority);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders:80",
                "10.0.0.1",
                "10.0.0.256:80",
                "10.0.0.1:0",
                "fd00::1:80",
                "[fd00::1]",
                "1:80",
                "10.0.0.1:http"
            })
    void anythingButAnAddressAndPortIsRefused(String text) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }

    @Test
    void anAddressNeverCarriesAHostName() throws Exception {
        InetAddress named = InetAddress.getByAddress("orders.example", new byte[] {10, 0, 0, 1});
        assertThat(Endpoint.of(named, 80).address().toString()).isEqualTo("/10.0.0.1");
    }

    @Test
    void anIpv4AddressInIpv6ClothesIsAnIpv4Address() throws Exception {
        byte[] octets = new byte[16];
        octets[10] = -1;
        octets[11] = -1;
        octets[12] = 10;
        octets[15] = 1;
        Endpoint mapped = Endpoint.of(Inet6Address.getByAddress(null, octets, -1), 80);
        assertThat(mapped).isEqualTo(Endpoint.parse("10.0.0.1:80")).hasToString("10.0.0.1:80");
    }

    /** Thousands of them are looked up in one table, and each pod may have labels of its own. */
    @Test
    void whatDiffersByLabelsOrNodeAloneHashesDifferently() {
        assertThat(Traits.NONE.labels(Map.of("pod", "a")).hashCode())
                .isNotEqualTo(Traits.NONE.labels(Map.of("pod", "b")).hashCode());
        assertThat(Traits.NONE.locality(new Locality("", "", "a")).hashCode())
                .isNotEqualTo(Traits.NONE.locality(new Locality("", "", "b")).hashCode());
    }

    @Test
    void weightsHaveBounds() {
        Endpoint endpoint = Endpoint.parse("10.0.0.1:80");
        assertThat(endpoint.withWeight(1_000_000).weight()).isEqualTo(1_000_000);
        assertThatThrownBy(() -> endpoint.withWeight(1_000_001)).hasMessageContaining("weight: 1000001");
    }

    @Test
    void blocksHoldTheirAddressesAndNoOthers() {
        assertThat(Cidr.parse("127.0.0.0/8").contains(Addresses.literal("127.255.0.1")))
                .isTrue();
        assertThat(Cidr.parse("127.0.0.0/8").contains(Addresses.literal("128.0.0.1")))
                .isFalse();
        assertThat(Cidr.parse("fd00::/9").contains(Addresses.literal("fd7f::1")))
                .isTrue();
        assertThat(Cidr.parse("fd00::/9").contains(Addresses.literal("fd80::1")))
                .isFalse();
        assertThat(Cidr.parse("0.0.0.0/0").contains(Addresses.literal("::1"))).isFalse();
        assertThat(Cidr.parse("10.0.0.1").contains(Addresses.literal("10.0.0.2")))
                .isFalse();
        assertThatThrownBy(() -> Cidr.parse("10.0.0.0/33")).hasMessageContaining("0 to 32");
    }

    @Test
    void aResolutionCannotBeEditedFromOutside() {
        List<Endpoint> list = new ArrayList<>(List.of(Endpoint.parse("10.0.0.1:80")));
        Resolution found = new Resolution.Found(list, Duration.ofSeconds(5), Evidence.NONE);
        list.clear();
        assertThat(found.endpoints()).hasSize(1);
        assertThatThrownBy(() -> new Resolution.Found(List.of(), Duration.ZERO, Evidence.NONE))
                .hasMessageContaining("expected: at least one");
    }

    @Test
    void unknownKeepsWhatWasFoundAndSaysThatItIsStale() {
        Resolution unknown =
                new Resolution.Unknown(List.of(Endpoint.parse("10.0.0.1:80")), Duration.ZERO, Evidence.NONE);
        assertThat(unknown.stale()).isTrue();
        assertThat(unknown.endpoints()).hasSize(1);
        assertThat(new Resolution.Empty(Duration.ZERO, Evidence.NONE).endpoints())
                .isEmpty();
    }
}
