package io.clusterset.discovery.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.context.properties.bind.BindableRuntimeHintsRegistrar;

/** What a native image must keep: the properties that are bound by their names, and the file that the core looks for. */
final class SpringHints implements RuntimeHintsRegistrar {

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        BindableRuntimeHintsRegistrar.forTypes(DiscoveryProperties.class).registerHints(hints, classLoader);
        hints.resources().registerPattern("discovery.properties");
    }
}
