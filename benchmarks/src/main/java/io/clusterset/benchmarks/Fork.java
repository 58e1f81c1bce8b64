package io.clusterset.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, which prints its figures and is gone. */
final class Fork {

    static final String[] JVM_OPTIONS = {
        "-Xms1g",
        "-Xmx1g",
        "-XX:+UseG1GC",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
        "-Dcom.linecorp.armeria.transportType=nio"
    };

    private Fork() {}

    /** Runs it and returns the last line it printed; what it says on stderr goes to ours. */
    static String lastLineOf(Class<?> program, List<String> jvmOptions, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(JVM_OPTIONS));
        command.addAll(jvmOptions); // the last word counts
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String last = "";
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                last = line;
            }
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(program.getSimpleName() + " " + String.join(" ", arguments) + ": exit " + status);
            }
            return last;
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }
}
