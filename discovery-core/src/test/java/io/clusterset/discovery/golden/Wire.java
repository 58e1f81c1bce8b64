package io.clusterset.discovery.golden;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.time.ManualTime;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A nameserver on a real socket and the library that asks it, in virtual time: DNS's own words, and the same in each run. */
final class Wire implements AutoCloseable {

    static final String LOCAL = "orders.shop.svc.cluster.local";
    static final String CLUSTERSET = "orders.shop.svc.clusterset.local";

    final ManualTime time = new ManualTime();
    final Discovery discovery;

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    Wire(FakeDnsServer dns, UnaryOperator<Discovery.Builder> change) {
        Prober prober = (address, timeout, done) -> done.accept(new Prober.Passed());
        this.discovery = change.apply(Discovery.builder()
                        .settings(Settings.none())
                        .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                        .dns(d -> d.nameservers(List.of(dns.address())))
                        .prober(prober)
                        .time(time, time)
                        .random(new Random(1))
                        .executor(Runnable::run)
                        .listener(events::add))
                .build();
    }

    static Wire of(FakeDnsServer dns) {
        return new Wire(dns, builder -> builder);
    }

    /** When every tier has answered. */
    Explanation explained(String name) throws Exception {
        Service service = discovery.service(name);
        return service.examine(false).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    void await(Predicate<Event> wanted) throws InterruptedException {
        Event event;
        do {
            event = events.poll(10, TimeUnit.SECONDS);
            assertThat(event).as("an event that was waited for").isNotNull();
        } while (!wanted.test(event));
    }

    /** What an answer sets off on the thread that brought it has happened: the serial executor gets round to this last. */
    void settle() throws Exception {
        discovery.service("orders.shop").examine(false).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        discovery.close();
    }
}
