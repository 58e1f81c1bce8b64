package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.okhttp.TwoClusters.Pod;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More endpoints refuse than a call has attempts. */
@Isolated("each call has its time, and nobody else may listen where it is refused")
class RefusalsTest {

    private static final RequestBody BODY = RequestBody.create("shoes", MediaType.get("text/plain"));

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() {
        dns.close();
    }

    /** Nobody listens at 127.0.0.11 and after. */
    private static String refusing(int n) {
        return "127.0.0." + (10 + n);
    }

    private static Request get(String scheme, int port) {
        return new Request.Builder()
                .url(scheme + "://orders.shop:" + port + "/list")
                .build();
    }

    /** Each process is new, and knows nothing: the first call of each meets whom it meets. */
    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void sevenOfEightRefuseAndNoCallFails(String method) throws IOException {
        try (Pod well = new Pod("well", Wire.HTTP1, "127.0.0.1", 0)) {
            dns.service(
                    "orders.shop.svc.cluster.local",
                    IntStream.rangeClosed(0, 7)
                            .mapToObj(n -> n == 0 ? "127.0.0.1" : refusing(n))
                            .toArray(String[]::new));
            int most = 0;
            for (int process = 0; process < 20; process++) {
                try (Discovery discovery = TwoClusters.discovery(dns, b -> b)) {
                    OkHttpClient client = DiscoveryOkHttp.install(
                                    Wire.HTTP1.client().callTimeout(Duration.ofSeconds(5)), discovery)
                            .build();
                    for (int call = 0; call < 5; call++) {
                        Request request = get("http", well.port())
                                .newBuilder()
                                .method(method, method.equals("POST") ? BODY : null)
                                .build();
                        TwoClusters.Reply reply = TwoClusters.call(client, request);
                        assertThat(reply.body()).isEqualTo("well");
                        most = Math.max(most, reply.attempt().number());
                    }
                }
            }
            assertThat(most).as("attempts of one call").isBetween(4, 8);
            assertThat(well.count()).isEqualTo(100);
        }
    }

    /** It would have all that is left, were the refused ones counted. */
    @Test
    void whoeverIsSilentAfterThreeRefusalsLeavesTimeForAnother() throws IOException {
        try (FakeEndpoint silent = FakeEndpoint.start("silent", "127.0.0.3", 0);
                Pod well = new Pod("well", Wire.HTTP2, "127.0.0.4", silent.port())) {
            silent.hang();
            String[] inOrder = {refusing(1), refusing(2), refusing(3), "127.0.0.3", "127.0.0.4"};
            try (Discovery discovery = TwoClusters.discovery(dns, b -> tiers(b, inOrder))) {
                OkHttpClient client = DiscoveryOkHttp.install(
                                Wire.HTTP2.client().callTimeout(Duration.ofSeconds(3)), discovery)
                        .build();
                TwoClusters.Reply reply = TwoClusters.call(client, get("https", well.port()));
                assertThat(reply.body()).isEqualTo("well");
                assertThat(reply.attempt().number()).isEqualTo(5);
            }
        }
    }

    private Discovery.Builder tiers(Discovery.Builder builder, String... addresses) {
        Discovery.Builder with = builder;
        for (int i = 0; i < addresses.length; i++) {
            dns.service("orders.shop.svc.cluster" + i + ".local", addresses[i]);
            with = with.tier(Tier.of("tier" + i, "cluster" + i + ".local"));
        }
        return with;
    }
}
