package io.clusterset.discovery.spring.http;

import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/** Allows {@code Host} before anybody makes a client, and after the settings are known. Balanced clients need it, too. */
final class HostHeaderPostProcessor implements EnvironmentPostProcessor, Ordered {

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (!"false".equalsIgnoreCase(environment.getProperty("discovery.enabled"))) {
            HostHeader.allow();
        }
    }

    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
