package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One socket with one purpose, one deadline and one end. All methods run on the loop thread. */
abstract class Exchange extends Timers.Timer {

    private final IoLoop loop;
    private final Consumer<IOException> failed;
    private @Nullable SelectableChannel channel;
    private boolean done;

    Exchange(IoLoop loop, Consumer<IOException> failed) {
        this.loop = loop;
        this.failed = failed;
    }

    /** Opens the socket, registers it, starts. */
    abstract void open() throws IOException;

    /** The channel is ready for what it waits for. */
    abstract void progress(SelectionKey key) throws IOException;

    final void begin(long due) {
        if (done) {
            return; // abandoned before it began
        }
        if (loop.closed()) {
            fail(new IOException("closed"));
            return;
        }
        try {
            open();
        } catch (Throwable refused) {
            fail(asIo(refused));
            rethrowIfError(refused);
        }
        if (!done) {
            loop.timers.add(this, due);
        }
    }

    final void ready(SelectionKey key) {
        if (done) {
            key.cancel(); // its close failed; left registered it would be ready for ever
            return;
        }
        try {
            progress(key);
        } catch (Throwable broken) {
            fail(asIo(broken));
            rethrowIfError(broken);
        }
    }

    final void adopt(SelectableChannel opened) throws IOException {
        channel = opened;
        opened.configureBlocking(false);
    }

    final SelectionKey register(int interest) throws IOException {
        SelectableChannel open = channel;
        if (open == null) {
            throw new IOException("closed");
        }
        return open.register(loop.selector(), interest, this);
    }

    /** A buffer large enough for any datagram, shared by all exchanges of the loop: valid during one callback. */
    final java.nio.ByteBuffer scratch() {
        return loop.scratch;
    }

    final boolean done() {
        return done;
    }

    @Override
    final void fire() {
        fail(new SocketTimeoutException("timed out"));
    }

    final void abandon() {
        finish();
    }

    final void fail(IOException why) {
        if (finish()) {
            failed.accept(why);
        }
    }

    /** Ends it; false if it had ended before. */
    final boolean finish() {
        if (done) {
            return false;
        }
        done = true;
        loop.timers.remove(this);
        SelectableChannel open = channel;
        if (open != null) {
            try {
                open.close();
            } catch (Throwable broken) {
                return true; // even by a JDK that can close no more: whoever waits must be told
            }
        }
        return true;
    }

    private static void rethrowIfError(Throwable thrown) {
        if (thrown instanceof Error error) {
            throw error; // to the failure handler
        }
    }

    private static IOException asIo(Throwable thrown) {
        return thrown instanceof IOException io ? io : new IOException(thrown);
    }
}
