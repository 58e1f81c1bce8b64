package io.clusterset.examples.cli;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/** Whoever reads what a command prints while it runs: waits for lines, and may go away, as {@code head} does. Thread-safe. */
final class LineReader extends Writer {

    private static final long PATIENCE_MILLIS = 30_000;

    private final StringBuilder text = new StringBuilder(); // guarded by this
    private final Predicate<String> enough;
    private boolean gone; // guarded by this

    /** Goes away after the first such line. */
    LineReader(Predicate<String> enough) {
        this.enough = enough;
    }

    @Override
    public synchronized void write(char[] characters, int from, int count) throws IOException {
        flush();
        text.append(characters, from, count);
        gone = lines().stream().anyMatch(enough);
        notifyAll();
    }

    @Override
    public synchronized void flush() throws IOException {
        if (gone) {
            throw new IOException("broken pipe");
        }
    }

    @Override
    public void close() {}

    /** The lines so far that are whole. */
    synchronized List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(text.toString().split("\n", -1)));
        lines.remove(lines.size() - 1);
        return lines;
    }

    /** Waits for a line. */
    @SuppressWarnings("WaitNotInLoop") // it is
    synchronized String await(Predicate<String> wanted) throws InterruptedException, TimeoutException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (true) {
            for (String line : lines()) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            long left = end - System.currentTimeMillis();
            if (left <= 0) {
                throw new TimeoutException("not among " + lines());
            }
            wait(left);
        }
    }
}
