package io.clusterset.discovery.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that somebody else wrote, as far as it can be read. Immutable.
 *
 * @param isThere whether it is a file; a directory, a pipe or a device is none
 * @param text the whole lines within the first 64 KiB
 * @param trouble why there is no text; empty if it could be read
 */
record SmallFile(boolean isThere, String text, String trouble) {

    private static final int MOST_BYTES = 64 * 1024;

    /** Reads it, whatever it is; fails at nothing and waits for nobody. */
    static SmallFile read(Path path) {
        if (!Files.isRegularFile(path)) { // a pipe would block, a device might never end
            return new SmallFile(false, "", Files.exists(path) ? "not a file" : "not there");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            String text = new String(bytes, StandardCharsets.ISO_8859_1); // comments may be in any encoding
            boolean all = bytes.length <= MOST_BYTES;
            return new SmallFile(true, all ? text : text.substring(0, text.lastIndexOf('\n') + 1), "");
        } catch (IOException | RuntimeException unreadable) {
            return new SmallFile(
                    true, "", "unreadable: " + unreadable.getClass().getSimpleName());
        }
    }
}
