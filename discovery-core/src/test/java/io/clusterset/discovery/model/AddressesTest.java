package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @ParameterizedTest
    @CsvSource({
        "10.96.0.10, 10.96.0.10, 53",
        "10.96.0.10:5353, 10.96.0.10, 5353",
        "fd00::10, fd00::10, 53",
        "FD00:0:0::10, fd00::10, 53",
        "[fd00::10], fd00::10, 53",
        "[fd00::10]:5353, fd00::10, 5353",
        "fd00::10:5353, fd00::10:5353, 53",
        "::1, ::1, 53",
        "::ffff:10.0.0.1, 10.0.0.1, 53"
    })
    void aNameserverIsAskedAtPort53UnlessItSaysAnother(String text, String address, int port) {
        InetSocketAddress read = Addresses.nameserver(text);
        assertThat(Addresses.literal(read.getAddress())).isEqualTo(address);
        assertThat(read.getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "::1::2",
                "[]",
                "[fd00::10",
                "fd00::10]",
                "[10.0.0.1]",
                "[10.0.0.1]:53",
                "10.0.0.1:",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "10.0.0.1:dns",
                "10.0.0",
                "10.0.0.256",
                "10.0.0.01",
                "10.0.0.00",
                "010.0.0.1",
                "10.0.0.",
                ".10.0.0",
                "10..0.1",
                "10.0.0.1.",
                "10.0.0.1.2",
                "10.0.0.-1",
                "10.0.0.4294967297",
                "10.0.0.\u0661",
                ".:1",
                "ns.example",
                "ns.example:53",
                "10.0.0.1 ",
                "fe80::1%",
                "fe80::1%no such"
            })
    void anythingElseIsRefusedWithTheValueAndWhatWasExpected(String text) {
        assertThatThrownBy(() -> Addresses.nameserver(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "10.200.30.4", "192.168.0.100"})
    void fourNumbersAreAnAddress(String text) {
        assertThat(Addresses.literal(Addresses.literal(text))).isEqualTo(text);
    }

    @Test
    void aScopeIsKept() {
        InetSocketAddress scoped = Addresses.nameserver("fe80::1%1");
        assertThat(((Inet6Address) scoped.getAddress()).getScopeId()).isOne();
        assertThat(Addresses.parse("[fe80::1%1]:53")).isEqualTo(scoped);
    }
}
