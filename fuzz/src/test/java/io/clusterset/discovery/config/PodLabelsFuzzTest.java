package io.clusterset.discovery.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any file at all: what is read as a label is one line of it, and nothing is thrown. */
class PodLabelsFuzzTest {

    @FuzzTest
    void anyTextIsReadAsFarAsItGoes(byte[] content) {
        String text = new String(content, StandardCharsets.ISO_8859_1);
        PodLabels.parse(text).forEach((key, value) -> {
            must(!key.isEmpty() && key.length() <= 317, "a key that is none");
            must(value.matches("[-A-Za-z0-9_.]{1,63}"), "a value that is none");
            must(text.contains(key + "=\"" + value + "\""), "a label that isn't there");
        });
    }

    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }
}
