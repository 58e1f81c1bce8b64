package io.clusterset.discovery.observe;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The guide lists what is registered: nothing more, nothing less, nothing else. */
final class MetricsGuideTest {

    private static final Set<String> OF_NAMES = Set.of("name", "tier");

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final MetricsScrape scrape = MetricsScrape.of(MetricsFigures.everything());

    MetricsGuideTest() {
        new DiscoveryMetrics(MetricsFigures.everything()).bindTo(registry);
    }

    @Test
    void eachMetricIsARowOfTheGuide() throws IOException {
        List<String> rows = Arrays.stream(Metric.values()).map(this::row).toList();

        assertThat(page().filter(line -> line.startsWith("| `discovery."))).containsExactlyElementsOf(rows);
    }

    @Test
    void whatIsRegisteredIsOfTheList() {
        Set<String> listed = Arrays.stream(Metric.values()).map(Metric::title).collect(toSet());

        assertThat(registry.getMeters())
                .extracting(meter -> meter.getId().getName())
                .allMatch(listed::contains)
                .containsAll(listed);
    }

    @Test
    void eachValueOfEachTagIsInTheGuide() throws IOException {
        Set<String> rows = registry.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(Tag::getKey)
                .filter(tag -> !OF_NAMES.contains(tag))
                .distinct()
                .map(tag -> "| `" + tag + "` | "
                        + scrape.values(tag).stream()
                                .map(value -> "`" + value + "`")
                                .collect(Collectors.joining(", "))
                        + " |")
                .collect(toSet());

        assertThat(page().filter(line -> line.matches("\\| `[a-z]+` \\|.*"))
                        .filter(line -> OF_NAMES.stream().noneMatch(tag -> line.startsWith("| `" + tag + "`"))))
                .containsExactlyInAnyOrderElementsOf(rows);
    }

    private static Stream<String> page() throws IOException {
        return Files.readString(Path.of("../docs/guides/metrics.md")).lines();
    }

    private String row(Metric metric) {
        List<Meter> meters = List.copyOf(registry.get(metric.title()).meters());
        Set<String> tags = meters.stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .map(tag -> "`" + tag.getKey() + "`")
                .collect(toCollection(TreeSet::new));
        String shown = scrape.startingWith(metric.title().replace('.', '_')).stream()
                .map(name -> "`" + name + "`")
                .collect(Collectors.joining(", "));
        String type = meters.get(0).getId().getType().name().toLowerCase(Locale.ROOT);
        return "| `" + metric.title() + "` | " + shown + " | " + type + " | "
                + Optional.ofNullable(metric.unit()).orElse("") + " | " + String.join(", ", tags) + " | "
                + meters.get(0).getId().getDescription() + " |";
    }
}
