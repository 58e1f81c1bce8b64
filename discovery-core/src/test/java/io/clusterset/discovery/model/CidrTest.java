package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {

    @ParameterizedTest
    @CsvSource({
        "10.1.2.3/16, 10.1.0.0/16",
        "10.1.2.3/32, 10.1.2.3/32",
        "10.1.2.3, 10.1.2.3/32",
        "10.1.2.3/0, 0.0.0.0/0",
        "10.255.0.0/9, 10.128.0.0/9",
        "fd00:1:2::3/33, fd00:1::/33",
        "fd00::1, fd00::1/128",
    })
    void anAddressOfTheBlockStandsForIt(String written, String shown) {
        assertThat(Cidr.parse(written)).hasToString(shown).isEqualTo(Cidr.parse(shown));
    }

    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.128.0.0/9, 10.127.255.255, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "0.0.0.0/0, fd00::1, false",
        "fd00::/8, fdff::1, true",
        "fd00::1, fd00::2, false",
    })
    void containsItsAddressesAndNoOthers(String block, String address, boolean contains) {
        assertThat(Cidr.parse(block).contains(Addresses.literal(address))).isEqualTo(contains);
    }

    @Test
    void aPrefixIsNoLongerThanItsAddress() {
        assertThatThrownBy(() -> Cidr.parse("10.0.0.0/33")).hasMessage("'10.0.0.0/33': prefix: 33 (expected: 0 to 32)");
        assertThatThrownBy(() -> Cidr.parse("fd00::/129")).hasMessage("'fd00::/129': prefix: 129 (expected: 0 to 128)");
        assertThatThrownBy(() -> Cidr.parse("10.0.0.0/-1")).hasMessageContaining("prefix '-1'");
    }
}
