package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BegunDrillsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final ManualTime time = new ManualTime();
    private final List<String> closed = new ArrayList<>();
    private final BegunDrills drills =
            new BegunDrills((tier, percent, length) -> () -> closed.add(tier + " " + percent), time);

    @Test
    void oneIsShownUntilItEndsByItself() {
        drills.begin("local", 0, MINUTE);
        time.advance(Duration.ofSeconds(59));
        assertThat(drills.documents()).containsExactly(Map.of("tier", "local", "percent", 0, "endsInSeconds", 1.0));
        time.advance(Duration.ofSeconds(1));
        assertThat(drills.documents()).isEmpty();
        assertThat(drills.end("")).isEmpty();
        assertThat(closed).isEmpty();
    }

    @Test
    void thatOfATierIsEndedAlone() {
        drills.begin("local", 0, MINUTE);
        drills.begin("clusterset", 5, MINUTE);
        assertThat(drills.end("local")).containsExactly("local");
        assertThat(closed).containsExactly("local 0");
        assertThat(drills.documents())
                .singleElement()
                .satisfies(one -> assertThat(one).containsEntry("percent", 5));
    }

    @Test
    void allAreEnded() {
        drills.begin("local", 0, MINUTE);
        drills.begin("clusterset", 5, MINUTE);
        assertThat(drills.end("")).containsExactly("local", "clusterset");
        assertThat(closed).containsExactly("local 0", "clusterset 5");
        assertThat(drills.documents()).isEmpty();
    }

    @Test
    void aSecondTakesTheFirstOnesPlace() {
        drills.begin("local", 0, MINUTE);
        drills.begin("local", 50, MINUTE);
        assertThat(drills.end("")).containsExactly("local");
        assertThat(closed).containsExactly("local 50");
    }
}
