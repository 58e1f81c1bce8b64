package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptionsTest {

    @Test
    void withoutOptionsItRunsThirtySecondsForAPerson() {
        assertThat(Options.parse()).isEqualTo(new Options(30, false, false, 8421, false));
    }

    @Test
    void secondsAndJsonAreRead() {
        assertThat(Options.parse("--seconds", "20", "--json")).isEqualTo(new Options(20, true, false, 8421, false));
        assertThat(Options.parse("--seconds=8")).isEqualTo(new Options(8, false, false, 8421, false));
    }

    @Test
    void badOptionsAreNamedWithWhatWasExpected() {
        refused("--secs: no such option (expected: --seconds N, --json, --ui, --port N or --help)", "--secs", "9");
        refused("--seconds: nothing (expected: 8 to 600)", "--seconds");
        refused("--seconds: 7 (expected: 8 to 600)", "--seconds", "7");
        refused("--seconds: 99999999999 (expected: 8 to 600)", "--seconds=99999999999");
    }

    @Test
    void thePageHasItsTimeAndItsPort() {
        assertThat(Options.parse("--ui")).isEqualTo(new Options(60, false, true, 8421, false));
        assertThat(Options.parse("--ui", "--port", "0", "--seconds", "8"))
                .isEqualTo(new Options(8, false, true, 0, false));
        refused("--port: 65536 (expected: 0 to 65535)", "--ui", "--port=65536");
        refused("--port: nothing (expected: 0 to 65535)", "--ui", "--port");
        refused("--port: 80 (expected: --ui beside it)", "--port", "80");
        refused("--json: with --ui there is no end to report of (expected: one of them)", "--ui", "--json");
    }

    private static void refused(String text, String... args) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(args))
                .withMessage(text);
    }
}
