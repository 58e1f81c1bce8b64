package io.clusterset.discovery.cache;

import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A directory of snapshots, and processes that live and end beside it. */
abstract class SnapshotDirectory {

    static final Duration A_WHILE = Duration.ofSeconds(31);

    @TempDir
    Path parent;

    Path directory;
    final ManualTime time = new ManualTime();
    final AtomicInteger writes = new AtomicInteger();
    final SnapshotFolder.Disk counting = (file, octets) -> {
        writes.incrementAndGet();
        SnapshotFolder.Disk.REAL.write(file, octets);
    };

    @BeforeEach
    void inADirectoryThatIsNotThereYet() {
        directory = parent.resolve("snapshots");
    }

    Life.Builder life() {
        return Life.in(directory, time).disk(counting);
    }

    /** The files' own dates follow the test's clock. */
    void date(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Life.BEGINNING.plusNanos(time.nanos())));
    }

    Path written(String id) throws IOException {
        Path file = Life.files(directory).stream()
                .filter(name -> name.endsWith("-" + id + ".snapshot"))
                .map(directory::resolve)
                .findAny()
                .orElseThrow();
        date(file);
        return file;
    }

    /** A life in which orders were found, and that came to an orderly end. */
    Path lived(String id, String... endpoints) throws IOException {
        return lived(life(), id, endpoints);
    }

    Path lived(Life.Builder life, String id, String... endpoints) throws IOException {
        life.id(id)
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.found(endpoints))
                .end();
        return written(id);
    }
}
