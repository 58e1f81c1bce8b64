package io.clusterset.discovery.cache;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A directory that processes share: each writes a file of its own, {@code discovery-CLUSTER-ID.snapshot}, and reads those of
 * all in its cluster. A file appears as a whole or not at all. Nothing is touched but files that are named like ours. Used by
 * one thread at a time; blocks.
 */
final class SnapshotFolder {

    static final int MOST_FILES = 16;

    private static final Duration OLDEST = Duration.ofHours(24); // nothing in it may be used any more
    private static final Duration CLOCKS_APART = Duration.ofMinutes(1);
    private static final int MOST_LISTED = 10_000;
    private static final String CORRUPT = ".corrupt";
    private static final String UNFINISHED = ".tmp";
    private static final List<String> KINDS = List.of("", CORRUPT, UNFINISHED);
    private static final Pattern OURS =
            Pattern.compile("discovery-([0-9a-f]{8})-([0-9a-f]{1,32})\\.snapshot(\\.corrupt|\\.tmp)?");

    private static final Set<OpenOption> NEW_FILE = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    private final Path directory;
    private final String id;
    private final InstantSource wall;
    private final Disk disk;

    SnapshotFolder(Path directory, String id, InstantSource wall, Disk disk) {
        this.directory = directory;
        this.id = id;
        this.wall = wall;
        this.disk = disk;
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    /** Makes the directory if its parent is there. */
    void prepare() throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        try {
            Files.createDirectory(directory, ownersOnly(directory, "rwx------"));
        } catch (FileAlreadyExistsException other) {
            if (!Files.isDirectory(directory)) {
                throw new UnusableDirectory("not a directory", other);
            }
        } catch (NoSuchFileException noParent) {
            throw new UnusableDirectory("no such directory, nor its parent", noParent);
        } catch (IOException failed) {
            throw new UnusableDirectory("can't be made: " + failed, failed);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    /** The newest of a cluster's files, the newest first. */
    List<Path> newest(List<String> cluster) throws IOException {
        return listed("discovery-" + mark(cluster) + "-*.snapshot").stream()
                .limit(MOST_FILES)
                .map(Listed::path)
                .toList();
    }

    /** Short, and the same wherever the cluster is; two clusters may share one, so the file says in full whose it is. */
    private static String mark(List<String> cluster) {
        SnapshotWriter out = new SnapshotWriter();
        out.texts(cluster);
        CRC32C sum = new CRC32C();
        sum.update(out.buffer(0));
        return String.format("%08x", sum.getValue());
    }

    private List<Listed> listed(String glob) throws IOException {
        List<Listed> found = new ArrayList<>();
        Instant now = wall.instant();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, glob)) {
            for (Path path : all) {
                Matcher ours = OURS.matcher(nameOf(path));
                if (ours.matches()) {
                    try {
                        found.add(new Listed(path, ours.group(1), ours.group(2), age(path, now)));
                    } catch (NoSuchFileException gone) {
                        continue; // another process was quicker
                    }
                }
                if (found.size() == MOST_LISTED) {
                    break;
                }
            }
        } catch (DirectoryIteratorException failed) {
            throw failed.getCause();
        }
        found.sort(Comparator.comparing(Listed::age));
        return found;
    }

    static String nameOf(Path path) {
        Path last = path.getFileName();
        return last == null ? "" : last.toString();
    }

