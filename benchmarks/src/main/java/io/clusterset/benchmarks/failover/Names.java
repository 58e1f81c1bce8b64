package io.clusterset.benchmarks.failover;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The name service behind this JVM's {@code InetAddress}: a file, read whenever a name is looked up that the JVM does not
 * remember. That memory is the JDK's own, as it comes: 30 seconds for each answer.
 */
final class Names {

    /** Has both addresses, the local one first, whatever happens. */
    static final String BOTH = "orders";

    /** Has the local address until {@link #move()}, then the remote one. */
    static final String MOVING = "orders-moving";

    private final Path file;
    private final String local;
    private final String remote;

    private Names(Path file, String local, String remote) {
        this.file = file;
        this.local = local;
        this.remote = remote;
    }

    /** Two addresses, as text: the JDK reads where its names are when {@code InetAddress} is first used, which is later. */
    static Names of(String local, String remote) throws IOException {
        Path file = Files.createTempFile("hosts", "");
        Names names = new Names(file, local, remote);
        names.write(local);
        System.setProperty("jdk.net.hosts.file", file.toString());
        return names;
    }

    void move() {
        write(remote);
    }

    void delete() throws IOException {
        Files.delete(file);
    }

    private void write(String moving) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.writeString(next, line(local, BOTH) + line(remote, BOTH) + line(moving, MOVING));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE); // nobody reads half of it
        } catch (IOException full) {
            throw new UncheckedIOException(full);
        }
    }

    private static String line(String address, String name) {
        return address + " " + name + "\n";
    }
}
