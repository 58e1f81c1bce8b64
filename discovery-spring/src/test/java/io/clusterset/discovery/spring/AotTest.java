package io.clusterset.discovery.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.model.Provenance;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;

/** The context as a native image has it: made ahead of time, compiled, and started from what was made. */
class AotTest {

    @Test
    @CompileWithForkedClassLoader
    void theContextMadeAheadOfTimeReadsItsPropertiesWhenItStarts() {
        TestGenerationContext made = new TestGenerationContext();
        GenericApplicationContext before = new GenericApplicationContext();
        new AnnotatedBeanDefinitionReader(before).register(Application.class);
        new ApplicationContextAotGenerator().processAheadOfTime(before, made);
        made.writeGeneratedContent();

        RuntimeHints hints = made.getRuntimeHints();
        assertThat(RuntimeHintsPredicates.reflection().onType(DiscoveryProperties.Health.class))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("discovery.properties"))
                .accepts(hints);
        TestCompiler.forSystem().with(made).compile(compiled -> {
            ApplicationContextInitializer<GenericApplicationContext> initializer =
                    initializer(compiled.getInstance(ApplicationContextInitializer.class));
            try (GenericApplicationContext context = new GenericApplicationContext()) {
                context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new MapPropertySource("test", Map.of("discovery.failover.dwell", "9s")));
                initializer.initialize(context);
                context.refresh();
                assertThat(context.getBean(Discovery.class).settings())
                        .filteredOn(held -> held.key().equals(Setting.FAILOVER_DWELL.property()))
                        .extracting(Provenance::value)
                        .containsExactly("9s");
            }
        });
    }

    @SuppressWarnings("unchecked")
    private static ApplicationContextInitializer<GenericApplicationContext> initializer(
            ApplicationContextInitializer<?> made) {
        return (ApplicationContextInitializer<GenericApplicationContext>) made;
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(DiscoveryAutoConfiguration.class)
    static class Application {}
}
