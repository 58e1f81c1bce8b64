package io.clusterset.discovery.spring;

import io.clusterset.discovery.Discovery;

/**
 * Changes the builder of the auto-configured {@link Discovery}, for what no property can say: a source of one's own, a listener, a
 * clock. Make it a bean; several are called in their order. What they say wins over properties.
 *
 * <pre>{@code
 * @Bean
 * DiscoveryBuilderCustomizer canary() {
 *   return builder -> builder.listener(event -> …);
 * }
 * }</pre>
 */
@FunctionalInterface
public interface DiscoveryBuilderCustomizer {

    /** Called once, before the discovery is built, on the thread that starts the application. What it throws ends the start. */
    void customize(Discovery.Builder builder);
}
