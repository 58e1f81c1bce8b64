package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.Call;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent home vanishes, and every call has to connect. */
class BlackHoleIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    private static final Duration LATER = Duration.ofMillis(1_500);

    @ParameterizedTest
    @EnumSource(Shape.class)
    void newConnectionsTimeOutAndHomeIsLeft(Shape shape) throws Exception {
        try (Scene scene = Scene.of("home black-holed", shape, Client.cold())) {
            play(scene);
        }
    }

    static void play(Scene scene) throws Exception {
        scene.begin(CALL);
        scene.go(Duration.ofSeconds(2));
        Firewall.ours().swallow(scene.homeAddresses());
        long at = scene.now();
        scene.go(Duration.ofMillis(7_500));
        scene.end(at).expectNoFailure().expectHomeBefore().expectPicked("clusterset", LATER);
    }
}
