package io.clusterset.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, which prints its figures and is gone. */
final class Fork implements AutoCloseable {

    static final String[] JVM_OPTIONS = {
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-Dcom.linecorp.armeria.transportType=nio"
    };

    private final String words;
    private final Process process;
    private final BufferedReader said;

    private Fork(String words, Process process) {
        this.words = words;
        this.process = process;
        this.said = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it; what it says on stderr goes to ours. */
    static Fork of(Class<?> program, List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JVM_OPTIONS));
        command.addAll(jvmOptions); // the last word counts
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Fork(program.getSimpleName() + " " + String.join(" ", arguments), process);
    }

    /** Runs it and returns the last line it printed. */
    static String lastLineOf(Class<?> program, List<String> jvmOptions, String... arguments) throws IOException {
        try (Fork fork = of(program, jvmOptions, arguments)) {
            return fork.lastLine();
        }
    }

    /** Waits until it prints this line. */
    void await(String line) throws IOException {
        for (String next = said.readLine(); next != null; next = said.readLine()) {
            if (next.equals(line)) {
                return;
            }
        }
        throw new IOException(words + ": ended (expected: " + line + ")");
    }

    void say(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** Waits until it is over. */
    String lastLine() throws IOException {
        String last = "";
        for (String line = said.readLine(); line != null; line = said.readLine()) {
            last = line;
        }
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(words + ": exit " + status);
            }
            return last;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    /** Ends it if it is not over. */
    @Override
    public void close() {
        process.destroyForcibly();
    }
}