    /** One from the future is no better than the oldest. */
    private static Duration age(Path path, Instant now) throws IOException {
        Duration age = Duration.between(attributes(path).lastModifiedTime().toInstant(), now);
        return age.plus(CLOCKS_APART).isNegative() ? OLDEST : age;
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * What is in a file, never more than a snapshot may be.
     *
     * @throws UnusableSnapshot if it can't be one
     */
    ByteBuffer read(Path path) throws IOException {
        BasicFileAttributes attributes = attributes(path);
        if (!attributes.isRegularFile()) {
            throw UnusableSnapshot.notOurs("not a regular file"); // opening a pipe would wait for its other end
        }
        if (attributes.size() > SnapshotFile.MOST_OCTETS) {
            throw UnusableSnapshot.worthless(
                    attributes.size() + " octets (expected: at most " + SnapshotFile.MOST_OCTETS + ")");
        }
        try (SeekableByteChannel in =
                Files.newByteChannel(path, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            ByteBuffer octets = ByteBuffer.allocate((int) attributes.size());
            while (octets.hasRemaining()) {
                if (in.read(octets) < 0) {
                    break;
                }
            }
            return octets.flip();
        }
    }

    /** Puts a file out of the way, in the place of one put there before. */
    void setAside(Path path) throws IOException {
        Files.move(path, path.resolveSibling(nameOf(path) + CORRUPT), StandardCopyOption.REPLACE_EXISTING);
    }

    /** Puts the octets in the place of what this process wrote before for this cluster. */
    void write(List<String> cluster, ByteBuffer octets) throws IOException {
        prepare();
        String name = "discovery-" + mark(cluster) + "-" + id + ".snapshot";
        Path whole = directory.resolve(name);
        Path part = directory.resolve(name + UNFINISHED);
        try {
            Files.deleteIfExists(part);
            try (FileChannel out = FileChannel.open(part, NEW_FILE, ownersOnly(directory, "rw-------"))) {
                if (!isPosix(part)) {
                    keepToOwner(part.toFile());
                }
                disk.write(out, octets);
            }
            try {
                Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException unsupported) {
                Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException | RuntimeException failed) {
            discard(part, failed);
            throw failed;
        }
    }

    /** Where there are no POSIX permissions. */
    private static void keepToOwner(File file) throws IOException {
        boolean readable = file.setReadable(false, false) && file.setReadable(true, true);
        boolean writable = file.setWritable(false, false) && file.setWritable(true, true);
        if (!readable || !writable) {
            throw new IOException(file + ": can't be kept from others");
        }
    }

    private static void discard(Path part, Exception failed) {
        try {
            Files.deleteIfExists(part);
        } catch (IOException | RuntimeException alsoFailed) {
            failed.addSuppressed(alsoFailed);
        }
    }

    /**
     * Deletes files of ours that nobody may use any more: too old ones of any cluster, too many of this one, and what this
     * process wrote for another. Never what it wrote for this one.
     */
    void tidy(List<String> cluster) throws IOException {
        String mark = mark(cluster);
        for (String kind : KINDS) {
            List<Listed> others = listed("discovery-*.snapshot" + kind);
            boolean own = kind.isEmpty() && others.removeIf(one -> one.isFrom(mark, id));
            int left = own ? MOST_FILES - 1 : MOST_FILES;
            for (Listed one : others) {
                boolean here = one.mark().equals(mark);
                boolean leftBehind = kind.isEmpty() && one.id().equals(id);
                boolean tooMany = here && left <= 0;
                left -= here ? 1 : 0;
                if ((leftBehind || tooMany || one.age().compareTo(OLDEST) > 0) && isFile(one.path())) {
                    Files.deleteIfExists(one.path());
                }
            }
        }
    }

    private static boolean isFile(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * A file of ours.
     *
     * @param path where
     * @param mark its cluster's
     * @param id its process's
     * @param age since it was last written
     */
    private record Listed(Path path, String mark, String id, Duration age) {
        boolean isFrom(String someMark, String someId) {
            return mark.equals(someMark) && id.equals(someId);
        }
    }

    /** Where octets end up: tests have one that is full, and one that hangs. */
    @FunctionalInterface
    interface Disk {

        /** A real one. */
        Disk REAL = (file, octets) -> {
            while (octets.hasRemaining()) {
                file.write(octets);
            }
            file.force(false);
        };

        /** Writes all of it, or throws. */
        void write(FileChannel file, ByteBuffer octets) throws IOException;
    }
}
