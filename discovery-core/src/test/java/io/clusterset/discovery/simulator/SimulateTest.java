package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulateTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nowhere",
                "--help-me",
                "--chaos",
                "--chaos x",
                "--chaos 0",
                "--chaos 1 -1",
                "--replay",
                "--replay nofile"
            })
    void whatItCannotDoIsNeitherAResultNorATrace(String line) throws Exception {
        assertThat(new Simulate().status(List.of(line.split(" ")))).isEqualTo(2);
    }

    @Test
    void aScriptIsReplayedOrRefused(@TempDir Path folder) throws Exception {
        Path script = folder.resolve("script");
        Files.writeString(script, "clients=1 rate=1 seconds=10\n5.0 home refuse\n");
        assertThat(new Simulate().status(List.of("--replay", script.toString(), "3")))
                .isZero();
        Files.writeString(script, "clients=1 rate=1 seconds=10\n5.0 home empty\n");
        assertThat(new Simulate().status(List.of("--replay", script.toString())))
                .isEqualTo(2);
    }

    @Test
    void whatWasMeasuredIsNotLostWithAMark(@TempDir Path folder) throws Exception {
        Path report = folder.resolve(Report.FILE);
        Files.writeString(report, "measured with care\n");
        assertThat(new Simulate().status(List.of("--write", folder.toString(), folder.toString())))
                .isEqualTo(2);
        assertThat(report).hasContent("measured with care\n");
    }
}
