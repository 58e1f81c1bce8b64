package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One pod of five says no. */
class OneOfFiveIT {

    private static final int MOST_ATTEMPTS = 3;

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "FIVE_.*", mode = EnumSource.Mode.MATCH_ANY)
    void isOutAfterThreeAttemptsAndHomeStays(Shape shape) throws Exception {
        try (Scene scene = Scene.of("one of five refuses", shape, Client.cold())) {
            scene.begin(Call.idempotent().deadline(Duration.ofSeconds(3)));
            scene.go(Duration.ofSeconds(2));
            FakeEndpoint one = scene.home().get(0);
            long before = scene.now();
            one.refuse();
            long at = scene.now(); // which may be late: the first attempt that it refuses may have been made
            scene.go(Duration.ofSeconds(12)); // it is probed twice meanwhile
            Figures figures = scene.end(at);
            long attempts = figures.attemptsOn(List.of(one));
            System.out.printf("one of five refuses, %s: %d attempts on it%n", shape, attempts);
            figures.expectNoFailure().expectHomeBefore().expectPicked("local", Duration.ZERO);
            assertThat(attempts).as("attempts on it").isLessThanOrEqualTo(MOST_ATTEMPTS);
            assertThat(figures.leftFor(one, before)).as("calls that it refused").isPositive();
            assertThat(scene.homeLoads(at)).as("loads: %s", figures).isEmpty();
        }
    }
}
