package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The front page's example is this very code: it compiles, and the page repeats it word for word. */
class ReadmeTest {

    static void example() throws IOException {
        try (Discovery discovery = Discovery.create()) {
            Service orders = discovery.service("orders.shop");
            String body = orders.call(Call.idempotent(), endpoint -> get(endpoint, "/list"));
            List<Endpoint> now = orders.endpoints();
            System.out.println(orders.explain());
            System.out.println(body + now);
        }
    }

    private static String get(Endpoint endpoint, String path) throws IOException {
        throw new IOException("not called: " + endpoint + path);
    }

    @Test
    void theFrontPageShowsCodeThatCompiles() throws IOException {
        String page = Files.readString(Path.of("../README.md"));
        String code = page.substring(page.indexOf("```java"), page.indexOf("```", page.indexOf("```java") + 3))
                .replaceAll("//.*", "")
                .replaceAll("\\s+", "");
        String source = Files.readString(Path.of("src/test/java/io/clusterset/discovery/scenario/ReadmeTest.java"))
                .replaceAll("\\s+", "");
        for (String statement : code.substring("```java".length()).split("(?<=[;{])")) {
            assertThat(source).contains(statement);
        }
    }
}
