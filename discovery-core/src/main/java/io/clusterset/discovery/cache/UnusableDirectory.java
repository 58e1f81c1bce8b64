package io.clusterset.discovery.cache;

import java.io.IOException;

/** Why there is no directory for files. */
final class UnusableDirectory extends IOException {

    private static final long serialVersionUID = 1;
    private static final String EXPECTED =
            "; expected of discovery.cache.snapshot-directory: a directory, or one whose parent is there";

    private final String why;

    UnusableDirectory(String why, IOException cause) {
        super(why, cause);
        this.why = why + EXPECTED;
    }

    String why() {
        return why;
    }
}
