package io.clusterset.discovery.spring.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Affinity;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.JdkClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.boot.restclient.RestClientCustomizer;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientObservationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.registry.ImportHttpServices;

/** What is built on a request factory, and what others put around it. */
class AroundTest {

    private final Shop shop = new Shop();
    private final Pod home = new Pod("home", Shop.HOME, 0, null);
    private final Pod remote = new Pod("remote", Shop.REMOTE, home.port(), null);
    private final String url = "http://" + Shop.HOST + ":" + home.port() + "/list";

    @AfterEach
    void close() {
        shop.close();
        home.close();
        remote.close();
    }

    @Test
    void restTemplate() {
        home.fails(503);
        shop.application().run(context -> {
            RestTemplate template = context.getBean(RestTemplateBuilder.class).build();
            assertThat(template.getForObject(url, String.class)).isEqualTo("remote");
        });
    }

    @Test
    void anHttpInterfaceWithABaseUrl() {
        home.fails(503);
        shop.application("spring.http.serviceclient.orders.base-url=http://orders.shop:" + home.port())
                .withUserConfiguration(Interfaces.class)
                .run(context -> assertThat(context.getBean(Orders.class).list()).isEqualTo("remote"));
    }

    @Test
    void whatIsAroundRunsOncePerCallHoweverManyAttempts() {
        home.fails(503);
        AtomicInteger intercepted = new AtomicInteger();
        AtomicInteger observed = new AtomicInteger();
        ObservationRegistry observations = ObservationRegistry.create();
        observations.observationConfig().observationHandler(new Counting(observed));
        shop.application()
                .withConfiguration(AutoConfigurations.of(RestClientObservationAutoConfiguration.class))
                .withBean(ObservationRegistry.class, () -> observations)
                .withBean(
                        RestClientCustomizer.class,
                        () -> builder -> builder.requestInterceptor((request, body, execution) -> {
                            intercepted.incrementAndGet();
                            assertThat(request.getURI()).isEqualTo(URI.create(url));
                            return execution.execute(request, body);
                        }))
                .run(context -> assertThat(context.getBean(RestClient.Builder.class)
                                .build()
                                .post()
                                .uri(url)
                                .attribute(
                                        io.clusterset.discovery.call.Call.class.getName(),
                                        io.clusterset.discovery.call.Call.idempotent())
                                .body("order")
                                .retrieve()
                                .body(String.class))
                        .isEqualTo("remote"));
        assertThat(intercepted).hasValue(1);
        assertThat(observed).hasValue(1);
        assertThat(remote.seen()).extracting(Pod.Seen::body).containsExactly("order");
    }

    @Test
    void theUsersCustomizersAreOfTheClientInside() {
        AtomicInteger clients = new AtomicInteger();
        shop.application("spring.http.clients.imperative.factory=jdk")
                .withBean("jdk", ClientHttpRequestFactoryBuilderCustomizer.class, () -> new OfJdk(clients))
                .run(context -> assertThat(context.getBean(RestClient.Builder.class)
                                .build()
                                .get()
                                .uri(url)
                                .retrieve()
                                .body(String.class))
                        .isEqualTo("home"));
        assertThat(clients).as("one for what is ours, one for the rest").hasValue(2);
    }

    @Test
    void anAffinityChoosesTheEndpoint() {
        shop.dns.service("orders.shop.svc.cluster.local", Shop.HOME, "127.0.0.4");
        try (Pod other = new Pod("other", "127.0.0.4", home.port(), null)) {
            shop.application().run(context -> {
                RestClient client = context.getBean(RestClient.Builder.class).build();
                for (int i = 0; i < 10; i++) {
                    client.get()
                            .uri(url)
                            .attribute(Affinity.class.getName(), Affinity.of("customer 7"))
                            .retrieve()
                            .toBodilessEntity();
                }
            });
            assertThat(home.seen().size() % 10).as("all or none of ten").isZero();
            assertThat(home.seen().size() + other.seen().size()).isEqualTo(10);
        }
    }

    @Test
    void whatIsNotOursIsTheRequestThereWouldBeWithoutUs() {
        shop.application("spring.http.clients.imperative.factory=jdk").run(context -> {
            ClientHttpRequestFactory factory = context.getBean(ClientHttpRequestFactory.class);
            ClientHttpRequest theirs = factory.createRequest(URI.create("http://127.0.0.1/"), HttpMethod.POST);
            assertThat(theirs.getClass().getSimpleName()).isEqualTo("JdkClientHttpRequest");
            assertThat(factory.createRequest(URI.create("http://www.example.com/"), HttpMethod.GET))
                    .hasSameClassAs(theirs);
            assertThat(factory.createRequest(URI.create(url), HttpMethod.GET)).isInstanceOf(SteeredRequest.class);
        });
    }

    @Test
    void aStreamedBodyIsReadWhileItIsSent() {
        shop.application().run(context -> {
            ClientHttpRequest request =
                    context.getBean(ClientHttpRequestFactory.class).createRequest(URI.create(url), HttpMethod.POST);
            AtomicInteger octets = new AtomicInteger();
            ((StreamingHttpOutputMessage) request)
                    .setBody(out -> octets.addAndGet(
                            (int) new ByteArrayInputStream("order".getBytes(StandardCharsets.UTF_8)).transferTo(out)));
            assertThat(octets).as("before it is sent").hasValue(0);
            request.execute().close();
            assertThat(octets).hasValue(5);
        });
        assertThat(home.seen()).extracting(Pod.Seen::body).containsExactly("order");
    }

    @Test
    void aClosedDiscoveryIsNotThere() throws IOException {
        shop.application("spring.http.clients.imperative.factory=jdk").run(context -> {
            ClientHttpRequestFactory factory = context.getBean(ClientHttpRequestFactory.class);
            shop.discovery.close();
            assertThat(factory.createRequest(URI.create(url), HttpMethod.GET)).isNotInstanceOf(SteeredRequest.class);
        });
    }

    interface Orders {
        @GetExchange("/list")
        String list();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportHttpServices(group = "orders", types = Orders.class)
    static class Interfaces {
        @Bean
        String nothing() {
            return "";
        }
    }

    private record Counting(AtomicInteger ended) implements ObservationHandler<Observation.Context> {
        @Override
        public void onStop(Observation.Context context) {
            ended.incrementAndGet();
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return true;
        }
    }

    private record OfJdk(AtomicInteger clients)
            implements ClientHttpRequestFactoryBuilderCustomizer<JdkClientHttpRequestFactoryBuilder> {
        @Override
        public JdkClientHttpRequestFactoryBuilder customize(JdkClientHttpRequestFactoryBuilder builder) {
            assertThat(builder).isInstanceOf(ClientHttpRequestFactoryBuilder.class);
            return builder.withHttpClientCustomizer(client -> clients.incrementAndGet());
        }
    }
}
