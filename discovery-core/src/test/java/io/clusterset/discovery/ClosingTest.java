package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Law 12: closed within a second, whoever hangs. */
class ClosingTest {

    private final Semaphore release = new Semaphore(0);
    private final CountDownLatch hanging = new CountDownLatch(2);

    private void hang() {
        hanging.countDown();
        release.acquireUninterruptibly();
    }

    @Test
    void withAListenerAndASelectionThatHangAndASnapshotToWrite(@TempDir Path directory) throws Exception {
        Discovery discovery = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), StaticSource.of(List.of(Endpoint.parse("10.0.0.1:80"))))
                .cache(cache -> cache.snapshotDirectory(directory))
                .build();
        Service orders = discovery.service("orders");
        orders.next().close();
        orders.watch(snapshot -> hang());
        orders.selecting("some", endpoint -> {
            hang();
            return true;
        });
        hanging.await();
        long began = Ticker.system().nanos();
        discovery.close();
        Duration took = Duration.ofNanos(Ticker.system().nanos() - began);
        release.release(2);
        assertThat(took).isLessThan(Duration.ofSeconds(1));
    }
}
