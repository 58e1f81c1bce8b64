package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineBudgetTest {

    private final ManualTime time = new ManualTime();
    private final LineBudget lines = new LineBudget(time, 200, 10);

    private int taken() {
        int taken = 0;
        while (lines.take()) {
            taken++;
        }
        return taken;
    }

    @Test
    void soManyAtOnceThenSoManyASecond() {
        assertThat(taken()).isEqualTo(200);
        time.advance(Duration.ofMillis(100));
        assertThat(taken()).isEqualTo(1);
        time.advance(Duration.ofSeconds(1));
        assertThat(taken()).isEqualTo(10);
        time.advance(Duration.ofHours(1));
        assertThat(taken()).isEqualTo(200);
    }
}
