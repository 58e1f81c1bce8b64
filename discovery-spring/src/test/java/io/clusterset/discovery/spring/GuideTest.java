package io.clusterset.discovery.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the guides call a property is one. */
class GuideTest {

    private static final Path GUIDES = Path.of("..", "docs", "guides");

    /** A whole key in backquotes, with or without a value. */
    private static final Pattern KEY =
            Pattern.compile("`((?:discovery|spring|management)\\.[a-z0-9.-]*[a-z0-9])(?:=[^`]*)?`");

    private static final Pattern NAME = Pattern.compile("\"name\": ?\"([^\"]+)\"");

    @ParameterizedTest
    @ValueSource(strings = {"spring.md", "spring-migration.md"})
    void keysInBackquotesAreProperties(String guide) throws IOException {
        Set<String> known = known();
        Matcher keys = KEY.matcher(Files.readString(GUIDES.resolve(guide)));
        Set<String> unknown = new TreeSet<>();
        int found = 0;
        while (keys.find()) {
            found++;
            String key = keys.group(1);
            boolean group = known.stream().anyMatch(name -> name.startsWith(key + "."));
            boolean ofKubernetes = key.startsWith("spring.cloud.kubernetes.");
            if (!known.contains(key) && !group && !ofKubernetes) {
                unknown.add(key);
            }
        }
        assertThat(found).isGreaterThan(10);
        assertThat(unknown).as("keys of " + guide + " that no metadata has").isEmpty();
    }

    @Test
    void whatIsWrittenForTheLoadBalancerIsThere() throws IOException {
        assertThat(known())
                .contains("spring.cloud.loadbalancer.retry.max-retries-on-next-service-instance")
                .contains("management.endpoint.discovery.drill", "management.health.clusterset.enabled");
    }

    /** Of every jar on the class path, and what has no metadata since it is read by name. */
    private static Set<String> known() throws IOException {
        Set<String> known = new TreeSet<>(List.of("discovery.properties"));
        for (String file : List.of(
                "META-INF/spring-configuration-metadata.json",
                "META-INF/additional-spring-configuration-metadata.json")) {
            for (URL url : Collections.list(GuideTest.class.getClassLoader().getResources(file))) {
                try (InputStream in = url.openStream()) {
                    Matcher names = NAME.matcher(new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    while (names.find()) {
                        known.add(names.group(1));
                    }
                }
            }
        }
        return known;
    }
}
