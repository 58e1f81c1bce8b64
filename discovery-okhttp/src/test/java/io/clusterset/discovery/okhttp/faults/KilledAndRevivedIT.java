package io.clusterset.discovery.okhttp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Home dies under 200 calls a second and comes back, with all defaults. */
class KilledAndRevivedIT {

    @Test
    @Timeout(value = 150, unit = TimeUnit.SECONDS)
    void noCallFailsAndTrafficComesBackBySteps() throws InterruptedException {
        try (Scene scene = Scene.begin("127.1.1.", new OkHttpClient.Builder())) {
            scene.go(Duration.ofSeconds(2));
            scene.home().forEach(FakeEndpoint::refuse);
            long dead = scene.now();
            scene.go(Duration.ofSeconds(5));
            scene.home().forEach(FakeEndpoint::restore);
            long back = scene.now();
            scene.go(Duration.ofSeconds(110), () -> scene.homeLoads(back).contains(100));
            scene.go(Duration.ofSeconds(1));
            scene.endWithoutFailure();
            assertThat(scene.homeLoads(back)).as("loads once home is back").containsExactly(5, 25, 50, 100);
            long last = scene.lastAtHome(dead, back);
            System.out.println("okhttp, home killed and revived: last request to home " + last + " ms after");
            assertThat(last).as("the last request to the dead home, in ms").isLessThan(1_000);
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void noCallFailsInABlackHoleBehindPooledConnections() throws InterruptedException {
        OkHttpClient.Builder patient = new OkHttpClient.Builder().callTimeout(Duration.ofSeconds(3));
        try (Scene scene = Scene.begin("127.1.2.", patient)) {
            scene.go(Duration.ofSeconds(3));
            scene.home().forEach(FakeEndpoint::blackHole);
            long dead = scene.now();
            scene.go(Duration.ofSeconds(8));
            scene.endWithoutFailure();
            long last = scene.lastAtHome(dead, scene.now());
            System.out.println("okhttp, home a black hole: last request to home " + last + " ms after");
            assertThat(last).as("the last request to the silent home, in ms").isLessThan(2_000);
        }
    }
}
