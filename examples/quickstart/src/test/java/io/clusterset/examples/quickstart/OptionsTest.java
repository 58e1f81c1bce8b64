package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutOptionsItRunsThirtySecondsForAPerson() {
        assertThat(Options.parse()).isEqualTo(new Options(30, false, false));
    }

    @Test
    void secondsAndJsonAreRead() {
        assertThat(Options.parse("--seconds", "20", "--json")).isEqualTo(new Options(20, true, false));
        assertThat(Options.parse("--seconds=8")).isEqualTo(new Options(8, false, false));
    }

    @Test
    void badOptionsAreNamedWithWhatWasExpected() {
        refused("--secs: no such option (expected: --seconds N, --json or --help)", "--secs", "9");
        refused("--seconds: nothing (expected: 8 to 600)", "--seconds");
        refused("--seconds: 7 (expected: 8 to 600)", "--seconds", "7");
        refused("--seconds: 99999999999 (expected: 8 to 600)", "--seconds=99999999999");
    }

    private static void refused(String text, String... args) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(args))
                .withMessage(text);
    }
}
