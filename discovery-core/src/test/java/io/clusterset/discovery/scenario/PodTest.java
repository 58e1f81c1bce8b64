package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.config.Machine;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.time.ManualTime;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pod, with its files and its nameserver on port 53: for the latter a test must be root, on Linux; else it is skipped. */
@Timeout(60)
class PodTest {

    private static final String ORDERS = "orders.shop.svc.cluster.local";

    @TempDir
    private Path root;

    private FakeDnsServer dns = FakeDnsServer.start();
    private FakeDnsServer other = FakeDnsServer.start();

    static FakeDnsServer nameserver(String address) {
        try {
            return FakeDnsServer.start(address, 53);
        } catch (UncheckedIOException notOurs) {
            Assumptions.abort(address + " port 53 can't be listened at: " + notOurs.getMessage());
            throw notOurs;
        }
    }

    private void startNameservers() {
        dns.close();
        dns = nameserver("127.0.0.78");
        other.close();
        other = nameserver("127.0.0.79");
    }

    @AfterEach
    void stop() {
        dns.close();
        other.close();
    }

    private static Discovery.Builder in(Machine machine) {
        return Discovery.builder().settings(Settings.none()).surroundings(machine.seen());
    }

    private static String picked(Service service) {
        try (Attempt attempt = service.next()) {
            return attempt.endpoint().authority();
        }
    }

    @Test
    void inAPodNothingNeedsToBeSaid() {
        startNameservers();
        dns.service(ORDERS, "10.0.0.1");
        try (Discovery discovery = in(Machine.pod(root, "127.0.0.78")).build()) {
            assertThat(picked(discovery.service("orders"))).isEqualTo("10.0.0.1:80");
            assertThat(discovery.tiers().toString()).contains("svc.{domain}@cluster.local");
        }
    }

    @Test
    void theNameserversMayChangeWhileItRuns() throws Exception {
        startNameservers();
        dns.service(ORDERS, "10.0.0.1");
        other.service(ORDERS, "10.0.0.2");
        Machine machine = Machine.pod(root, "127.0.0.78");
        ManualTime time = new ManualTime();
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        try (Discovery discovery = in(machine)
                .time(time, time)
                .listener(event -> events.add(event.toString()))
                .build()) {
            Service orders = discovery.service("orders");
            assertThat(picked(orders)).isEqualTo("10.0.0.1:80");
            machine.resolvConf("nameserver 127.0.0.79\n" + Machine.SEARCH);
            String event = "";
            while (!event.startsWith("dns: the nameservers in resolv.conf")) {
                time.advance(Duration.ofSeconds(30));
                event = String.valueOf(events.poll(10, TimeUnit.SECONDS));
            }
            assertThat(event).isEqualTo("dns: the nameservers in resolv.conf are 127.0.0.79 now, and were 127.0.0.78");
            while (!picked(orders).equals("10.0.0.2:80")) {
                time.advance(Duration.ofSeconds(1));
            }
        }
    }

    /** A pod of the node's network asks the node's nameserver, which has never heard of the cluster. */
    @Test
    void onTheNodesNetworkTheErrorSaysWhatIsMissing() {
        startNameservers();
        dns.serving(".");
        Machine machine = new Machine(root).account("shop").resolvConf("nameserver 127.0.0.78\nsearch corp.example\n");
        try (Discovery discovery = in(machine).build()) {
            Service orders = discovery.service("orders");
            assertThatThrownBy(orders::next)
                    .isInstanceOf(DiscoveryException.class)
                    .hasMessageContaining("the zone cluster.local is not served by 127.0.0.78")
                    .hasMessageContaining("no svc.DOMAIN in the search list of " + machine.resolvConfFile())
                    .hasMessageContaining("dnsPolicy: ClusterFirstWithHostNet");
        }
    }

    /** dnsPolicy: None with the cluster's nameserver needs no search list: nothing is odd once it has answered. */
    @Test
    void aNameserverThatKnowsTheClusterIsNotDoubted() throws Exception {
        startNameservers();
        dns.service(ORDERS, "10.0.0.1");
        Machine machine = new Machine(root).account("shop").resolvConf("nameserver 127.0.0.78\n");
        try (Discovery discovery = in(machine).build()) {
            assertThat(picked(discovery.service("orders"))).isEqualTo("10.0.0.1:80");
            String explained = discovery
                    .service("users")
                    .examine(false)
                    .toCompletableFuture()
                    .get()
                    .toString();
            assertThat(explained).contains("no such name").doesNotContain("ClusterFirstWithHostNet");
        }
    }

    @Test
    void aWindowsPodIsToldThatItsNameserversMustBeSaid() {
        try (Discovery discovery = in(new Machine(root).account("shop")).build()) {
            Service orders = discovery.service("orders");
            assertThatThrownBy(orders::next)
                    .hasMessageContaining("no nameserver known: ")
                    .hasMessageContaining("resolv.conf: not there (expected: discovery.dns.nameservers, or");
        }
    }
}
