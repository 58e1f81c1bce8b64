package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LineBudgetTest {

    private final ManualTime time = new ManualTime();
    private final LineBudget lines = new LineBudget(time);

    @Test
    void twoHundredLinesAtOnceThenTenASecondAndWhatWasLeftOutIsCounted() {
        for (int i = 0; i < 200; i++) {
            assertThat(lines.take()).isEqualTo(OptionalLong.of(0));
        }
        for (int i = 0; i < 50; i++) {
            assertThat(lines.take()).isEmpty();
        }
        time.advance(Duration.ofMillis(100));
        assertThat(lines.take()).isEqualTo(OptionalLong.of(50));
        assertThat(lines.take()).isEmpty();
        time.advance(Duration.ofSeconds(1));
        long taken = 0;
        while (lines.take().isPresent()) {
            taken++;
        }
        assertThat(taken).isEqualTo(10);
        time.advance(Duration.ofHours(1));
        for (int i = 0; i < 200; i++) {
            assertThat(lines.take()).isPresent();
        }
        assertThat(lines.take()).isEmpty();
    }
}
