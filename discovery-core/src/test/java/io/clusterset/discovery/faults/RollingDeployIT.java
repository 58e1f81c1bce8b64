package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Behind a VIP pods are replaced: for five seconds a third of new connections ends at one that is gone. */
class RollingDeployIT {

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_.*", mode = EnumSource.Mode.MATCH_ANY)
    void aThirdOfConnectionsRefusedMovesNoTier(Shape shape) throws Exception {
        try (Scene scene = Scene.of("rolling deploy", shape, Client.cold())) {
            scene.begin(Call.idempotent().deadline(Duration.ofSeconds(3)));
            scene.go(Duration.ofSeconds(2));
            Firewall.ours().deploy(scene.homeAddresses());
            long at = scene.now();
            scene.go(Duration.ofSeconds(5));
            Firewall.ours().deployed(scene.homeAddresses());
            scene.go(Duration.ofSeconds(2));
            Figures figures = scene.end(at);
            figures.expectNoFailure().expectHomeBefore().expectPicked("local", Duration.ZERO);
            assertThat(scene.homeLoads(at)).as("loads: %s", figures).isEmpty();
            // or nothing was refused
            assertThat(figures.after(Duration.ZERO).stream()
                            .filter(call -> call.attempts().size() > 1))
                    .as("calls that went on to the next tier: %s", figures)
                    .hasSizeGreaterThan(200);
        }
    }
}
