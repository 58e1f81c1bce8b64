package io.clusterset.discovery.observe;

import static java.util.stream.Collectors.toCollection;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Prometheus gets to see.
 *
 * @param samples each sample's name, with its labels and the values they have
 */
record MetricsScrape(Map<String, Map<String, Set<String>>> samples) {

    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? [-+0-9.eEINFa]+");
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    static PrometheusMeterRegistry registry(MockClock clock) {
        return new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, new PrometheusRegistry(), clock);
    }

    /** Of a discovery with these figures. */
    static MetricsScrape of(Measured measured) {
        PrometheusMeterRegistry registry = registry(new MockClock());
        new DiscoveryMetrics(measured).bindTo(registry);
        return parse(registry.scrape());
    }

    static MetricsScrape parse(String text) {
        Map<String, Map<String, Set<String>>> samples = new TreeMap<>();
        for (String line : text.lines().filter(one -> !one.startsWith("#")).toList()) {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new IllegalArgumentException("not a sample: " + line);
            }
            Map<String, Set<String>> labels = samples.computeIfAbsent(sample.group(1), name -> new HashMap<>());
            Matcher label = LABEL.matcher(sample.group(2) == null ? "" : sample.group(2));
            while (label.find()) {
                labels.computeIfAbsent(label.group(1), name -> new TreeSet<>()).add(label.group(2));
            }
        }
        return new MetricsScrape(samples);
    }

    /** The samples of a metric, which in Prometheus is called something that begins so. */
    List<String> startingWith(String prefix) {
        return Stream.of("", "_total", "_seconds", "_seconds_total", "_seconds_count", "_seconds_sum")
                .map(suffix -> prefix + suffix)
                .filter(samples::containsKey)
                .toList();
    }

    /** The values of a label, in all samples. */
    Set<String> values(String label) {
        return samples.values().stream()
                .flatMap(labels -> labels.getOrDefault(label, Set.of()).stream())
                .collect(toCollection(TreeSet::new));
    }
}
