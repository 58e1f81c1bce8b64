package io.clusterset.examples.spring;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.restclient.autoconfigure.RestClientBuilderConfigurer;
import org.springframework.cloud.client.loadbalancer.LoadBalanced;
import org.springframework.cloud.client.loadbalancer.LoadBalancerRequestTransformer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.client.RestClient;

/**
 * {@code GET /call?service=orders.shop&path=/hello} calls the service and tells who answered. Nothing here knows of the discovery:
 * it is on the class path.
 */
@SpringBootApplication
public class SpringBootExample {

    /** For Spring. */
    public SpringBootExample() {}

    /** Starts the application; the options are Spring Boot's, and {@code --discovery.*}. */
    public static void main(String[] args) {
        SpringApplication.run(SpringBootExample.class, args);
    }

    @Bean
    @LoadBalanced
    RestClient.Builder restClientBuilder(RestClientBuilderConfigurer configurer) {
        return configurer.configure(RestClient.builder());
    }

    /** Remembers with the request which instance it went to: Spring Cloud tells it to transformers alone. */
    @Bean
    LoadBalancerRequestTransformer remembersInstance() {
        return (request, instance) -> {
            if (instance != null) {
                request.getAttributes().put(Calls.INSTANCE, instance);
            }
            return request;
        };
    }
}
