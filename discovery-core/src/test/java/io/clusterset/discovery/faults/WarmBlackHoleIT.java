package io.clusterset.discovery.faults;

import io.clusterset.discovery.testkit.FakeEndpoint;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is sent home vanishes, and calls need not connect: they meet no connect timeout. */
class WarmBlackHoleIT {

    /** Calls of two seconds: all that can be under way when home is left. */
    private static final int CONNECTIONS = 400;

    private static final int FEW = 8;

    @ParameterizedTest
    @EnumSource(Shape.class)
    void openConnectionsFallSilentAndHomeIsLeft(Shape shape) throws Exception {
        play("home black-holed", shape, CONNECTIONS / shape.home());
    }

    /** The first calls find an open connection each, the others have to connect. */
    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_AND_VIP|FIVE_AND_FIVE", mode = EnumSource.Mode.MATCH_ANY)
    void aSmallPoolIsSoonUsedUpAndHomeIsLeft(Shape shape) throws Exception {
        play("home black-holed, small pool", shape, FEW);
    }

    private static void play(String title, Shape shape, int connections) throws Exception {
        Client client = Client.warm();
        try (Scene scene = Scene.of(title, shape, client)) {
            for (FakeEndpoint endpoint : scene.home()) {
                client.prime(endpoint.address(), connections);
            }
            BlackHoleIT.play(scene);
        }
    }
}
