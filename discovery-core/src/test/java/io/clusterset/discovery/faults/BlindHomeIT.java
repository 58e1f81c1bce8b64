package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.testkit.Rcode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Home's DNS can't tell when the application starts, and later it can. */
class BlindHomeIT {

    private static final Duration AT_ONCE = Duration.ofMillis(100);

    @Test
    void homeTakesItsLoadAsSoonAsItIsFound() throws Exception {
        try (Scene scene = Scene.of("home's DNS back", Shape.FIVE_AND_FIVE, Client.cold())) {
            scene.dns().on(Scene.HOME).rcode(Rcode.SERVFAIL);
            long begun = scene.now();
            scene.begin(Call.idempotent().deadline(Duration.ofSeconds(3)));
            scene.go(Duration.ofSeconds(3));
            assertThat(scene.homeLoads(begun)).containsOnly(0);
            scene.dns().service(Scene.HOME, scene.homeAddresses().toArray(String[]::new));
            long healed = scene.now();
            scene.go(Duration.ofSeconds(31), () -> !scene.homeLoads(healed).isEmpty());
            scene.go(Duration.ofSeconds(6));
            long found = scene.when(BlindHomeIT::foundHome);
            long moved = scene.when(event -> event instanceof Event.LoadChanged load
                    && load.loads().get(0).percent() > 0);
            Figures figures = scene.end(found);
            System.out.printf(
                    "home's DNS back: asked and found %d ms later, its load %d ms after that%n",
                    Duration.ofNanos(found - healed).toMillis(),
                    Duration.ofNanos(moved - found).toMillis());
            figures.expectNoFailure().expectPicked("local", AT_ONCE);
            assertThat(scene.homeLoads(healed)).as("loads: %s", figures).containsExactly(100);
            assertThat(figures.pickedBefore()).containsOnly("clusterset");
        }
    }

    private static boolean foundHome(Event event) {
        return event instanceof Event.Answered answered
                && answered.tier().equals("local")
                && answered.resolution() instanceof Resolution.Found;
    }
}
