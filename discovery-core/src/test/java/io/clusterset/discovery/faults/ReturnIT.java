package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Home is back. This one takes its time, so it begins first. */
@Order(1)
class ReturnIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    private static final Duration FULL_WITHIN = Duration.ofSeconds(110);

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void trafficComesBackByStepsAndAllOfItInTime() throws Exception {
        try (Scene pods = Scene.of("home back", Shape.FIVE_AND_FIVE, Client.cold());
                Scene vips = Scene.of("home back", Shape.VIP_AND_VIP, Client.cold())) {
            List<Scene> both = List.of(pods, vips);
            for (Scene scene : both) {
                scene.begin(CALL);
            }
            for (Scene scene : both) {
                scene.go(Duration.ofMillis(500));
            }
            both.forEach(scene -> scene.home().forEach(FakeEndpoint::refuse));
            long refused = pods.now();
            pods.go(Duration.ofSeconds(2));
            both.forEach(scene -> scene.home().forEach(FakeEndpoint::restore));
            long back = pods.now();
            pods.go(FULL_WITHIN, () -> both.stream().allMatch(scene -> full(scene, back)));
            pods.go(Duration.ofSeconds(1));
            for (Scene scene : both) {
                scene.end(refused).expectNoFailure().expectNoPanic().expectHomeBefore();
                assertThat(scene.homeLoads(back)).as("loads once home is back").containsExactly(5, 25, 50, 100);
            }
        }
    }

    private static boolean full(Scene scene, long since) {
        return scene.homeLoads(since).contains(100);
    }
}
