package io.clusterset.examples.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C as the usual end of a command: it is told, has a moment to finish, and the process ends with the status that the
 * command came to, in place of the signal's.
 */
final class Interrupt implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 3;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook;
    private volatile int status = Complaints.NONE_FOUND;

    /** Does this on Ctrl-C. */
    Interrupt(Runnable toldToEnd) {
        hook = new Thread(() -> {
            toldToEnd.run();
            try {
                over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(status);
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** The command came to this. */
    int ended(int came) {
        status = came;
        return came;
    }

    /** Everything is done; from now on Ctrl-C is what it always is. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            over.countDown(); // the hook has the last word
        }
    }
}
