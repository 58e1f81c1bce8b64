package io.clusterset.discovery.spring.cloud;

import feign.codec.Decoder;
import feign.codec.StringDecoder;
import io.clusterset.discovery.Discovery;
import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.restclient.RestTemplateBuilder;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.cloud.openfeign.FeignClient;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.registry.HttpServiceGroup;
import org.springframework.web.service.registry.ImportHttpServices;

/** An application as its developers write it, with every kind of client; only the {@code Discovery} comes from the test. */
@SpringBootConfiguration
@EnableAutoConfiguration
@EnableFeignClients(clients = App.FeignOrders.class)
@ImportHttpServices(group = "orders.shop", types = App.Orders.class)
@ImportHttpServices(
        group = "orders.shop.svc",
        types = App.ReactiveOrders.class,
        clientType = HttpServiceGroup.ClientType.WEB_CLIENT)
class App {

    static ConfigurableApplicationContext start(Discovery discovery, String... settings) {
        return start(discovery, new Class<?>[] {App.class}, settings);
    }

    static ConfigurableApplicationContext start(Discovery discovery, Class<?>[] sources, String... settings) {
        return new SpringApplicationBuilder(sources)
                .web(WebApplicationType.NONE)
                .bannerMode(Banner.Mode.OFF)
                .initializers(context -> ((GenericApplicationContext) context)
                        .registerBean(Discovery.class, () -> discovery, bean -> bean.setDestroyMethodName("")))
                .run(Stream.of(settings).map(setting -> "--" + setting).toArray(String[]::new));
    }

    @Bean
    @LoadBalanced
    RestClient.Builder balancedRestClient(RestClientBuilderConfigurer boot) {
        return boot.configure(RestClient.builder());
    }

    @Bean
    @LoadBalanced
    RestTemplate balancedRestTemplate(RestTemplateBuilder builder) {
        return builder.build();
    }

    @Bean
    @LoadBalanced
    WebClient.Builder balancedWebClient() {
        return WebClient.builder();
    }

    /** Closes at once: nothing is under way. */
    @Bean
    ReactorResourceFactory reactorResources() {
        ReactorResourceFactory resources = new ReactorResourceFactory();
        resources.setUseGlobalResources(false);
        resources.setShutdownQuietPeriod(Duration.ZERO);
        return resources;
    }

    /** Feign's own, which needs no web application. */
    static final class Text {
        @Bean
        Decoder decoder() {
            return new StringDecoder();
        }
    }

    @HttpExchange
    interface Orders {
        @GetExchange("/list")
        String list();
    }

    @HttpExchange
    interface ReactiveOrders {
        @GetExchange("/list")
        String list();
    }

    @FeignClient(name = "orders.shop", configuration = Text.class)
    interface FeignOrders {
        @GetMapping("/list")
        String list();
    }
}
