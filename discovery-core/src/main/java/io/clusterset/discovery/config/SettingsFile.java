package io.clusterset.discovery.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** A properties file: UTF-8, at most 1 MiB. */
final class SettingsFile {

    private static final int MOST_BYTES = 1 << 20;

    private SettingsFile() {}

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException if it is none that can be read, or larger; the text names it
     */
    static String read(Path file) {
        if (!Files.exists(file)) {
            throw new IllegalArgumentException(file + ": cannot be read: there is none (expected: a properties file)");
        }
        if (!Files.isRegularFile(file)) { // a pipe would block, a device might never end
            throw new IllegalArgumentException(file + ": cannot be read: it is no file (expected: a properties file)");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return read(in, file.toString());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + ": cannot be read: " + unreadable + " (expected: a properties file)", unreadable);
        }
    }

    static String read(InputStream in, String origin) throws IOException {
        byte[] bytes = in.readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new IllegalArgumentException(origin + ": larger than 1 MiB (expected: a properties file)");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * What a text says, by key.
     *
     * @throws IllegalArgumentException if it is malformed; the text names the origin
     */
    static Map<String, String> parse(String text, String origin) {
        Properties read = new Properties();
        try {
            read.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    origin + ": cannot be read: " + malformed.getMessage() + " (expected: a properties file)",
                    malformed);
        }
        Map<String, String> properties = new TreeMap<>();
        read.stringPropertyNames().forEach(key -> properties.put(key, read.getProperty(key, "")));
        return properties;
    }
}
