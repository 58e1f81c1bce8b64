package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.TlsEndpoint;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTPS probes of endpoints that speak TLS, through a whole discovery. */
class HttpsProbesTest {

    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private Optional<SSLContext> identity = Optional.empty();
    private Optional<TlsEndpoint> ready = Optional.empty();
    private Optional<TlsEndpoint> overloaded = Optional.empty();

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        identity = Optional.of(TlsEndpoint.identity(folder, "ip:127.0.0.1"));
        ready = Optional.of(TlsEndpoint.answering(identity.get(), "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        overloaded = Optional.of(TlsEndpoint.answering(identity.get(), "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        ready.ifPresent(TlsEndpoint::close);
        overloaded.ifPresent(TlsEndpoint::close);
        for (Thread ending : threads()) {
            ending.join(10_000);
            assertThat(ending.isAlive()).as(ending.getName()).isFalse();
        }
    }

    private static Endpoint endpoint(TlsEndpoint tls) {
        return Endpoint.of(tls.address().getAddress(), tls.address().getPort());
    }

    private List<Verdict> examine(Settings settings, UnaryOperator<HealthOptions.Builder> health) throws Exception {
        List<Endpoint> endpoints = List.of(endpoint(ready.orElseThrow()), endpoint(overloaded.orElseThrow()));
        try (Discovery discovery = Discovery.builder()
                .settings(settings)
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), StaticSource.of(endpoints))
                .health(health.andThen(h -> h.probeTimeout(Duration.ofSeconds(30)))::apply)
                .listener(events::add)
                .build()) {
            var explanation = discovery
                    .service("orders")
                    .examine(true)
                    .toCompletableFuture()
                    .get(90, TimeUnit.SECONDS);
            assertThat(threads())
                    .extracting(Thread::getName)
                    .isSubsetOf("discovery-main", "discovery-io", "discovery-callbacks", "discovery-https")
                    .contains("discovery-https");
            discovery.service("orders").ready().toCompletableFuture().get(30, TimeUnit.SECONDS); // behind the listener
            return explanation.decision().tiers().get(0).candidates().stream()
                    .map(Candidate::verdict)
                    .toList();
        }
    }

    private static List<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("discovery-"))
                .toList();
    }

    @Test
    void theStatusSettlesTheVerdict() throws Exception {
        List<Verdict> verdicts =
                examine(Settings.none(), h -> h.probe(Probe.https("/ready")).probeTls(identity.orElseThrow()));
        assertThat(verdicts)
                .containsExactlyInAnyOrder(Verdict.HEALTHY, new Verdict(Verdict.State.UNHEALTHY, "probe answered 503"));
        assertThat(events).filteredOn(Event.Trouble.class::isInstance).isEmpty();
    }

    @Test
    void aCertificateThatTheJvmDoesNotTrustIsToldOnceAndHeldAgainstNobody() throws Exception {
        Settings settings = Settings.none().withProperties(Map.of("discovery.health.probe", "https:/ready"), "a test");
        assertThat(examine(settings, UnaryOperator.identity())).containsExactly(Verdict.HEALTHY, Verdict.HEALTHY);
        assertThat(events)
                .filteredOn(Event.Trouble.class::isInstance)
                .singleElement()
                .asString()
                .startsWith("https probe of 127.0.0.1:")
                .contains("its certificate can't be verified for the address");
    }
}
