package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.Discovery;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;

/** Whole Spring Boot applications with a balanced {@code RestClient}: what the class path and the properties make of it. */
final class SpringApplications implements Client {

    private static final String SERVICE = "orders.shop";
    private static final String INSTANCES = "spring.cloud.discovery.client.simple.instances[" + SERVICE + "]";

    private final RestClient http;
    private final String url;

    private SpringApplications(
            int port,
            List<String> properties,
            ApplicationContextInitializer<GenericApplicationContext> more,
            Class<?>... sources) {
        ConfigurableApplicationContext application = new SpringApplicationBuilder(sources)
                .initializers(more)
                .web(WebApplicationType.NONE)
                .logStartupInfo(false)
                .properties("spring.main.banner-mode=off")
                .run(properties.stream().map(property -> "--" + property).toArray(String[]::new));
        http = application.getBean(RestClient.Builder.class).build();
        url = "http://" + SERVICE + ":" + port + "/list";
    }

    /** The starter: home and one tier behind it. */
    static SpringApplications ofOurs(Served local, Served remote) {
        Discovery discovery = Ours.discovery(local, remote);
        return new SpringApplications(
                local.port(),
                List.of(),
                context -> context.registerBean(Discovery.class, () -> discovery),
                Balanced.class);
    }

    /** Both instances in turn. */
    static SpringApplications of(boolean retry, Served local, Served remote) {
        return new SpringApplications(local.port(), both(retry, local, remote), context -> {}, Balanced.class);
    }

    /** Spring's own preset {@code zone-preference}: the local instance is in our zone. */
    static SpringApplications ofZonePreference(Served local, Served remote) {
        List<String> properties = both(true, local, remote);
        properties.add("spring.cloud.loadbalancer.configurations=zone-preference");
        properties.add("spring.cloud.loadbalancer.zone=local");
        return new SpringApplications(local.port(), properties, context -> {}, Balanced.class);
    }

    /** Spring's own preset {@code health-check}, over its own interval. */
    static SpringApplications ofHealthCheck(boolean retry, Served local, Served remote) {
        List<String> properties = both(retry, local, remote);
        properties.add("spring.cloud.loadbalancer.configurations=health-check");
        properties.add("spring.cloud.loadbalancer.health-check.path.default=/list");
        return new SpringApplications(local.port(), properties, context -> {}, Balanced.class, Checks.class);
    }

    private static List<String> both(boolean retry, Served local, Served remote) {
        List<String> properties = new ArrayList<>();
        properties.add("discovery.enabled=false"); // the starter is on this class path, too
        properties.add(
                "spring.cloud.loadbalancer.retry.enabled=" + retry); // true without a word, as spring-retry is here
        for (Served endpoint : List.of(local, remote)) {
            String instance = INSTANCES + (endpoint.equals(local) ? "[0]" : "[1]");
            properties.add(instance + ".uri=http://" + endpoint.endpoint());
            properties.add(instance + ".metadata.zone=" + endpoint.name());
        }
        return properties;
    }

    @Override
    public void call() {
        String body = http.get().uri(url).retrieve().body(String.class);
        if (body == null) {
            throw new IllegalStateException("no body");
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Balanced {
        @Bean
        @LoadBalanced
        RestClient.Builder balanced() {
            return RestClient.builder();
        }
    }

    /** What the checks are made with. */
    @Configuration(proxyBeanMethods = false)
    static class Checks {
        @Bean
        RestTemplate checks() {
            return new RestTemplate();
        }
    }
}
