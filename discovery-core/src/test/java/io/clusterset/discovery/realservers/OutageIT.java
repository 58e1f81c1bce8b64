package io.clusterset.discovery.realservers;

import static io.clusterset.discovery.realservers.Zones.CLUSTERSET;
import static io.clusterset.discovery.realservers.Zones.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Event;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A minute without any DNS, in the three ways there are: nobody listens, silence, and a cache that only has regrets. */
class OutageIT {

    private static final Duration OUTAGE = Duration.ofSeconds(60);

    /** 200 a second, less what a machine may cost that stands still half of the time: enough to meet every refresh. */
    private static final int LEAST_CALLS = 20 * (int) OUTAGE.toSeconds();

    /**
     * Per tier A and AAAA, asked again 1, 2, 4, 8, 16 and 30 s apart at the most: seven times in a minute, eight with the
     * jitter.
     */
    private static final int MOST_QUESTIONS = 2 * 2 * 8;

    private static final int TRIES = 4; // datagrams that a question is to a server that says nothing

    private static final Zones ZONES = Zones.both()
            .with(LOCAL, "orders", 1, List.of("10.1.0.1", "10.1.0.2", "10.1.0.3"))
            .with(CLUSTERSET, "orders", 1, List.of("10.2.0.1"));

    @Test
    void aMinuteWithoutDnsCostsNoWarmCallerAnything() throws Exception {
        try (RealDns refusing = RealDns.start(RealDns.Kind.KNOT, ZONES);
                RealDns silent = RealDns.start(RealDns.Kind.BIND, ZONES);
                RealDns regretting = RealDns.start(RealDns.Kind.UNBOUND, ZONES);
                Warm one = new Warm(refusing);
                Warm two = new Warm(silent);
                Warm three = new Warm(regretting)) {
            refusing.kill();
            silent.kill();
            regretting.killAuthority();
            int before = regretting.asked().size();
            try (Silence silence = Silence.at(silent.address())) {
                one.call();
                two.call();
                three.call();
                Thread.sleep(OUTAGE.toMillis());
                one.expectNothingNoticed();
                two.expectNothingNoticed();
                three.expectNothingNoticed();
                System.out.printf(
                        "silent server: %d datagrams in %s%n", silence.asked().size(), OUTAGE);
                assertThat(silence.asked())
                        .hasSizeBetween(1, MOST_QUESTIONS * TRIES)
                        .allMatch(Asked::isOurs);
            }
            regretting.stopAndExpectOnlyOurNames();
            int asked = regretting.asked().size() - before;
            System.out.printf("cache without servers: %d datagrams in %s%n", asked, OUTAGE);
            assertThat(asked).isBetween(1, MOST_QUESTIONS * TRIES); // it is slow to say that it can't tell
        }
    }

    /** A service that has its answers, and its callers. */
    private static final class Warm implements AutoCloseable {
        private final RealDns dns;
        private final Queue<Event> events = new ConcurrentLinkedQueue<>();
        private final Discovery discovery;
        private final Service orders;
        private Callers callers;

        Warm(RealDns dns) throws Exception {
            this.dns = dns;
            discovery = dns.discovery().listener(events::add).build();
            orders = discovery.service("orders.shop");
            Await.until(
                    Duration.ofSeconds(5),
                    () -> orders.endpoints().size() == 4,
                    () -> orders.explain().toString());
            callers = Callers.of(orders);
        }

        void call() throws InterruptedException {
            callers.stop();
            callers = Callers.of(orders);
        }

        void expectNothingNoticed() throws InterruptedException {
            Callers.Report report = callers.stop();
            System.out.printf("%s: %s%n", dns, report);
            assertThat(report.errors()).isEmpty();
            assertThat(report.calls()).isGreaterThan(LEAST_CALLS);
            assertThat(report.tiers()).containsOnlyKeys("local");
            assertThat(report.waited()).as("calls that waited").isZero();
            assertThat(orders.endpoints()).hasSize(4);
            assertThat(orders.snapshot().tiers())
                    .allMatch(tier -> tier.resolution().stale());
            assertThat(events.stream().filter(Event.LoadChanged.class::isInstance))
                    .hasSize(1);
        }

        @Override
        public void close() {
            discovery.close();
        }
    }
}
