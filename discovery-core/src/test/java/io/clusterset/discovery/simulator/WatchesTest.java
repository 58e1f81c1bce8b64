package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** That what a process leaves behind is seen. */
class WatchesTest {

    private static final Question ORDERS =
            new Question("local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty());

    private final World world = new World(Setting.USUAL, 1);
    private final List<String> broken = new ArrayList<>();
    private final Watches watches = new Watches(broken::add);
    private final EndpointSource api = watches.of(new ApiModel(world));

    @Test
    void aWatchOfASourceThatIsLeftOpen() {
        watch();
        watches.closed();
        assertThat(broken).containsExactly("1 watches and 1 sources are open after close");
        assertThat(world.home.watchers()).isEqualTo(1);
    }

    @Test
    void aSourceThatIsLeftOpenWithoutAWatch() {
        EndpointSource.Watch watch = watch();
        watch.close();
        watch.close(); // idempotent
        watches.closed();
        assertThat(broken).containsExactly("0 watches and 1 sources are open after close");
    }

    @Test
    void aSourceThatIsClosedEndsItsWatches() {
        EndpointSource.Watch watch = watch();
        api.close();
        watch.close();
        watches.closed();
        assertThat(broken).isEmpty();
        assertThat(world.home.watchers()).isZero();
    }

    @Test
    void aSourceThatIsClosedTwiceIsNotTwo() {
        watches.of(new DnsModel(world, false));
        api.close();
        api.close();
        watches.closed();
        assertThat(broken).containsExactly("0 watches and 1 sources are open after close");
    }

    @Test
    void aSecondWatchBesideTheFirst() {
        watch().close();
        watch();
        assertThat(broken).isEmpty();
        watch();
        assertThat(broken)
                .containsExactly("watches orders.shop.svc.cluster.local again, and has not closed the watch before");
    }

    @Test
    void whateverIsAskedAfterTheEnd() {
        api.close();
        watches.closed();
        api.refresh(ORDERS, EndpointSource.Effort.NORMAL);
        watch();
        watches.of((address, timeout, done) -> {})
                .probe(Endpoint.parse("10.0.0.1:80").socketAddress(), Duration.ofSeconds(1), result -> {});
        assertThat(broken)
                .containsExactly(
                        "asks for orders.shop.svc.cluster.local after close",
                        "watches orders.shop.svc.cluster.local after close",
                        "probes /10.0.0.1:80 after close");
    }

    private EndpointSource.Watch watch() {
        return api.watch(ORDERS, answer -> {});
    }
}
