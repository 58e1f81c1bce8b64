package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Disks that are full, slow or shared, and files that somebody else has left. */
class SnapshotFolderTest extends SnapshotDirectory {

    @Test
    void aWriteThatHangsIsToldOnceAndNotDoubled() throws Exception {
        Queue<Runnable> background = new ArrayDeque<>();
        Life one = life().background(background::add).begin();
        background.remove().run();
        for (int i = 1; i < 100; i++) {
            one.watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0." + i + ":80"));
            time.advance(Duration.ofSeconds(10));
        }
        assertThat(background).hasSize(1);
        assertThat(one.told)
                .containsExactly("snapshots in " + directory + ": not written (the last write has not ended in 30 s)");
        background.remove().run();
        time.advance(A_WHILE);
        assertThat(background).hasSize(1);
    }

    @Test
    void aFullDiskIsToldOnceUntilThereIsRoomAgain() throws Exception {
        List<Boolean> full = new ArrayList<>(List.of(true));
        Life one = life().disk((file, octets) -> {
                    counting.write(file, octets);
                    if (full.get(0)) {
                        throw new IOException("No space left on device");
                    }
                })
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofMinutes(5));
        assertThat(writes).as("tries").hasValueBetween(9, 11);
        assertThat(Life.files(directory)).isEmpty(); // nothing half is left
        full.set(0, false);
        time.advance(A_WHILE);
        assertThat(Life.files(directory)).containsExactly("discovery-16ebd43f-a.snapshot");
        String message =
                "snapshots in " + directory + ": can't be written (java.io.IOException: No space left on device)";
        assertThat(one.told).containsExactly(message);
        full.set(0, true);
        one.hearing(Life.ORDERS, Life.found("10.0.0.2:80"));
        time.advance(Duration.ofMinutes(5));
        assertThat(one.told).containsExactly(message, message);
        assertThat(Life.files(directory)).containsExactly("discovery-16ebd43f-a.snapshot"); // the last whole one
    }

    @Test
    void theDeviceThatIsAlwaysFullIsToldToo() throws Exception {
        Path device = Path.of("/dev/full");
        assumeThat(Files.exists(device)).isTrue();
        Life one = life().disk((file, octets) -> {
                    try (FileChannel full = FileChannel.open(device, StandardOpenOption.WRITE)) {
                        SnapshotFolder.Disk.REAL.write(full, octets);
                    }
                })
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        one.end();
        assertThat(one.told)
                .singleElement()
                .asString()
                .contains("can't be written")
                .contains("No space left");
    }

    @Test
    void aDirectoryWithoutAParentIsToldOnce() {
        directory = parent.resolve("not").resolve("there");
        Life one = life().begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofMinutes(5));
        one.end();
        assertThat(one.told)
                .containsExactly("snapshots in " + directory
                        + ": can't be read (no such directory, nor its parent; expected of"
                        + " discovery.cache.snapshot-directory: a directory, or one whose parent is there)");
        assertThat(parent.resolve("not")).doesNotExist();
    }

    @Test
    void aDirectoryThatCannotBeMadeIsToldOnce() throws Exception {
        Files.writeString(directory, "mine");
        Path inAFile = directory.resolve("in");
        Life one = Life.in(inAFile, time).begin();
        assertThat(one.told)
                .singleElement()
                .asString()
                .startsWith("snapshots in " + inAFile + ": can't be read (can't be made: java.nio.file.")
                .contains("expected of discovery.cache.snapshot-directory: a directory");
    }

    @Test
    void aFileInTheDirectorysPlaceIsToldOnceAndLeftAlone() throws Exception {
        Files.writeString(directory, "mine");
        Life one = life().begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofMinutes(5));
        one.end();
        assertThat(one.told)
                .containsExactly("snapshots in " + directory + ": can't be read (not a directory; expected of"
                        + " discovery.cache.snapshot-directory: a directory, or one whose parent is there)");
        assertThat(directory).hasContent("mine");
    }

    @Test
    void onlyTheOwnerMayReadIt() throws Exception {
        Path file = lived("a", "10.0.0.1:80");
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
    }

    /** A file as somebody has left it, beside a good one. */
    private Life beside(String name, byte[] content) throws IOException {
        lived("a", "10.0.0.1:80");
        Path file = Files.write(directory.resolve(name), content);
        date(file);
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        return next;
    }

    @Test
    void aDamagedFileIsSetAsideAndToldOnce() throws Exception {
        byte[] half = ByteBuffer.allocate(100).array();
        byte[] good = Files.readAllBytes(lived("c", "10.0.0.1:80"));
        System.arraycopy(good, 0, half, 0, 40);
        Life next = beside("discovery-16ebd43f-c.snapshot", half);
        assertThat(next.told)
                .containsExactly("snapshot discovery-16ebd43f-c.snapshot: not used, set aside (100 octets (expected: "
                        + good.length + "))");
        assertThat(Life.files(directory))
                .containsExactly("discovery-16ebd43f-a.snapshot", "discovery-16ebd43f-c.snapshot.corrupt");
        assertThat(life().id("d").begin().told).isEmpty();
    }

    @Test
    void aForeignFileIsToldAndLeftAlone() throws Exception {
        Life next = beside(
                "discovery-16ebd43f-c.snapshot", "#!/bin/sh\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(next.told)
                .containsExactly("snapshot discovery-16ebd43f-c.snapshot: not used (not a snapshot of this library)");
        assertThat(directory.resolve("discovery-16ebd43f-c.snapshot")).hasContent("#!/bin/sh\n");
    }

    @Test
    void aNewerFileIsToldAndLeftAlone() throws Exception {
        byte[] newer = Files.readAllBytes(lived("c", "10.0.0.2:80"));
        newer[9] = 2;
        Life next = beside("discovery-16ebd43f-c.snapshot", newer);
        assertThat(next.told)
                .containsExactly("snapshot discovery-16ebd43f-c.snapshot: not used (version 2 (expected: at most 1))");
        assertThat(directory.resolve("discovery-16ebd43f-c.snapshot")).hasBinaryContent(newer);
    }

    private Life.Builder elsewhere() {
        return life().cluster("10.97.0.10");
    }

    @Test
    void anotherClustersFileIsNotLookedAt() throws Exception {
        Path file = lived("a", "10.0.0.1:80");
        Life next = elsewhere().id("b").begin().watching(Life.ORDERS);
        assertThat(next.heard).isEmpty();
        assertThat(next.told).isEmpty();
        assertThat(file).exists();
    }

    /** The mark in the name is short: two clusters may have the same. */
    @Test
    void aFileThatOnlyBearsThisClustersMarkIsToldAndLeftAlone() throws Exception {
        Path file = directory.resolve("discovery-16ebd43f-a.snapshot");
        Files.move(lived(elsewhere(), "a", "10.1.0.1:80"), file);
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.heard).isEmpty();
        assertThat(next.told).containsExactly("snapshot discovery-16ebd43f-a.snapshot: not used (of another cluster)");
        assertThat(file).exists();
    }

    @Test
    void clustersThatShareADirectoryHideNothingFromEachOther() throws Exception {
        lived(elsewhere(), "a", "10.1.0.1:80");
        for (int i = 0; i < 17; i++) {
            time.advance(Duration.ofSeconds(1));
            lived("1" + i, "10.0.0." + i + ":80");
        }
        Life next = elsewhere().id("b").begin().watching(Life.ORDERS);
        assertThat(next.told).isEmpty();
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.1.0.1:80"));
        assertThat(life().id("c").begin().watching(Life.ORDERS).latest().endpoints())
                .isEqualTo(Life.endpoints("10.0.0.16:80"));
    }

    @Test
    void sixteenFilesOfEachClusterAreKept() throws Exception {
        for (int i = 0; i < 20; i++) {
            lived("1" + i, "10.0.0." + i + ":80");
            lived(elsewhere(), "2" + i, "10.1.0." + i + ":80");
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(Life.files(directory)).hasSize(32).allMatch(name -> name.matches(".*-[12]([4-9]|1\\d)\\.snapshot"));
    }

    @Test
    void whatIsOlderThanADayIsDeletedWhicheverClusterWroteIt() throws Exception {
        Path other = lived(elsewhere(), "a", "10.1.0.1:80");
        time.advance(Duration.ofHours(24));
        lived("b", "10.0.0.1:80");
        assertThat(other).exists();
        time.advance(Duration.ofMillis(1));
        lived("c", "10.0.0.1:80");
        assertThat(other).doesNotExist();
    }

    /** Nameservers can change while a process runs. */
    @Test
    void aFileIsOfTheClusterThatAnsweredAtLast() throws Exception {
        Life.Builder moving = life();
        Life before = moving.begin().watching(Life.ORDERS);
        moving.cluster("10.97.0.10");
        before.hearing(Life.ORDERS, Life.found("10.0.0.1:80")).end();
        written("a");
        assertThat(life().id("b").begin().watching(Life.ORDERS).heard).isEmpty();
        assertThat(life().id("c").cluster("10.97.0.10").begin().watching(Life.ORDERS).heard)
                .isNotEmpty();
    }

    @Test
    void aProcessThatMovesToAnotherClusterTakesItsFileAlongAndNobodyElses() throws Exception {
        Path neighbours = lived("aa", "10.0.0.7:80");
        Life.Builder moving = life();
        Life one = moving.begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(A_WHILE);
        Path before = written("a");
        moving.cluster("10.97.0.10");
        one.watching(Life.CARTS).hearing(Life.CARTS, Life.found("10.1.0.1:80")).end();
        assertThat(before).doesNotExist();
        assertThat(neighbours).exists();
        assertThat(Life.files(directory)).hasSize(2);
        assertThat(elsewhere().id("b").begin().watching(Life.CARTS).latest().endpoints())
                .isEqualTo(Life.endpoints("10.1.0.1:80"));
    }

    @ParameterizedTest
    @CsvSource({"59, true", "61, false"})
    void aFileFromTheFutureIsLeftToThoseWhoseClockIsRight(long seconds, boolean used) throws Exception {
        life().clockAhead(Duration.ofSeconds(seconds))
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.found("10.0.0.1:80"))
                .end();
        written("a");
        Life next = life().id("b").begin().watching(Life.ORDERS);
        if (used) {
            assertThat(next.latest().evidence().detail()).isEqualTo("from before the restart, found 0 ms ago");
            assertThat(next.told).isEmpty();
        } else {
            assertThat(next.heard).isEmpty();
            assertThat(next.told)
                    .containsExactly("snapshot discovery-16ebd43f-a.snapshot: not used (written in the future, at "
                            + Life.BEGINNING.plusSeconds(61) + ")");
            assertThat(Life.files(directory)).containsExactly("discovery-16ebd43f-a.snapshot");
            time.advance(Duration.ofSeconds(1));
            assertThat(life().id("c").begin().watching(Life.ORDERS).heard).hasSize(1);
        }
    }

    @Test
    void aGibibyteIsRefusedByItsSize() throws Exception {
        lived("a", "10.0.0.1:80");
        Path large = directory.resolve("discovery-16ebd43f-c.snapshot");
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(1L << 30);
        }
        date(large);
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        assertThat(next.told)
                .containsExactly(
                        "snapshot discovery-16ebd43f-c.snapshot: not used, set aside (1073741824 octets (expected: at"
                                + " most 16777216))");
    }

    @Test
    void whatIsNoFileIsToldAndLeftAlone() throws Exception {
        lived("a", "10.0.0.1:80");
        Files.createDirectory(directory.resolve("discovery-16ebd43f-c.snapshot"));
        Files.createSymbolicLink(
                directory.resolve("discovery-16ebd43f-d.snapshot"), directory.resolve("discovery-16ebd43f-a.snapshot"));
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        assertThat(next.told)
                .containsExactlyInAnyOrder(
                        "snapshot discovery-16ebd43f-c.snapshot: not used (not a regular file)",
                        "snapshot discovery-16ebd43f-d.snapshot: not used (not a regular file)");
        assertThat(Life.files(directory)).hasSize(3);
    }

    @Test
    void aFileThatMayNotBeReadIsToldAndLeftAlone() throws Exception {
        Path file = lived("a", "10.0.0.1:80");
        assumeThat(file.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeThat(Files.isReadable(file)).as("root reads everything").isFalse();
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.told).singleElement().asString().contains("AccessDeniedException");
        assertThat(Life.files(directory)).containsExactly("discovery-16ebd43f-a.snapshot");
    }

    @Test
    void sixteenFilesAreKept() throws Exception {
        for (int i = 0; i < 18; i++) {
            lived(Integer.toHexString(i), "10.0.0." + i + ":80");
            time.advance(Duration.ofMinutes(1));
        }
        assertThat(Life.files(directory))
                .hasSize(16)
                .doesNotContain("discovery-16ebd43f-0.snapshot", "discovery-16ebd43f-1.snapshot")
                .contains("discovery-16ebd43f-2.snapshot", "discovery-16ebd43f-11.snapshot");
    }

    @Test
    void sixteenFilesAreRead() throws Exception {
        Files.createDirectory(directory);
        for (int i = 0; i < 20; i++) {
            date(Files.writeString(directory.resolve("discovery-16ebd43f-" + i + ".snapshot"), "not ours"));
            time.advance(Duration.ofMinutes(1));
        }
        assertThat(life().begin().told)
                .hasSize(16)
                .contains("snapshot discovery-16ebd43f-19.snapshot: not used (not a snapshot of this library)")
                .noneMatch(message -> message.contains("discovery-16ebd43f-3."));
    }

    @Test
    void aFileSystemWhoseClockIsAheadLosesNothing() throws Exception {
        for (int i = 0; i < 20; i++) {
            time.advance(Duration.ofMinutes(1));
            lived(Integer.toHexString(i), "10.0.0." + i + ":80");
            Files.setLastModifiedTime(
                    directory.resolve("discovery-16ebd43f-" + Integer.toHexString(i) + ".snapshot"),
                    FileTime.from(Life.BEGINNING.plus(Duration.ofDays(400))));
        }
        assertThat(Life.files(directory)).hasSize(16).contains("discovery-16ebd43f-13.snapshot");
        assertThat(life().id("20").begin().watching(Life.ORDERS).latest().endpoints())
                .isEqualTo(Life.endpoints("10.0.0.19:80"));
    }

    @Test
    void whatIsOlderThanADayIsDeletedAndNothingElse() throws Exception {
        List<String> ours = List.of(
                "discovery-16ebd43f-c.snapshot",
                "discovery-16ebd43f-c.snapshot.tmp",
                "discovery-16ebd43f-c.snapshot.corrupt");
        List<String> others = List.of(
                "discovery-16ebd43f-xyz.snapshot",
                "discovery-c.snapshot",
                "discovery-16ebd43f-c.snapshot.bak",
                "notes.txt");
        Files.createDirectory(directory);
        for (String name : List.of(ours, others).stream().flatMap(List::stream).toList()) {
            date(Files.write(directory.resolve(name), new byte[1]));
        }
        time.advance(Duration.ofHours(23));
        lived("a", "10.0.0.1:80");
        assertThat(Life.files(directory)).containsAll(ours.subList(1, 3)).containsAll(others);
        time.advance(Duration.ofHours(2));
        lived("b", "10.0.0.1:80");
        assertThat(Life.files(directory))
                .containsAll(others)
                .contains("discovery-16ebd43f-a.snapshot", "discovery-16ebd43f-b.snapshot")
                .doesNotContainAnyElementsOf(ours);
    }

    @Test
    void aFileThatAppearsAndGoesHarmsNobody() throws Exception {
        Path file = lived("a", "10.0.0.1:80");
        Files.delete(file);
        Files.delete(directory);
        Life next = life().id("b").begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        Files.delete(directory);
        next.end();
        assertThat(next.told).isEmpty();
        assertThat(Life.files(directory)).containsExactly("discovery-16ebd43f-b.snapshot");
    }

    @Test
    void anExecutorThatLendsNoThreadIsToldOnce() {
        Life one = life().background(task -> {
                    throw new java.util.concurrent.RejectedExecutionException("full");
                })
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofMinutes(5));
        one.end();
        assertThat(one.heard).hasSize(1);
        assertThat(one.told).singleElement().asString().contains("no thread for them");
    }
}
