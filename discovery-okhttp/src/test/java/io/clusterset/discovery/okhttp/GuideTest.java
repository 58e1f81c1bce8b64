package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Affinity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The code in the guide and on the front page is this very code: it compiles, and the pages repeat it word for word. */
class GuideTest {

    static OkHttpClient theOneLine() {
        Discovery discovery = Discovery.create();
        OkHttpClient client =
                DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build();
        return client;
    }

    static Request aboutACall(RequestBody body, String customerId) {
        Request charge = new Request.Builder()
                .url("http://payments.shop/charges")
                .post(body)
                .tag(Call.class, Call.idempotent())
                .tag(Affinity.class, Affinity.of(customerId))
                .build();
        return charge;
    }

    static String whoServed(Response response) {
        CallAttempt attempt = response.request().tag(CallAttempt.class);
        return String.valueOf(attempt);
    }

    static void why(Discovery discovery) {
        discovery.service("orders.shop:80").explain();
    }

    static void aDnsAlone(OkHttpClient.Builder builder, Discovery discovery) {
        DiscoveryDns dns = new DiscoveryDns(discovery);
        builder.dns(dns).eventListenerFactory(dns.listening(EventListener.NONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../README.md", "../docs/guides/okhttp.md"})
    void thePagesShowCodeThatCompiles(String page) throws IOException {
        String code = Pattern.compile("```java(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of(page)))
                .results()
                .map(block -> block.group(1))
                .filter(block -> block.contains("OkHttp") || page.contains("guides"))
                .filter(block -> !block.contains("Micrometer") && !block.contains("OkHttpMetricsEventListener"))
                .map(GuideTest::bare)
                .collect(Collectors.joining());
        String source = bare(Files.readString(Path.of("src/test/java/io/clusterset/discovery/okhttp/GuideTest.java")));
        assertThat(code).isNotEmpty();
        for (String statement : code.split("(?<=[;{}])")) {
            assertThat(source).contains(statement);
        }
    }

    /** Without comments, which begin with two slashes and a blank, and without room. */
    private static String bare(String code) {
        return code.replaceAll("// .*", "").replaceAll("[…\\s]+", "");
    }
}
