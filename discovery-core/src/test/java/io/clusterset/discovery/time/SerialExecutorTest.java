package io.clusterset.discovery.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SerialExecutorTest {

    @Test
    void whoIsToldOfFailuresMayThrowToo() {
        List<String> ran = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
            throw new IllegalStateException("disk full", thrown);
        });
        serial.execute(() -> {
            serial.execute(() -> ran.add("queued behind it"));
            throw new IllegalArgumentException("broken");
        });
        serial.execute(() -> ran.add("later"));
        assertThat(ran).containsExactly("queued behind it", "later");
    }
}
