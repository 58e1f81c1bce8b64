package io.clusterset.discovery.spring.http;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.StreamingHttpOutputMessage.Body;

/** A request's body, and what became of it. Clients write it on a thread of theirs. */
final class Upload implements Body {

    private static final int DEEPEST = 16;

    private final Body body;
    private final boolean repeatable;
    private volatile boolean begun;
    private volatile @Nullable Throwable own;

    Upload(Body body, boolean repeatable) {
        this.body = body;
        this.repeatable = repeatable;
    }

    @Override
    public boolean repeatable() {
        return repeatable;
    }

    /** Whether it can be written from its beginning. */
    boolean isWhole() {
        return repeatable || !begun;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        begun = true;
        Wire wire = new Wire(out);
        try {
            body.writeTo(wire);
        } catch (IOException | RuntimeException | Error thrown) {
            if (!wire.broken) {
                own = thrown;
            }
            throw thrown;
        }
    }

    /** Whether an exception is the body's, which says nothing of an endpoint. */
    boolean threw(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            if (at == own) {
                return true;
            }
        }
        return false;
    }

    /** Knows whether it was the connection that broke. */
    private static final class Wire extends FilterOutputStream {
        private boolean broken;

        Wire(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int octet) throws IOException {
            noting(() -> out.write(octet));
        }

        @Override
        public void write(byte[] octets, int from, int count) throws IOException {
            noting(() -> out.write(octets, from, count));
        }

        @Override
        public void flush() throws IOException {
            noting(out::flush);
        }

        @Override
        public void close() throws IOException {
            noting(out::close);
        }

        private void noting(Write write) throws IOException {
            boolean done = false;
            try {
                write.run();
                done = true;
            } finally {
                broken |= !done;
            }
        }
    }

    private interface Write {
        void run() throws IOException;
    }
}
