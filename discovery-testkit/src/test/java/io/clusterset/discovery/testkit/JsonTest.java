package io.clusterset.discovery.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is JSON, and what is written of it. */
class JsonTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "[[],{},\"\"]",
                "{\"b\":1,\"a\":[true,false,null]}",
                "-0.5e+10",
                "12345678901234567890123456789",
                "\"grüße \\\"\\\\ \\n \\u0001 \\ud83d\\ude00 \\ud800\"",
            })
    void whatIsReadIsWrittenAgain(String text) {
        assertThat(Json.parse(text)).hasToString(text);
    }

    @Test
    void spacesAndEscapesAreRead() {
        assertThat(Json.parse(" { \"a\" :\t[ 1 ,\r\n2 ] } ")).hasToString("{\"a\":[1,2]}");
        assertThat(Json.parse("\"\\/\\b\\f\\r\\t\\u00E9\\\"\"")).isEqualTo(new Json.Str("/\b\f\r\té\""));
        assertThat(Json.parse("\"\\u0041\\n\"")).hasToString("\"A\\n\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | JSON at 0: the end (expected: a value)",
                "`{` | JSON at 1: the end (expected: a name)",
                "`{\"a\" 1}` | JSON at 5: 1} (expected: ':')",
                "`{\"a\":1 \"b\":2}` | JSON at 7: \"b\":2} (expected: ',' or '}')",
                "`{\"a\":1,}` | JSON at 7: } (expected: a name)",
                "`{\"a\":1,\"a\":2}` | JSON at 7: \"a\":2} (expected: each name once)",
                "`[1,]` | JSON at 3: ] (expected: a value)",
                "`[1;2]` | JSON at 2: ;2] (expected: ',' or ']')",
                "`[1` | JSON at 2: the end (expected: ',' or ']')",
                "`01` | JSON at 1: 1 (expected: the end)",
                "`-` | JSON at 0: - (expected: a number)",
                "`1.` | JSON at 1: . (expected: the end)",
                "`nul` | JSON at 0: nul (expected: true, false or null)",
                "`True` | JSON at 0: True (expected: a value)",
                "`\"a` | JSON at 2: the end (expected: '\"')",
                "`\"a\tb\"` | `JSON at 2: \tb\" (expected: an escape)`",
                "`\"\\x\"` | JSON at 2: x\" (expected: an escape of JSON)",
                "`\"\\u12g4\"` | JSON at 2: u12g4\" (expected: an escape of JSON)",
                "`\"\\` | JSON at 2: the end (expected: an escape of JSON)",
                "`{} {}` | JSON at 3: {} (expected: the end)",
            })
    void whatIsNotJsonIsRefusedWithItsPlace(String text, String message) {
        assertThatThrownBy(() -> Json.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void depthIsBounded() {
        assertThat(Json.parse("[".repeat(64) + "]".repeat(64))).isInstanceOf(Json.Arr.class);
        assertThatThrownBy(() -> Json.parse("[".repeat(100_000)))
                .hasMessageStartingWith("JSON at 64: [[[")
                .hasMessageEndingWith("... (expected: at most 64 levels)");
        assertThat(Json.parse("[" + "[],".repeat(100) + "[]]")).isInstanceOf(Json.Arr.class);
    }
}
