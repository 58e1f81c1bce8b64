package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.testkit.RecordType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** All pods of home are dead when the application starts, and the next tier is one VIP. */
class DeadPodsIT {

    @Test
    void fiveDeadPodsAndOneVipAreNoPanic() throws Exception {
        try (Scene scene = Scene.of("dead from the start", Shape.FIVE_AND_VIP, Client.cold())) {
            play(scene);
        }
    }

    /** There are more dead pods than a call has attempts. */
    @Test
    void callsWaitForTheNextTiersFirstAnswerWithTheirLastAttempt() throws Exception {
        try (Scene scene = Scene.of("dead, next tier asked late", Shape.FIVE_AND_VIP, Client.cold())) {
            scene.dns()
                    .on(Scene.NEXT, RecordType.A)
                    .answer(scene.next().get(0).address().getHostString())
                    .delay(Duration.ofMillis(200));
            play(scene);
        }
    }

    private static void play(Scene scene) throws Exception {
        scene.home().forEach(FakeEndpoint::refuse);
        scene.begin(Call.idempotent().deadline(Duration.ofSeconds(3)));
        scene.go(Duration.ofSeconds(7));
        Decision decision = scene.decision();
        long left = scene.when(event ->
                event instanceof Event.LoadChanged load && load.loads().get(0).percent() == 0);
        Figures figures = scene.end(left);
        figures.expectNoFailure().expectNoPanic().expectPicked("clusterset", RefusedIT.LATER);
        assertThat(figures.servedBy()).containsExactly("clusterset");
        assertThat(decision.tiers()).noneMatch(tier -> tier.load().panic());
        assertThat(decision.tiers()).extracting(tier -> tier.load().percent()).containsExactly(0, 100);
    }
}
