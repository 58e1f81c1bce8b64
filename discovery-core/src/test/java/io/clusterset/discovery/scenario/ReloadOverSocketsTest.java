package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What changes at run time reaches the wire. */
class ReloadOverSocketsTest {

    @Test
    void otherNameserversAreAskedAtOnceAndOtherAddressesLetThrough() throws Exception {
        try (FakeDnsServer wrong = FakeDnsServer.start();
                FakeDnsServer right = FakeDnsServer.start()) {
            wrong.silence();
            right.service("orders.shop.svc.cluster.local", "127.0.0.1");
            Map<String, String> file = new ConcurrentHashMap<>(
                    Map.of("discovery.dns.nameservers", wrong.endpoint(), "discovery.dns.timeout", "300ms"));
            Supplier<Settings> settings = () -> Settings.none().withProperties(file, "a.properties");
            try (Discovery discovery = Discovery.builder()
                    .settings(settings)
                    .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                    .build()) {
                Service orders = discovery.service("orders");
                assertThatThrownBy(orders::next).isInstanceOf(DiscoveryException.class);
                CountDownLatch found = new CountDownLatch(1);
                orders.watch(snapshot -> {
                    if (!snapshot.tiers().get(0).endpoints().isEmpty()) {
                        found.countDown();
                    }
                });
                file.put("discovery.dns.nameservers", right.endpoint());
                file.put("discovery.dns.allow-addresses", "127.0.0.0/8");
                assertThat(discovery.reload().changed()).hasSize(2);
                assertThat(found.await(10, TimeUnit.SECONDS)).isTrue();
                assertThat(orders.next().endpoint().authority()).isEqualTo("127.0.0.1:80");
            }
        }
    }
}
