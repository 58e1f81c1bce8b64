package io.clusterset.discovery.faults;

import io.clusterset.discovery.time.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A JVM of its own that runs {@link Restarted}, and what it has said so far. */
final class ChildProcess implements AutoCloseable {

    private final Process process;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Ticker ticker = Ticker.system();

    private ChildProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "child-output");
        reader.setDaemon(true);
        reader.start();
    }

    static ChildProcess start(String... arguments) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx128m",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Restarted.class.getName());
        builder.command().addAll(List.of(arguments));
        return new ChildProcess(builder.redirectErrorStream(true).start());
    }

    private void read() {
        try (BufferedReader in = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                lines.add(line);
            }
        } catch (IOException failed) {
            lines.add("ended: " + failed.getMessage());
        } finally {
            ended.countDown();
        }
    }

    /** Waits for a line. */
    String await(Predicate<String> wanted, Duration within) throws InterruptedException {
        for (long ends = ticker.nanos() + within.toNanos(); ticker.nanos() - ends < 0; ) {
            for (String line : lines) {
                if (wanted.test(line)) {
                    return line;
                }
            }
            if (ended.await(2, TimeUnit.MILLISECONDS) && lines.stream().noneMatch(wanted)) {
                throw new AssertionError("it has ended: " + tail());
            }
        }
        throw new AssertionError("not said within " + within + ": " + tail());
    }

    /** What it says from now on. */
    void forget() {
        lines.clear();
    }

    /** The status last said. */
    String status() throws InterruptedException {
        await(line -> line.startsWith("calls "), Duration.ofSeconds(20));
        return lines.stream()
                .filter(line -> line.startsWith("calls "))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    List<String> tail() {
        List<String> all = List.copyOf(lines);
        return all.subList(Math.max(0, all.size() - 20), all.size());
    }

    /** As {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("still running: " + process);
        }
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException(interrupted));
        }
    }
}
