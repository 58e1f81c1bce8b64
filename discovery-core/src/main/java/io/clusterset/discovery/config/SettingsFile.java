package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A properties file: UTF-8, at most 1 MiB. */
final class SettingsFile {

    private static final int MOST_BYTES = 1 << 20;
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private SettingsFile() {}

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException if it is none that can be read, or larger; the text names it
     */
    static String read(Path file) {
        String origin = Text.path(file);
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(
                    origin + ": cannot be read: there is none (expected: a properties file)");
        }
        if (!Files.isRegularFile(file)) { // a pipe would block, a device might never end
            throw new IllegalArgumentException(
                    origin + ": cannot be read: it is no file (expected: a properties file)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, origin);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    origin + ": cannot be read: " + Text.safe(unreadable.toString()) + " (expected: a properties file)",
                    unreadable);
        }
    }

    static String read(InputStream in, String origin) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(origin + ": larger than 1 MiB (expected: a properties file)");
        }
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text; // Windows' Notepad puts one there
    }

    /**
     * What a text says, by key.
     *
     * @throws IllegalArgumentException if it is malformed or says two things of one key; the text names the origin
     */
    static Map<String, String> parse(String text, String origin) {
        Map<String, String> properties = new TreeMap<>();
        try {
            new Each((key, value) -> {
                        String before = properties.put(key, value);
                        if (before != null && !before.equals(value)) {
                            throw new Twice(Text.safe(key) + ": " + Text.quote(before) + " and " + Text.quote(value)
                                    + " from " + origin + " (expected: said once)");
                        }
                    })
                    .load(new StringReader(text));
        } catch (Twice refused) {
            throw new IllegalArgumentException(refused.getMessage(), refused);
        } catch (IOException | IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    origin + ": cannot be read: " + malformed.getMessage() + " (expected: a properties file)",
                    malformed);
        }
        return properties;
    }

    /** Hands out what is read, which the class that reads would keep the last of. */
    private static final class Each extends Properties {
        private static final long serialVersionUID = 1;
        private final transient BiConsumer<String, String> one;

        Each(BiConsumer<String, String> one) {
            this.one = one;
        }

        @Override
        public synchronized @Nullable Object put(Object key, Object value) {
            one.accept(String.valueOf(key), String.valueOf(value));
            return super.put(key, value);
        }
    }

    /** A key that has two values. */
    private static final class Twice extends RuntimeException {
        private static final long serialVersionUID = 1;

        Twice(String text) {
            super(text);
        }
    }
}
