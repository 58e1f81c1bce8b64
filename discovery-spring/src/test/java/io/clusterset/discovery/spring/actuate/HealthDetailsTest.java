package io.clusterset.discovery.spring.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.observe.Figures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class HealthDetailsTest {

    private static final Duration NEVER = Duration.ZERO;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private static Figures figures(Stream<Figures.OfService> services) {
        return new Figures(true, services.toList(), new Figures.OfCache(0, 0, 0, 0), Map.of(), 0);
    }

    private static Figures.OfService service(String name, int shed, Duration away, Figures.OfTier... tiers) {
        return new Figures.OfService(name, List.of(tiers), shed, 0, away, 0, 0, 0, 10);
    }

    private static Figures.OfTier tier(String name, int load) {
        return tier(name, load, 0, NEVER);
    }

    private static Figures.OfTier tier(String name, int load, int ejected, Duration stale) {
        return new Figures.OfTier(
                name, true, load, false, 3, 3 - ejected, ejected, stale, Figures.Attempts.NONE, List.of());
    }

    private static Figures.OfTier countsOnly(String name) {
        return new Figures.OfTier(name, false, 0, false, 0, 0, 0, NEVER, Figures.Attempts.NONE, List.of());
    }

    private static Map<?, ?> services(Map<String, Object> details) {
        return (Map<?, ?>) Objects.requireNonNull(details.get("services"));
    }

    @Test
    void thoseInTroubleComeFirst() {
        Map<String, Object> details = ClustersetHealthIndicator.details(figures(Stream.of(
                service("a.well", 0, NEVER, tier("local", 100), tier("clusterset", 0)),
                service("b.rests", 0, MINUTE, countsOnly("local")),
                service("c.stale", 0, NEVER, tier("local", 100, 0, MINUTE), tier("clusterset", 0)),
                service("d.fails", 0, NEVER, tier("local", 100, 1, NEVER), tier("clusterset", 0)),
                service("e.away", 0, MINUTE, tier("local", 0), tier("clusterset", 100)),
                service("f.sheds", 20, MINUTE, tier("local", 0), tier("clusterset", 80)),
                service("g.nobody", 0, MINUTE, tier("local", 0), tier("clusterset", 0)),
                service("h.elsewhere", 0, NEVER, tier("local", 0), tier("clusterset", 100)),
                service("i.was-away", 0, MINUTE, tier("local", 75), tier("clusterset", 25)))));
        assertThat(services(details).keySet())
                .map(String::valueOf)
                .containsExactly(
                        "g.nobody",
                        "f.sheds",
                        "e.away",
                        "d.fails",
                        "c.stale",
                        "a.well",
                        "b.rests",
                        "h.elsewhere",
                        "i.was-away");
        assertThat(details).containsEntry("inTrouble", 5L).doesNotContainKey("more");
        assertThat(document(details, "g.nobody"))
                .containsEntry("serves", "nobody")
                .containsEntry("away", false);
        assertThat(document(details, "e.away"))
                .containsEntry("serves", "clusterset")
                .containsEntry("away", true)
                .containsEntry("awaySeconds", 60.0);
        assertThat(document(details, "f.sheds")).containsEntry("shed", 20);
        assertThat(document(details, "h.elsewhere")).containsEntry("away", false);
        assertThat(document(details, "i.was-away")).containsEntry("away", false).containsEntry("serves", "local");
        assertThat(document(details, "b.rests")).doesNotContainKey("serves").containsEntry("tiers", Map.of());
        assertThat(document(details, "c.stale").get("tiers"))
                .asString()
                .contains("local={load=100, known=3, healthy=3, staleSeconds=60.0}");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> document(Map<String, Object> details, String service) {
        return (Map<String, Object>) Objects.requireNonNull(services(details).get(service));
    }

    @Test
    void noMoreThanFiftyAreShownAndTheOthersCounted() {
        Stream<Figures.OfService> well = IntStream.range(0, 60)
                .mapToObj(i -> service("s%02d.shop".formatted(i), 0, NEVER, tier("local", 100), tier("clusterset", 0)));
        Figures.OfService sick = service("z.shop", 0, MINUTE, tier("local", 0), tier("clusterset", 100));
        Map<String, Object> details = ClustersetHealthIndicator.details(figures(Stream.concat(well, Stream.of(sick))));
        assertThat(services(details)).hasSize(50);
        assertThat(services(details).keySet().iterator().next()).isEqualTo("z.shop");
        assertThat(details).containsEntry("more", 11).containsEntry("inTrouble", 1L);
    }

    @Test
    void switchedOffIsUpAndSaysSo() {
        try (Discovery discovery =
                Discovery.builder().settings(Settings.none()).enabled(false).build()) {
            Health health = new ClustersetHealthIndicator(discovery).health();
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("enabled", false);
        }
    }

    @Test
    void aBugOfOursIsNotTheApplicationsIllness() {
        Health health = new ClustersetHealthIndicator(() -> {
                    throw new IllegalStateException("a bug\nwith a second line");
                })
                .health();
        assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
        assertThat(health.getDetails())
                .containsExactlyEntriesOf(
                        Map.of("error", "java.lang.IllegalStateException: a bug\\u000awith a second line"));
    }
}
