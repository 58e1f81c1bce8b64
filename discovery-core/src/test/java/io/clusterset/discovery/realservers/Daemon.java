package io.clusterset.discovery.realservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** A name server as a child process, on one loopback port for as long as it lives and through restarts. */
final class Daemon implements AutoCloseable {

    private static final int POLLS = 300;
    private static final int APART_MILLIS = 50;

    private final Path folder;
    private final int port;
    private Make make;
    private Optional<Process> process = Optional.empty();
    private int runs;

    private Daemon(Make make, Path folder, int port) {
        this.make = make;
        this.folder = folder;
        this.port = port;
    }

    /** Starts one and waits until it answers for its zones. */
    static Daemon start(Make make) throws IOException, InterruptedException {
        // a short path: knot's control socket has about a hundred characters for it
        Daemon daemon = new Daemon(make, Files.createTempDirectory("dns"), freePort());
        try {
            daemon.start();
        } catch (IOException | RuntimeException | InterruptedException failed) {
            daemon.close();
            throw failed;
        }
        return daemon;
    }

    InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Dead at once, as by the kernel; what it had not written of its log is lost. */
    void kill() {
        process.ifPresent(running -> running.destroyForcibly().onExit().join());
    }

    /** Started again on its port, with other zones or another configuration. */
    void restart(Make changed) throws IOException, InterruptedException {
        stop();
        make = changed;
        start();
    }

    private void start() throws IOException, InterruptedException {
        runs++;
        make.configure(folder, port, runs);
        Process started = new ProcessBuilder(make.command(folder))
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(Make.log(folder).toFile()))
                .start();
        process = Optional.of(started);
        Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly)); // of a build that is stopped
        for (String zone : make.zones()) {
            awaitAnswer(zone, started);
        }
    }

    private void awaitAnswer(String zone, Process started) throws IOException, InterruptedException {
        for (int poll = 0; poll < POLLS; poll++) {
            if (answers(zone)) {
                return;
            }
            if (started.waitFor(APART_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("ended with status " + started.exitValue() + ":\n" + log());
            }
        }
        throw new IllegalStateException("no answer for " + zone + ":\n" + log());
    }

    private boolean answers(String zone) throws IOException {
        Message query = Message.newQuery(Record.newRecord(Name.fromString(zone + "."), Type.SOA, DClass.IN));
        byte[] wire = query.toWire();
        byte[] answer = new byte[4096];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(1_000);
            socket.connect(address());
            socket.send(new DatagramPacket(wire, wire.length));
            DatagramPacket packet = new DatagramPacket(answer, answer.length);
            socket.receive(packet);
            return new Message(answer).getRcode() == Rcode.NOERROR;
        } catch (SocketException | SocketTimeoutException notYet) {
            return false;
        }
    }

    /** Ends it in good order, so that its log is whole. */
    void stop() throws InterruptedException {
        if (process.isPresent()) {
            process.get().destroy();
            if (!process.get().waitFor(5, TimeUnit.SECONDS)) {
                kill();
            }
        }
    }

    /** What it was asked, this class's own questions left out. Whole after {@link #stop()}. */
    List<Asked> asked() throws IOException {
        return make.asked(folder).stream().filter(asked -> !asked.isOfTheTest()).toList();
    }

    String log() throws IOException {
        return Files.exists(Make.log(folder)) ? Files.readString(Make.log(folder)) : "";
    }

    @Override
    public void close() throws IOException {
        kill();
        try (Stream<Path> left = Files.walk(folder)) {
            left.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException undeletable) {
                    throw new UncheckedIOException(undeletable);
                }
            });
        }
    }

    /** Free for both UDP and TCP a moment ago. */
    private static int freePort() throws IOException {
        while (true) {
            try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                if (isFreeForUdp(tcp.getLocalPort())) {
                    return tcp.getLocalPort();
                }
            }
        }
    }

    private static boolean isFreeForUdp(int port) throws IOException {
        try (DatagramSocket udp = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            return udp.isBound();
        } catch (BindException taken) {
            return false;
        }
    }
}
