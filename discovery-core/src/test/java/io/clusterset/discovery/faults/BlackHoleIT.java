package io.clusterset.discovery.faults;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent home vanishes. */
class BlackHoleIT {

    private static final Call CALL = Call.idempotent().deadline(Duration.ofSeconds(3));
    private static final Duration LATER = Duration.ofMillis(1_500);

    /** Calls of two seconds: all that can be under way when home is left. */
    private static final int CONNECTIONS = 400;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void newConnectionsTimeOutAndHomeIsLeft(Shape shape) throws Exception {
        try (Scene scene = Scene.of("home black-holed", shape, Client.cold())) {
            play(scene, CALL);
        }
    }

    /** None of the calls has to connect, so none meets a connect timeout. */
    @ParameterizedTest
    @EnumSource(Shape.class)
    void openConnectionsFallSilentAndHomeIsLeft(Shape shape) throws Exception {
        Client client = Client.warm();
        try (Scene scene = Scene.of("home black-holed", shape, client)) {
            for (FakeEndpoint endpoint : scene.home()) {
                client.prime(endpoint.address(), CONNECTIONS / scene.home().size());
            }
            // who gives the first attempt all the time there is has none for a second
            play(scene, CALL.attemptTimeout(Duration.ofSeconds(1)));
        }
    }

    private static void play(Scene scene, Call call) throws Exception {
        scene.begin(call);
        scene.go(Duration.ofSeconds(2));
        Firewall.ours().swallow(scene.homeAddresses());
        long at = scene.now();
        scene.go(Duration.ofMillis(7_500));
        scene.end(at).expectNoFailure().expectHomeBefore().expectPicked("clusterset", LATER);
    }
}
