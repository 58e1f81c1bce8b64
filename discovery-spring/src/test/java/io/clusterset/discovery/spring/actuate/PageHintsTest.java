package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.page.DiscoveryPage;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.io.ClassPathResource;
import org.springframework.mock.web.MockServletContext;
import org.springframework.web.context.support.GenericWebApplicationContext;

/** A native image has the page's file, and what the actuator calls of the endpoint. */
class PageHintsTest {

    private static final String FILE = "io/clusterset/discovery/page/page.html";

    @Test
    void theFileIsKept() {
        assertThat(new ClassPathResource(FILE).exists()).isTrue();
        RuntimeHints hints = hints("management.endpoints.web.exposure.include=*");
        assertThat(RuntimeHintsPredicates.resource().forResource(FILE)).accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(DiscoveryPageEndpoint.class))
                .accepts(hints);
    }

    private static RuntimeHints hints(String property) {
        TestGenerationContext made = new TestGenerationContext();
        GenericWebApplicationContext context = new GenericWebApplicationContext(new MockServletContext());
        String[] parts = property.split("=");
        context.getEnvironment()
                .getPropertySources()
                .addFirst(new MapPropertySource("test", Map.of(parts[0], parts[1])));
        new AnnotatedBeanDefinitionReader(context).register(Application.class);
        new ApplicationContextAotGenerator().processAheadOfTime(context, made);
        return made.getRuntimeHints();
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(ActuateAutoConfiguration.class)
    static class Application {

        @Bean
        Discovery discovery() {
            return Discovery.builder().settings(Settings.none()).build();
        }

        @Bean
        String aPage(DiscoveryPage page) {
            return page.contentSecurityPolicy();
        }
    }
}
