package io.clusterset.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnitsTest {

    @Test
    void linesAreAsLongAsTheyMayBeAndNoWordIsLost() {
        assertThat(Units.lines("one two three", 7)).isEqualTo("one two\nthree");
        assertThat(Units.lines("one two three", 6)).isEqualTo("one\ntwo\nthree");
        assertThat(Units.lines("a verylongword b", 4)).isEqualTo("a\nverylongword\nb");
        assertThat(Units.lines("one two three", Integer.MAX_VALUE)).isEqualTo("one two three");
    }
}
