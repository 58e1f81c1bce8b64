package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Machine;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.ResolutionException;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.time.ManualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A laptop: nothing is guessed, what was said works, and the rest fails at once with a sentence that mends it. */
class OutsideTest {

    private static final String PLACES = "not in a cluster: no /var/run/secrets/kubernetes.io/serviceaccount/namespace,"
            + " no svc.DOMAIN in the search list of /etc/resolv.conf, no KUBERNETES_SERVICE_HOST (expected: one of them,"
            + " discovery.dns.nameservers, or discovery.services[SERVICE.NAMESPACE].static)";

    @TempDir
    private Path root;

    private final ManualTime time = new ManualTime();
    private final List<Event> events = new ArrayList<>();

    private Discovery.Builder laptop(Map<String, String> settings) {
        Machine machine = new Machine(root).resolvConf("nameserver 127.0.0.77\nsearch home.example\n");
        return Discovery.builder()
                .settings(Settings.none().withProperties(settings, "laptop.properties"))
                .surroundings(machine.seen())
                .random(new Random(1))
                .listener(events::add);
    }

    private Discovery.Builder inOneThread(Map<String, String> settings) {
        return laptop(settings).executor(Runnable::run).time(time, time);
    }

    private static String picked(Discovery discovery, String name) {
        try (Attempt attempt = discovery.service(name).next()) {
            return attempt.endpoint().authority();
        }
    }

    @Test
    void whoAsksHearsAtOnceWhatWasLookedForAndWhatMendsIt() {
        try (Discovery discovery = inOneThread(Map.of()).build()) {
            Service orders = discovery.service("orders.shop");
            assertThatThrownBy(orders::next)
                    .isInstanceOf(ResolutionException.class)
                    .hasMessageStartingWith("orders.shop: could not be resolved (")
                    .satisfies(thrown -> {
                        String text = new Machine(root).shown(String.valueOf(thrown.getMessage()));
                        assertThat(text).contains(PLACES).doesNotContain("\n").hasSizeLessThan(700);
                    });
            assertThat(time.nanos()).isZero();
            assertThat(new Machine(root).shown(orders.explain().toString()))
                    .containsOnlyOnce(PLACES) // it is long: elsewhere its beginning will do
                    .contains("  local          0 %  no endpoint (not in a cluster: …)")
                    .contains("    answer    unknown: not in a cluster: …, asked again")
                    .contains("orders.shop: clusterset unknown (not in a cluster: …)");
        }
    }

    @Test
    void aNameWithoutANamespaceIsRefusedWithTheSettingThatMendsIt() {
        try (Discovery discovery = inOneThread(Map.of()).build()) {
            assertThatThrownBy(() -> discovery.service("orders"))
                    .hasMessage("orders: no namespace (expected orders.NAMESPACE, or set discovery.namespace)");
        }
    }

    @Test
    void theRouterIsNotAskedForAClustersNames() throws Exception {
        FakeDnsServer router = PodTest.nameserver("127.0.0.77");
        try (router;
                Discovery discovery = laptop(Map.of()).build()) {
            router.serving(".");
            String answer = discovery
                    .service("orders.shop")
                    .examine(false)
                    .toCompletableFuture()
                    .get()
                    .toString();
            assertThat(new Machine(root).shown(answer)).contains(PLACES);
            assertThat(router.questions()).isEmpty();
        }
    }

    /** And an application that has one for each service hears nothing of clusters. */
    @Test
    void staticListsWorkAndNothingIsComplainedOf() {
        Map<String, String> settings = Map.of(
                "discovery.services[orders.shop].static", "127.0.0.1:8080",
                "discovery.services[users.shop].static", "127.0.0.1:8081");
        try (Discovery discovery = inOneThread(settings).build()) {
            assertThat(picked(discovery, "orders.shop")).isEqualTo("127.0.0.1:8080");
            assertThat(picked(discovery, "orders.shop.svc.cluster.local")).isEqualTo("127.0.0.1:8080");
            assertThat(picked(discovery, "users.shop")).isEqualTo("127.0.0.1:8081");
            assertThat(events).noneMatch(event -> event instanceof Event.Trouble);
        }
    }

    @Test
    void nameserversThatAreSaidAreAskedAsInACluster() {
        try (FakeDnsServer dns = FakeDnsServer.start()) {
            dns.service("orders.shop.svc.cluster.local", "10.0.0.1");
            Map<String, String> settings =
                    Map.of("discovery.dns.nameservers", dns.endpoint(), "discovery.namespace", "shop");
            try (Discovery discovery = laptop(settings).build()) {
                assertThat(picked(discovery, "orders")).isEqualTo("10.0.0.1:80");
            }
            try (Discovery discovery = laptop(Map.of())
                    .dns(d -> d.nameservers(List.of(dns.address())))
                    .build()) {
                assertThat(picked(discovery, "orders.shop")).isEqualTo("10.0.0.1:80");
            }
        }
    }

    @Test
    void aTierWithItsOwnNameserversWorksBesideOneThatHasNone() {
        try (FakeDnsServer dns = FakeDnsServer.start()) {
            dns.service("orders.shop.svc.clusterset.local", "10.0.0.1");
            Tier remote = Tier.of("clusterset", "clusterset.local").withNameservers(List.of(dns.address()));
            try (Discovery discovery = laptop(Map.of())
                    .tier(Tier.of("local", "cluster.local"))
                    .tier(remote)
                    .build()) {
                assertThat(picked(discovery, "orders.shop")).isEqualTo("10.0.0.1:80");
            }
        }
    }
}
