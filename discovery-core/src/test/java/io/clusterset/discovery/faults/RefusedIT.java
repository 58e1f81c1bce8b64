package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Home says no: nobody listens there any more. */
class RefusedIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    static final Duration LATER = Duration.ofMillis(100);

    @ParameterizedTest
    @EnumSource(Shape.class)
    void homeWithoutListenersIsLeftAtOnce(Shape shape) throws Exception {
        try (Scene scene = Scene.of("home refused", shape, Client.cold())) {
            play(scene, () -> scene.home().forEach(FakeEndpoint::refuse));
        }
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void homeThatResetsItsOpenConnectionsIsLeftAtOnce(Shape shape) throws Exception {
        try (Scene scene = Scene.of("home refused", shape, Client.warm())) {
            play(scene, () -> scene.home().forEach(FakeEndpoint::refuse));
        }
    }

    static void play(Scene scene, Runnable fault) throws Exception {
        scene.begin(CALL);
        scene.go(Duration.ofSeconds(2));
        fault.run();
        long at = scene.now();
        scene.go(Duration.ofSeconds(6));
        scene.end(at).expectNoFailure().expectNoPanic().expectHomeBefore().expectPicked("clusterset", LATER);
    }
}
