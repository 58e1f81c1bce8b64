package io.clusterset.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./demo} refuses what the program would, in its words, before it looks for a Java or builds anything. */
class ScriptTest {

    @TempDir
    Path home;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--secs",
                "--seconds",
                "--seconds 7",
                "--seconds=601",
                "--ui --port",
                "--ui --port abc",
                "--ui --port=65536",
                "--port 80",
                "--ui --json",
                "--json --ui --port 80"
            })
    void aTypingErrorIsToldAtOnce(String options) throws IOException, InterruptedException {
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.createFile(java, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        List<String> command = new ArrayList<>(List.of("bash", "../../demo"));
        command.addAll(List.of(options.split(" ")));
        ProcessBuilder demo = new ProcessBuilder(command).redirectErrorStream(true);
        demo.environment().put("JAVA_HOME", home.toString()); // of which the script would complain

        Process process = demo.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).isEqualTo(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Options.parse(options.split(" ")))
                .satisfies(refused -> assertThat(said).isEqualTo("demo: " + refused.getMessage() + "\n"));
    }
}
