package io.clusterset.discovery.kubernetes;

import java.io.IOException;
import java.util.Optional;

/** Finds one text in a document of which nothing else is wanted. */
final class Field {

    private Field() {}

    /** The text at the end of the path; empty if it isn't there, isn't a text, or the document isn't JSON. */
    static Optional<String> text(byte[] document, String... path) {
        try (Cursor in = new Cursor(document, new Words())) {
            return find(in, path, 0);
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    private static Optional<String> find(Cursor in, String[] path, int depth) throws IOException {
        if (depth == path.length) {
            return Optional.of(in.word()).filter(text -> !text.isEmpty());
        }
        Optional<String> found = Optional.empty();
        if (in.beginsObject()) {
            while (in.hasField()) {
                if (in.name().equals(path[depth])) {
                    found = find(in, path, depth + 1);
                } else {
                    in.skip();
                }
            }
        }
        return found;
    }
}
