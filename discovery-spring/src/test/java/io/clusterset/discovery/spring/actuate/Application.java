package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.Discovery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An application as somebody would write it, with a web server, and its actuator as seen from outside. */
final class Application implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    final ConfigurableApplicationContext context;

    private Application(ConfigurableApplicationContext context) {
        this.context = context;
    }

    static Application run(WebApplicationType type, Discovery discovery, String... properties) {
        return new Application(new SpringApplicationBuilder(Configured.class)
                .web(type)
                .bannerMode(Banner.Mode.OFF)
                .initializers(
                        context -> ((GenericApplicationContext) context).registerBean(Discovery.class, () -> discovery))
                .properties(Stream.concat(
                                Stream.of(
                                        "server.port=0",
                                        "logging.level.root=warn",
                                        "spring.reactor.netty.shutdown-quiet-period=0s",
                                        "management.endpoints.web.exposure.include=*",
                                        "management.endpoint.health.show-details=always"),
                                Stream.of(properties))
                        .toArray(String[]::new))
                .run());
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port") + path);
    }

    Reply get(String path) {
        return send(path, HttpRequest.newBuilder());
    }

    Reply post(String path, Map<String, ?> body) {
        return send(
                path,
                HttpRequest.newBuilder()
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
    }

    Reply delete(String path) {
        return send(path, HttpRequest.newBuilder().DELETE());
    }

    private Reply send(String path, HttpRequest.Builder request) {
        try {
            return reply(Shop.send(request.uri(uri(path))));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static Reply reply(HttpResponse<String> response) {
        return new Reply(response.statusCode(), response.body());
    }

    @Override
    public void close() {
        context.close();
    }

    record Reply(int status, String body) {
        JsonNode json() {
            return JSON.readTree(body);
        }

        /** What is wrong, in words. */
        String error() {
            return json().path("error").asString();
        }
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Configured {}
}
