package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Brings back after a restart what caching sources knew before it, and writes down what they know: 2 s after the first
 * endpoints are found, then at most every 30 s if what is known has changed and every 5 min if it was only found again, and when closed.
 *
 * <p>Thread-safe; only {@link #close} waits. State lives on the serial executor, files are touched on the background executor only. Nothing is thrown; what fails is told
 * once until it works again.
 */
public final class WarmStart implements AutoCloseable {

    private static final Duration FIRST_WRITE = Duration.ofSeconds(2);
    private static final Duration WRITES_APART = Duration.ofSeconds(30);
    private static final Duration CONFIRMED_APART = Duration.ofMinutes(5);
    private static final Duration LOADED_SOON = Duration.ofMillis(100); // then the sources are asked meanwhile
    private static final Duration LOADED_WITHIN = Duration.ofMillis(400); // then silence counts as silence
    private static final Duration CLOSED_WITHIN = Duration.ofMillis(500);
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);

    private final SnapshotFolder folder;
    private final Supplier<List<String>> cluster;
    private final Predicate<InetAddress> allowed;
    private final InstantSource wall;
    private final Ticker ticker;
    private final Executor serial;
    private final Executor background;
    private final EventSink sink;
    private final Alarm write;
    private final Alarm patience;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicBoolean failing = new AtomicBoolean();

    /** Used on the serial executor, as are all below. */
    private Map<String, CachingSource> sources = Map.of();

    private Optional<List<Remembered>> found = Optional.empty(); // until it is handed over
    private Optional<Long> writtenAt = Optional.empty();
    private Optional<List<String>> writtenFor = Optional.empty();
    private Optional<Long> movedAt = Optional.empty(); // when these were first seen to be others

    private boolean news; // since then
    private boolean writing;
    private Runnable atEnd = () -> {}; // of the write that is going on, once closed

    /**
     * Does nothing yet.
     *
     * @param directory where the files are; made if its parent is there
     * @param cluster what tells this cluster from others now, such as its nameservers: files of another one are not used
     * @param allowed whether an address from a file may be used under the settings of today
     * @param wall the time of day: what is remembered is dated by it
     * @param serial where the sources' state lives
     * @param background lends a thread that may block; one task at a time
     * @param random where the file's name comes from
     * @param sink is told what fails
     */
    public WarmStart(
            Path directory,
            Supplier<List<String>> cluster,
            Predicate<InetAddress> allowed,
            InstantSource wall,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            Executor background,
            RandomGenerator random,
            EventSink sink) {
        this(
                new SnapshotFolder(
                        directory, String.format("%016x", random.nextLong()), wall, SnapshotFolder.Disk.REAL),
                cluster,
                allowed,
                wall,
                ticker,
                scheduler,
                serial,
                background,
                sink);
    }

    WarmStart(
            SnapshotFolder folder,
            Supplier<List<String>> cluster,
            Predicate<InetAddress> allowed,
            InstantSource wall,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            Executor background,
            EventSink sink) {
        this.folder = folder;
        this.cluster = cluster;
        this.allowed = allowed;
        this.wall = wall;
        this.ticker = ticker;
        this.serial = serial;
        this.background = background;
        this.sink = sink;
        this.write = new Alarm(ticker, scheduler, serial);
        this.patience = new Alarm(ticker, scheduler, serial);
    }

    /** Begins to read what there is. The sooner the better. */
    public void start() {
        serial.execute(() -> inBackground(() -> {
            Map<Remembered.Key, Remembered> all = new HashMap<>();
            try {
                load(all);
            } finally {
                List<Remembered> lines = List.copyOf(all.values());
                serial.execute(() -> {
                    found = Optional.of(lines);
                    handOver();
                });
            }
        }));
    }

    /**
     * Serves these sources: they get what was read, and what they find is written. To be called once, before anybody watches
     * them.
     *
     * @param worthIt by a name that lasts
     */
    public void serve(Map<String, CachingSource> worthIt) {
        serial.execute(() -> {
            if (!closed.get()) {
                sources = Map.copyOf(worthIt);
                sources.values().forEach(source -> source.expectMemories(this::noticed));
                patience.set(LOADED_SOON, () -> {
                    sources.values().forEach(CachingSource::askMeanwhile);
                    patience.set(LOADED_WITHIN.minus(LOADED_SOON), this::waitNoLonger);
                });
                handOver();
            }
        });
    }

    /** On the serial executor. */
    private void waitNoLonger() {
        patience.cancel();
        sources.values().forEach(CachingSource::expectMemoriesNoLonger);
    }

    /** On the serial executor. */
    private void inBackground(Runnable task) {
        try {
            background.execute(task);
        } catch (RuntimeException refused) {
            found = Optional.of(List.of());
            waitNoLonger();
            failed("no thread for them", refused.toString());
            ended(false);
        }
    }

    /** In the background. */
    private void load(Map<Remembered.Key, Remembered> all) {
        try {
            folder.prepare();
            List<String> here = cluster.get();
            for (Path path : folder.newest(here)) {
                load(path, here, all);
            }
        } catch (IOException | RuntimeException failure) {
            failed("can't be read", why(failure));
        }
    }

    private void load(Path path, List<String> here, Map<Remembered.Key, Remembered> all) {
        try {
            SnapshotFile file = SnapshotFile.read(folder.read(path));
            if (file.written().isAfter(wall.instant().plus(CLOCKS_APART))) {
                throw UnusableSnapshot.notOurs("written in the future, at " + file.written());
            }
            if (!file.cluster().equals(here)) {
                throw UnusableSnapshot.notOurs("of another cluster");
            }
            for (Remembered line : file.lines()) {
                all.merge(line.key(), line, (one, other) -> one.at().isBefore(other.at()) ? other : one);
            }
        } catch (NoSuchFileException gone) {
            // another process was quicker
        } catch (UnusableSnapshot unusable) {
            tell(path, unusable.why(), unusable.isWorthless() && setAside(path));
        } catch (IOException | RuntimeException failure) {
            tell(path, failure.toString(), false);
        }
    }

    private boolean setAside(Path path) {
        try {
            folder.setAside(path);
            return true;
        } catch (IOException | RuntimeException notPermitted) {
            return false;
        }
    }

    private void tell(Path path, String why, boolean setAside) {
        sink.accept(new Event.Trouble(
                "",
                Text.safe("snapshot " + SnapshotFolder.nameOf(path) + ": not used" + (setAside ? ", set aside" : "")
                        + " (" + why + ")")));
    }

    private static String why(Exception failure) {
        return failure instanceof UnusableDirectory unusable ? unusable.why() : failure.toString();
    }

    /** On the serial executor. */
    private void handOver() {
        if (sources.isEmpty() || found.isEmpty() || closed.get()) {
            return;
        }
        Instant now = wall.instant();
        Map<String, List<LastFound>> bySource = new HashMap<>();
        found.get().stream()
                .sorted(Comparator.comparing(Remembered::at).reversed())
                .limit(SnapshotFile.MOST_LINES)
                .forEach(line -> recalled(line, now)
                        .ifPresent(last -> bySource.computeIfAbsent(line.source(), name -> new ArrayList<>())
                                .add(last)));
        found = Optional.of(List.of());
        sources.forEach((name, source) -> source.recall(bySource.getOrDefault(name, List.of())));
        waitNoLonger();
    }

    private Optional<LastFound> recalled(Remembered line, Instant now) {
        Duration since = Duration.between(line.at(), now);
        Duration age = since.isNegative() ? Duration.ZERO : since;
        List<Endpoint> endpoints = line.endpoints().stream()
                .filter(endpoint -> allowed.test(endpoint.address()))
                .toList();
        return endpoints.isEmpty() || age.compareTo(Remembered.oldest(line.endpoints())) > 0
                ? Optional.empty()
                : Optional.of(new LastFound(line.question(), endpoints, ticker.nanos() - age.toNanos()));
    }

    /** A source has heard something, on the serial executor. */
    private void noticed(boolean changed) {
        news = true;
        Duration apart = changed ? WRITES_APART : CONFIRMED_APART;
        Duration left =
                writtenAt.map(at -> apart.minusNanos(ticker.nanos() - at)).orElse(FIRST_WRITE);
        write.setIfSooner(left.isNegative() ? Duration.ZERO : left, this::itIsTime);
    }

    /** On the serial executor. */
    private void itIsTime() {
        if (writing) {
            failed("not written", "the last write has not ended in " + WRITES_APART.toSeconds() + " s");
            write.set(WRITES_APART, this::itIsTime);
        } else {
            write();
        }
    }

    /** On the serial executor. */
    private void write() {
        write.cancel();
        news = false;
        writing = true;
        writtenAt = Optional.of(ticker.nanos());
        List<String> here = cluster.get();
        if (writtenFor.filter(before -> !before.equals(here)).isPresent()) {
            movedAt = writtenAt; // what was found before that is another cluster's
        }
        writtenFor = Optional.of(here);
        SnapshotFile file = new SnapshotFile(wall.instant(), here, collected());
        inBackground(() -> {
            boolean written = false;
            try {
                folder.write(file.cluster(), file.octets());
                written = true;
                failing.set(false);
                tidy(file.cluster());
            } catch (IOException | RuntimeException failure) {
                failed("can't be written", why(failure));
            } finally {
                boolean again = !written;
                serial.execute(() -> ended(again));
            }
        });
    }

    private void tidy(List<String> here) {
        try {
            folder.tidy(here);
        } catch (IOException | RuntimeException later) {
            // nothing is lost by it, and the next write tries again
        }
    }

    /** On the serial executor. */
    private void ended(boolean again) {
        writing = false;
        if (closed.get()) {
            atEnd.run();
        } else if (again) {
            noticed(true);
        }
    }

    private List<Remembered> collected() {
        Instant wallNow = wall.instant();
        long now = ticker.nanos();
        List<Remembered> lines = new ArrayList<>();
        sources.forEach((name, source) -> source.lastFound().stream()
                .filter(last -> movedAt.filter(moved -> last.at() - moved < 0).isEmpty())
                .forEach(last -> lines.add(new Remembered(
                        name, last.question(), last.endpoints(), wallNow.minusNanos(Math.max(0, now - last.at()))))));
        return lines;
    }

    private void failed(String what, String why) {
        if (!failing.getAndSet(true)) {
            sink.accept(new Event.Trouble("", Text.safe("snapshots in " + folder + ": " + what + " (" + why + ")")));
        }
    }

    /**
     * Writes what is new, as far as that can be done within half a second. To be called before the sources are closed.
     * Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        serial.execute(() -> {
            write.cancel();
            waitNoLonger();
            if (writing) {
                atEnd = () -> finish(done);
            } else {
                finish(done);
            }
        });
        try {
            if (!done.await(CLOSED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                failed("not written at the end", "it took longer than " + CLOSED_WITHIN.toMillis() + " ms");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** On the serial executor. */
    private void finish(CountDownLatch done) {
        atEnd = done::countDown;
        if (news) {
            write();
        } else {
            done.countDown();
        }
    }
}
