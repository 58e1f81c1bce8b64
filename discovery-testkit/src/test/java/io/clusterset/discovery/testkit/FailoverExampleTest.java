package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.RecordType.A;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The example of the package documentation, with the simplest client that passes it. */
class FailoverExampleTest {

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "127.0.0.2 is there on Linux only")
    void fiveLinesTestAFailover() throws IOException {
        try (FakeDnsServer dns = FakeDnsServer.start();
                FakeEndpoint local = FakeEndpoint.start("local-a");
                FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", local.port())) {
            Client client = new Client(dns, local.port());

            dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
            dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
            assertThat(client.get("/list")).isEqualTo("local-a");
            local.refuse();
            assertThat(client.get("/list")).isEqualTo("remote-a");

            assertThat(remote.requestsFor("/list")).isEqualTo(1);
        }
    }

    /** Asks for both names each time, and tries the addresses in turn. */
    private record Client(FakeDnsServer dns, int port) {

        String get(String path) throws IOException {
            IOException last = new IOException("no address");
            for (String zone : new String[] {"cluster.local", "clusterset.local"}) {
                for (String address : RawClient.answers(RawClient.udp(dns, "orders.shop.svc." + zone, A))) {
                    URI uri = URI.create("http://" + address + ':' + port + path);
                    try (InputStream body = uri.toURL().openStream()) {
                        return new String(body.readAllBytes(), StandardCharsets.US_ASCII);
                    } catch (IOException e) {
                        last = e;
                    }
                }
            }
            throw last;
        }
    }
}
