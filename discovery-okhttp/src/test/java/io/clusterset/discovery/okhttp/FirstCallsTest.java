package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The one line, and what it gives. */
class FirstCallsTest {

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final FakeEndpoint local = FakeEndpoint.start("local-a", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", local.port());
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
            .build();
    private final OkHttpClient client =
            DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build();

    @AfterEach
    void close() {
        discovery.close();
        dns.close();
        local.close();
        remote.close();
    }

    private void bothClusters() {
        dns.service("orders.shop.svc.cluster.local", "127.0.0.1");
        dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");
    }

    private Response get(String host) throws IOException {
        return client.newCall(new Request.Builder()
                        .url("http://" + host + ":" + local.port() + "/list")
                        .build())
                .execute();
    }

    @Test
    void homeServesAndTheResponseSaysSo() throws IOException {
        bothClusters();
        try (Response response = get("orders.shop")) {
            assertThat(response.body().string()).isEqualTo("local-a");
            CallAttempt attempt = response.request().tag(CallAttempt.class);
            assertThat(attempt).isNotNull();
            assertThat(attempt.toString())
                    .isEqualTo("orders.shop:" + local.port() + " at local 127.0.0.1:" + local.port() + ", attempt 1");
            assertThat(response.request().url().host()).isEqualTo("orders.shop");
        }
    }

    @Test
    void goesOnWhenHomeRefuses() throws IOException {
        bothClusters();
        try (Response before = get("orders.shop.svc.cluster.local")) {
            assertThat(before.body().string()).isEqualTo("local-a");
        }
        local.refuse();
        for (int i = 0; i < 20; i++) {
            try (Response response = get("orders.shop")) {
                assertThat(response.body().string()).isEqualTo("remote-a");
            }
        }
    }

    @Test
    void aServiceWithoutEndpointsSaysWhy() {
        dns.on("orders.shop.svc.cluster.local").nodata();
        dns.on("orders.shop.svc.clusterset.local").nodata();
        assertThatThrownBy(() -> get("orders.shop.svc"))
                .isInstanceOf(UnknownHostException.class)
                .hasMessageContaining("orders.shop:" + local.port() + ": no endpoint (local and clusterset: empty");
    }
}
