package io.clusterset.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import io.clusterset.discovery.model.Text;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * Goes through a JSON document once, forward. What is absent and what is null are the same: empty. A value of another kind than
 * wanted is passed over, read as empty, and noted as {@link #trouble}, so that one object that makes no sense leaves its
 * neighbours readable; only what is not JSON at all is an exception.
 *
 * <p>Each read begins at a value and ends behind it.
 */
final class Cursor implements Closeable {

    /** RFC 1123 names, and then some: label values have 63, resource versions 20. */
    private static final int LONGEST_WORD = 253;

    /** etcd takes 1.5 MiB an object. */
    private static final int LONGEST_STRING = 2 * 1024 * 1024;

    /** What we read is 6 deep; a schema among the annotations is a string. */
    private static final int DEEPEST = 64;

    private static final int LONGEST_NUMBER = 10;

    /** Keeps no thread-local buffers in the application's threads, and interns nothing for ever. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEEPEST)
                    .maxStringLength(LONGEST_STRING)
                    .build())
            .recyclerPool(JsonRecyclerPools.newBoundedPool(4))
            .build();

    private final JsonParser parser;
    private final Words words;
    private String trouble = "";

    /** Before the document's one value. */
    Cursor(byte[] document, Words words) throws IOException {
        this.parser = FACTORY.createParser(document);
        this.words = words;
        parser.nextToken();
    }

    /** Why the exception came, in a sentence. */
    static IOException broken(String what, JsonProcessingException reason) {
        long at = Optional.ofNullable(reason.getLocation())
                .map(location -> location.getByteOffset())
                .orElse(-1L);
        return new IOException(
                what + ": " + Text.safe(reason.getOriginalMessage()) + " at byte " + at + " (expected: JSON)", reason);
    }

    /** What made no sense since {@link #begin}; empty if nothing. */
    String trouble() {
        return trouble;
    }

    /** Forgets earlier trouble. */
    void begin() {
        trouble = "";
    }

    /** Notes that what was read makes no sense. */
    void note(String what) {
        if (trouble.isEmpty()) {
            trouble = what;
        }
    }

    /** Goes into an object, whose fields {@link #hasField} finds; false, and past it, if it is something else. */
    boolean beginsObject() throws IOException {
        return parser.currentToken() == JsonToken.START_OBJECT || otherThan("an object");
    }

    /** Goes to the next field's value; false behind the object. */
    boolean hasField() throws IOException {
        if (parser.nextToken() != JsonToken.FIELD_NAME) {
            return false;
        }
        parser.nextToken();
        return true;
    }

    /** The name of the field whose value this is. */
    String name() throws IOException {
        String name = parser.currentName();
        return name == null ? "" : name;
    }

    /** Goes into a list, whose elements {@link #hasElement} finds; false, and past it, if it is something else. */
    boolean beginsList() throws IOException {
        return parser.currentToken() == JsonToken.START_ARRAY || otherThan("a list");
    }

    /** Goes to the next element; false behind the list. */
    boolean hasElement() throws IOException {
        return parser.nextToken() != JsonToken.END_ARRAY;
    }

    /** Passes over the value. */
    void skip() throws IOException {
        parser.skipChildren();
    }

    /** Whether the value is null. */
    boolean isNull() {
        return parser.currentToken() == JsonToken.VALUE_NULL;
    }

    /** A word that others may have, too. */
    String word() throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            otherThan("a string");
            return "";
        }
        int length = parser.getTextLength();
        if (length > LONGEST_WORD) {
            note(path() + ": " + length + " characters (expected: at most " + LONGEST_WORD + ")");
            return "";
        }
        return words.of(parser.getTextCharacters(), parser.getTextOffset(), length);
    }

    /** A text that comes once; one that is longer than so many characters makes no sense. */
    String text(int most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            otherThan("a string");
            return "";
        }
        int length = parser.getTextLength();
        if (length > most) {
            note(path() + ": " + length + " characters (expected: at most " + most + ")");
            return "";
        }
        return parser.getText();
    }

    /** A sentence, its end cut off where it is too long. */
    String sentence(int most) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            otherThan("a string");
            return "";
        }
        return new String(parser.getTextCharacters(), parser.getTextOffset(), Math.min(most, parser.getTextLength()));
    }

    /** A whole number; 0 if there is none. */
    int number() throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT && parser.getTextLength() <= LONGEST_NUMBER) {
            long number = parser.getLongValue();
            if (number == (int) number) {
                return (int) number;
            }
        }
        otherThan("a whole number");
        return 0;
    }

    /** True, false, or nothing said. */
    Optional<Boolean> flag() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
            return Optional.of(token == JsonToken.VALUE_TRUE);
        }
        otherThan("true or false");
        return Optional.empty();
    }

    /** Makes sure that nothing is left but white space. */
    void end(String what) throws IOException {
        if (parser.nextToken() != null) {
            throw new IOException(what + ": more after the end (expected: one JSON document)");
        }
    }

    private boolean otherThan(String wanted) throws IOException {
        if (!isNull()) {
            note(path() + ": " + kind() + " (expected: " + wanted + ")");
        }
        parser.skipChildren();
        return false;
    }

    private String path() {
        String path = parser.getParsingContext().pathAsPointer().toString();
        return path.isEmpty() ? "the document" : Text.safe(path.substring(1));
    }

    private String kind() {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "another number";
            default -> "a boolean";
        };
    }

    @Override
    public void close() throws IOException {
        parser.close();
    }
}
