package io.clusterset.discovery.testkit;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Closes what nobody can do anything about if it does not close. */
final class Quietly {

    private Quietly() {}

    static void close(@Nullable Closeable closeable) {
        if (closeable == null) {
            return;
        }
        try {
            closeable.close();
        } catch (IOException e) {
            // The system frees it with the process.
        }
    }
}
