package io.clusterset.discovery.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceNameTest {

    @Test
    void labelsAreFoldedToLowerCase() {
        assertThat(ServiceName.of("Orders", "SHOP")).hasToString("orders.shop");
        assertThat(ServiceName.of("orders", "shop").withPort(Port.named("HTTP")))
                .hasToString("orders.shop:http");
        assertThat(ServiceName.of("orders", "shop").withPort(Port.of(80))).hasToString("orders.shop:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a_b", "a b", "a\u0000b", "ä", "a.b", "a\r\nb"})
    void malformedLabelsAreRefusedAndNamed(String label) {
        assertThatThrownBy(() -> ServiceName.of(label, "shop"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Text.quote(label))
                .hasMessageContaining("expected");
    }

    @Test
    void labelsHoldSixtyThreeCharactersAndNamesTwoHundredFiftyThree() {
        assertThat(ServiceName.label("a".repeat(63))).hasSize(63);
        assertThatThrownBy(() -> ServiceName.label("a".repeat(64))).hasMessageContaining("at most 63");
        String longest = ("a".repeat(62) + ".").repeat(4) + "b";
        assertThat(ServiceName.name(longest)).hasSize(253);
        assertThatThrownBy(() -> ServiceName.name(longest + "b")).hasMessageContaining("at most 253");
    }

    @ParameterizedTest
    @CsvSource({"0", "65536", "99999999999", "-1", "''", "a--", "-a", "abcdefghijklmnop"})
    void portsOutOfRangeAreRefused(String port) {
        assertThatThrownBy(() -> Port.parse(port))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: ");
    }

    @Test
    void portsAreNumbersOrNames() {
        assertThat(Port.parse("65535")).isEqualTo(Port.of(65535));
        assertThat(Port.parse("http2")).isEqualTo(Port.named("http2"));
        assertThat(((Port.Named) Port.parse("grpc")).labels()).isEqualTo("_grpc._tcp");
    }

    @Test
    void textFromOutsideCannotForgeALine() {
        assertThat(Text.safe("a\r\nERROR b\u001b[31m\\")).isEqualTo("a\\u000d\\u000aERROR b\\u001b[31m\\u005c");
        assertThat(Text.safe("x".repeat(500))).hasSize(254);
    }
}
