package io.clusterset.discovery.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoliciesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "any",
                "hints",
                "prefer-near",
                "prefer-node",
                "ladder:kubernetes.io/hostname,topology.kubernetes.io/zone,*",
                "clusters:west,east",
                "clusters:west,east+prefer-near",
                "hints+ladder:track,*+prefer-node",
            })
    void whatIsReadIsShownTheSame(String text) {
        assertThat(Topology.parse(text)).hasToString(text);
    }

    @Test
    void blanksAroundNamesAreNoMatter() {
        assertThat(Topology.parse(" clusters:west , east + prefer-near "))
                .hasToString("clusters:west,east+prefer-near");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'' | '' (expected: any, hints, prefer-near, prefer-node, ladder:KEY,KEY,* or clusters:ID,ID,",
                "near | 'near' (expected: any, ",
                "Hints | 'Hints' (expected: any, ",
                "hints+ | '' (expected: any, ",
                "hints:a | 'hints:a' (expected: any, ",
                "ladder | 'ladder' (expected: any, ",
                "ladder: | ladder: '' (expected: a label key, or * as the last)",
                "ladder:a,*,b | ladder: '*' (expected: a label key, or * as the last)",
                "ladder:a,a | ladder: 'a' given twice (expected: once)",
                "clusters: | clusters: '' (expected: 1 to 253 letters, digits or signs, no blanks)",
                "clusters:a,,b | clusters: '' (expected: ",
                "clusters:a,a | clusters: 'a' given twice (expected: once)",
                "clusters:a b | clusters: 'a b' (expected: ",
            })
    void whatCannotBeReadIsNamed(String text, String message) {
        assertThatThrownBy(() -> Topology.parse(text.equals("''") ? "" : text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message.strip());
    }

    @Test
    void aListOfNoClustersIsNone() {
        assertThatThrownBy(Topology::clusters).hasMessage("clusters: none (expected: at least one)");
    }
}
