package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Discovery;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.http.client.ClientHttpRequestFactoryBuilder;
import org.springframework.boot.http.client.autoconfigure.ClientHttpRequestFactoryBuilderCustomizer;
import org.springframework.util.function.SingletonSupplier;

/** Puts the steering around the builder of all request factories. A class, since Boot looks at its type argument. */
final class SteeringCustomizer
        implements ClientHttpRequestFactoryBuilderCustomizer<ClientHttpRequestFactoryBuilder<?>> {

    private final SingletonSupplier<Discovery> discovery;
    private final FilteredServices filtered = new FilteredServices();

    /** Asked at the first call: what makes the discovery may need an HTTP client itself. */
    SteeringCustomizer(ObjectProvider<Discovery> discovery) {
        this.discovery = SingletonSupplier.of(discovery::getObject);
    }

    @Override
    public ClientHttpRequestFactoryBuilder<?> customize(ClientHttpRequestFactoryBuilder<?> builder) {
        return new SteeringFactoryBuilder(builder, discovery, filtered);
    }
}
