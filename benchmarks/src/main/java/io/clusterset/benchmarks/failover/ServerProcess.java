package io.clusterset.benchmarks.failover;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A {@link Serving} process, and what can happen to it. It ends with this JVM at the latest. */
final class ServerProcess implements AutoCloseable {

    /** Little of everything: the cores belong to the client. */
    private static final List<String> JVM_OPTIONS = List.of(
            "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

    private final Process process;
    private final BufferedReader said;
    private final BufferedWriter told;
    private final Served served;

    private ServerProcess(Process process, BufferedReader said, BufferedWriter told, Served served) {
        this.process = process;
        this.said = said;
        this.told = told;
        this.served = served;
    }

    /** On this address and port, 0 for a free one. */
    static ServerProcess start(Serving.Protocol protocol, String name, String address, int port) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Serving.class.getName()));
        command.addAll(List.of(protocol.name(), name, address, String.valueOf(port)));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = said.readLine();
        if (line == null) {
            throw new IOException(name + " on " + address + ":" + port + ": ended (expected: its port)");
        }
        BufferedWriter told =
                new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
        return new ServerProcess(process, said, told, new Served(name, address, Integer.parseInt(line)));
    }

    Served served() {
        return served;
    }

    /** SIGKILL: the system closes its port and resets its connections. */
    void kill() {
        process.destroyForcibly();
    }

    /** It answers nothing on the connections there are, and the system doesn't answer new ones. */
    void blackHole() throws IOException {
        told.write(Serving.BLACK_HOLE + "\n");
        told.flush();
        String line = said.readLine();
        if (!Serving.BLACK_HOLE.equals(line)) {
            throw new IOException(served + " said: " + line + " (expected: " + Serving.BLACK_HOLE + ")");
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
