package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Home says no: nobody listens there any more. */
class RefusedIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    static final Duration LATER = Duration.ofMillis(100);
    private static final int TRIES = 3;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void homeWithoutListenersIsLeftAtOnce(Shape shape) throws Exception {
        play(
                () -> Scene.of("home refused", shape, Client.cold()),
                scene -> scene.home().forEach(FakeEndpoint::refuse));
    }

    @ParameterizedTest
    @EnumSource(Shape.class)
    void homeThatResetsItsOpenConnectionsIsLeftAtOnce(Shape shape) throws Exception {
        play(
                () -> Scene.of("home refused", shape, Client.warm()),
                scene -> scene.home().forEach(FakeEndpoint::refuse));
    }

    /** The best of three, as to time alone: a machine that stands still meanwhile is nobody's fault. */
    static void play(Supplier<Scene> stage, Consumer<Scene> fault) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try (Scene scene = stage.get()) {
                scene.begin(CALL);
                scene.go(Duration.ofSeconds(2));
                fault.accept(scene);
                long at = scene.now();
                scene.go(Duration.ofSeconds(6));
                Figures figures =
                        scene.end(at).expectNoFailure().expectNoPanic().expectHomeBefore();
                if (attempt == TRIES || figures.isPicked("clusterset", LATER)) {
                    figures.expectPicked("clusterset", LATER); // of enough calls, too
                    return;
                }
            }
        }
    }
}
