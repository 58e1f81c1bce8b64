package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read the same by somebody else's reader. */
class FieldsTest {

    @Test
    void everyKindOfFieldIsReadAsItWasWritten() throws IOException {
        String json = new Fields()
                .text("text", "a\"b\\c")
                .known("empty", "")
                .texts("texts", List.of("x", "<y>"))
                .number("number", -12)
                .decimal("third", 100 / 3.0)
                .decimal("half", 0.5)
                .decimal("ten", 10.001)
                .truth("yes", true)
                .truth("no", false)
                .json("inner", new Fields().end())
                .end();

        assertThat(json)
                .isEqualTo("{\"text\":\"a\\\"b\\\\c\",\"texts\":[\"x\",\"\\u003cy\\u003e\"],\"number\":-12,"
                        + "\"third\":33.33,\"half\":0.5,\"ten\":10,\"yes\":true,\"inner\":{}}");
        assertThat(JSON.std.mapFrom(json)).containsEntry("texts", List.of("x", "<y>"));
    }

    @Test
    void anyTextSurvivesInValuesAndInNames() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            String text = random.ints(20, 0, 0x3000)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            String json = new Fields().text("k" + text, text).end();

            assertThat(json).isASCII().doesNotContain("\n", "<");
            assertThat(JSON.std.mapFrom(json)).containsEntry("k" + text, text);
        }
    }
}
