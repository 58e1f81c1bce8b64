package io.clusterset.discovery.page;

import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

/** A text that is made anew for each look. Not thread-safe. */
final class TextLook implements Look {

    private static final String PART = "text";

    private final Supplier<String> text;

    TextLook(Supplier<String> text) {
        this.text = text;
    }

    @Override
    public Parts look() {
        return new Parts(Map.of(PART, text.get()));
    }

    /** No clock's: a text says by itself when it is of. */
    @Override
    public long now() {
        return 0;
    }

    /** The text that was seen. */
    static String text(Parts seen) {
        return Objects.requireNonNull(seen.all().get(PART), PART);
    }
}
