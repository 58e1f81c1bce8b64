package io.clusterset.discovery.kubernetes;

import java.io.IOException;

/** An object being read, field by field, in whatever order they come. */
interface Draft<T> {

    /** Reads, or passes over, the value of a field other than {@code metadata}. */
    void field(String name, Cursor in) throws IOException;

    /** What has come of it. */
    T done(Metadata metadata);

    /** The name of what it belongs to. */
    default String key(Metadata metadata) {
        return metadata.name();
    }
}
