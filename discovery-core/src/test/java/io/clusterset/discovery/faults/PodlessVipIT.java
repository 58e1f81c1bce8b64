package io.clusterset.discovery.faults;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Home is a VIP, and it has no pods behind it any more. What kube-proxy answers then is its business. */
class PodlessVipIT {

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_.*", mode = EnumSource.Mode.MATCH_ANY)
    void aVipThatResetsIsLeftAtOnce(Shape shape) throws Exception {
        RefusedIT.play(
                () -> Scene.of("VIP without pods, reset", shape, Client.cold()),
                scene -> Firewall.ours().reset(scene.homeAddresses()));
    }

    @ParameterizedTest
    @EnumSource(value = Shape.class, names = "VIP_.*", mode = EnumSource.Mode.MATCH_ANY)
    void aVipThatIsUnreachableIsLeftAtOnce(Shape shape) throws Exception {
        RefusedIT.play(
                () -> Scene.of("VIP without pods, unreachable", shape, Client.cold()),
                scene -> Firewall.ours().unreachable(scene.homeAddresses()));
    }
}
