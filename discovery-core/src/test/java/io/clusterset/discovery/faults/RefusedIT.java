package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Home says no: nobody listens any more, or a VIP has no pods behind it. */
class RefusedIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    private static final Duration LATER = Duration.ofMillis(100);

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

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_.*", mode = EnumSource.Mode.MATCH_ANY)
    void aVipThatResetsIsLeftAtOnce(Shape shape) throws Exception {
        try (Scene scene = Scene.of("VIP without pods, reset", shape, Client.cold())) {
            play(scene, () -> Firewall.ours().reset(scene.homeAddresses()));
        }
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_.*", mode = EnumSource.Mode.MATCH_ANY)
    void aVipThatIsUnreachableIsLeftAtOnce(Shape shape) throws Exception {
        try (Scene scene = Scene.of("VIP without pods, unreachable", shape, Client.cold())) {
            play(scene, () -> Firewall.ours().unreachable(scene.homeAddresses()));
        }
    }

    private static void play(Scene scene, Runnable fault) throws Exception {
        scene.begin(CALL);
        scene.go(Duration.ofSeconds(2));
        fault.run();
        long at = scene.now();
        scene.go(Duration.ofSeconds(6));
        scene.end(at).expectNoFailure().expectHomeBefore().expectPicked("clusterset", LATER);
    }
}
