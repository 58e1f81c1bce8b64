package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import java.util.List;
import org.junit.jupiter.api.Test;

class SwitchLogTest {

    private final SwitchLog log = new SwitchLog();
    private final long start = System.nanoTime();

    @Test
    void theFirstLoadIsNoSwitch() {
        loads(100, 0);

        assertThat(log.since(start)).isEmpty();
        assertThat(log.most()).isEqualTo("local");
    }

    @Test
    void anotherTierWithMostLoadIsASwitch() {
        loads(100, 0);
        loads(70, 30);
        loads(0, 100);
        loads(25, 75);
        loads(50, 50);

        assertThat(log.since(start))
                .extracting(change -> change.from() + " -> " + change.to())
                .containsExactly("local -> clusterset", "clusterset -> local");
    }

    @Test
    void havingNoEndpointForAWhileIsNoSwitch() {
        loads(100, 0);
        loads(0, 0);
        loads(100, 0);

        assertThat(log.since(start)).isEmpty();
    }

    @Test
    void whatWasBeforeTheFirstCallIsLeftOut() {
        loads(100, 0);
        loads(0, 100);

        assertThat(log.since(System.nanoTime())).isEmpty();
    }

    private void loads(int local, int clusterset) {
        log.accept(new Event.LoadChanged(
                "orders.shop",
                List.of(
                        new TierLoad("local", local, local, 100, false, ""),
                        new TierLoad("clusterset", clusterset, clusterset, 100, false, ""))));
    }
}
