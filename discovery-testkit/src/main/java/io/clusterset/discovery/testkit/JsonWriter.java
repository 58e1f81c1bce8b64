package io.clusterset.discovery.testkit;

import java.util.Locale;
import java.util.Map;

/** Writes JSON without spaces. */
final class JsonWriter {

    private final StringBuilder text = new StringBuilder();

    private JsonWriter() {}

    static String text(Json value) {
        JsonWriter writer = new JsonWriter();
        writer.write(value);
        return writer.text.toString();
    }

    static String word(Json.Word word) {
        return word.name().toLowerCase(Locale.ROOT);
    }

    private void write(Json value) {
        if (value instanceof Json.Obj object) {
            write(object);
        } else if (value instanceof Json.Arr array) {
            write(array);
        } else if (value instanceof Json.Str string) {
            write(string.value());
        } else {
            text.append(value);
        }
    }

    private void write(Json.Obj object) {
        char before = '{';
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
            text.append(before);
            write(member.getKey());
            text.append(':');
            write(member.getValue());
            before = ',';
        }
        text.append(object.members().isEmpty() ? "{}" : "}");
    }

    private void write(Json.Arr array) {
        char before = '[';
        for (Json item : array.items()) {
            text.append(before);
            write(item);
            before = ',';
        }
        text.append(array.items().isEmpty() ? "[]" : "]");
    }

    private void write(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (c == '\n') {
                text.append("\\n");
            } else if (c < 0x20 || Character.isSurrogate(c)) {
                text.append(String.format(Locale.ROOT, "\\u%04x", (int) c)); // a lone surrogate has no bytes of its own
            } else {
                text.append(c);
            }
        }
        text.append('"');
    }
}
