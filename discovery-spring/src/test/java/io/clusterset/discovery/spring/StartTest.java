package io.clusterset.discovery.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A start while DNS is dead. */
class StartTest {

    @Test
    void aStartAsksNobodyAndTheFirstCallAnswersOnceDnsDoes() {
        try (FakeDnsServer dns = FakeDnsServer.start()) {
            dns.service("orders.shop.svc.cluster.local", "10.0.0.1");
            dns.service("orders.shop.svc.clusterset.local", "10.9.0.1");
            dns.silence();
            new ApplicationContextRunner()
                    .withConfiguration(AutoConfigurations.of(DiscoveryAutoConfiguration.class))
                    .withPropertyValues(
                            "discovery.dns.nameservers=" + dns.endpoint(),
                            "discovery.dns.timeout=200ms",
                            "discovery.services[orders.shop].port=8080")
                    .run(context -> {
                        assertThat(context).hasNotFailed();
                        assertThat(dns.questions()).as("asked by the start").isEmpty();
                        Service orders = context.getBean(Discovery.class).service("orders.shop");
                        assertThatThrownBy(orders::next).isInstanceOf(ResolutionException.class);

                        CompletableFuture<Snapshot> found = new CompletableFuture<>();
                        Service.Watching watching = orders.watch(snapshot -> {
                            if (snapshot.tiers().stream()
                                    .anyMatch(tier -> !tier.endpoints().isEmpty())) {
                                found.complete(snapshot);
                            }
                        });
                        dns.recover();
                        found.get(20, TimeUnit.SECONDS);
                        watching.close();
                        assertThat(orders.next().endpoint().authority()).endsWith(".1:8080");
                    });
        }
    }
}
