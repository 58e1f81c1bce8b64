package io.clusterset.discovery.faults;

import io.clusterset.discovery.testkit.FakeEndpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent home vanishes, and no call has to connect: none meets a connect timeout. */
class WarmBlackHoleIT {

    /** Calls of two seconds: all that can be under way when home is left. */
    private static final int CONNECTIONS = 400;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void openConnectionsFallSilentAndHomeIsLeft(Shape shape) throws Exception {
        Client client = Client.warm();
        try (Scene scene = Scene.of("home black-holed", shape, client)) {
            for (FakeEndpoint endpoint : scene.home()) {
                client.prime(endpoint.address(), CONNECTIONS / scene.home().size());
            }
            BlackHoleIT.play(scene);
        }
    }
}
