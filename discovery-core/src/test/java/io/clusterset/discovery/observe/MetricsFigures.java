package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.observe.Figures.Attempts;
import io.clusterset.discovery.observe.Figures.Lookups;
import io.clusterset.discovery.observe.Figures.OfCache;
import io.clusterset.discovery.observe.Figures.OfService;
import io.clusterset.discovery.observe.Figures.OfTier;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Figures that a test makes up, and how often they were read. */
final class MetricsFigures implements Measured {

    final AtomicInteger readings = new AtomicInteger();
    private final Map<String, OfService> services = new TreeMap<>();
    private Map<String, Long> events = Map.of("trouble", 3L);
    private OfCache cache = new OfCache(900, 30, 2, 4);
    private boolean enabled = true;
    private Runnable first = () -> {};

    /** One service, well and at home, that nobody has used yet. */
    static MetricsFigures of(String... names) {
        MetricsFigures figures = new MetricsFigures();
        for (String name : names) {
            figures.has(service(name, 0));
        }
        return figures;
    }

    /** All services are as well as each other. */
    static MetricsFigures many(int count) {
        return of(IntStream.range(0, count).mapToObj(i -> "s" + i + ".shop").toArray(String[]::new));
    }

    static OfService service(String name, long picks) {
        return service(name, tier("local", picks), tier("clusterset", 0));
    }

    static OfService service(String name, OfTier... tiers) {
        return new OfService(name, List.of(tiers), 0, 0, Duration.ZERO, 0, 0, 0, 10);
    }

    static OfTier tier(String name, long picks) {
        return new OfTier(
                name,
                true,
                name.equals("local") ? 100 : 0,
                false,
                3,
                3,
                0,
                Duration.ZERO,
                new Attempts(picks, picks, 0, 0, 0, 0),
                List.of(new Lookups("found", "NOERROR", picks, Duration.ofMillis(2 * picks))));
    }

    /** Everything that there can be is there, and no two numbers are alike. */
    static MetricsFigures busy() {
        List<Lookups> lookups = List.of(
                new Lookups("found", "NOERROR", 401, Duration.ofMillis(802)),
                new Lookups("empty", "NOERROR", 5, Duration.ofMillis(11)),
                new Lookups("no-such-name", "NXDOMAIN", 6, Duration.ofMillis(12)),
                new Lookups("unknown", "SERVFAIL", 7, Duration.ofMillis(13)),
                new Lookups("unknown", "", 8, Duration.ofSeconds(14)));
        OfTier local = new OfTier(
                "local",
                true,
                70,
                true,
                9,
                4,
                5,
                Duration.ofSeconds(42),
                new Attempts(100, 50, 20, 15, 3, 10),
                lookups);
        MetricsFigures figures = new MetricsFigures();
        figures.has(new OfService(
                "orders.shop",
                List.of(local, tier("clusterset", 1_000)),
                30,
                21,
                Duration.ofMillis(33_500),
                200,
                16,
                17,
                18.5));
        return figures;
    }

    /** All values that each tag can have are there, but for names. */
    static MetricsFigures everything() {
        List<String> codes = List.of(
                "",
                "NOERROR",
                "FORMERR",
                "SERVFAIL",
                "NXDOMAIN",
                "NOTIMP",
                "REFUSED",
                "NOTAUTH",
                "NOTZONE",
                "BADVERS",
                "RESERVED13");
        List<Lookups> lookups = Stream.of("found", "empty", "no-such-name", "unknown", "made up")
                .flatMap(outcome -> codes.stream().map(code -> new Lookups(outcome, code, 1, Duration.ofMillis(1))))
                .toList();
        MetricsFigures figures = busy();
        figures.has(service(
                "cart.shop", new OfTier("local", true, 100, false, 1, 1, 0, Duration.ZERO, Attempts.NONE, lookups)));
        Map<String, Long> counts = new TreeMap<>(Map.of("made up", 1L));
        Event.KINDS.forEach(kind -> counts.put(kind, 1L));
        figures.events(counts);
        return figures;
    }

    void has(OfService service) {
        services.put(service.service(), service);
    }

    void forgets(String name) {
        services.remove(name);
    }

    void changes(String name, UnaryOperator<OfService> change) {
        services.computeIfPresent(name, (same, service) -> change.apply(service));
    }

    void rests(String name) {
        changes(
                name,
                was -> new OfService(
                        name,
                        was.tiers().stream().map(MetricsFigures::notCurrent).toList(),
                        0,
                        was.failovers(),
                        was.away(),
                        was.calls(),
                        was.retries(),
                        was.retriesDenied(),
                        was.budgetLeft()));
    }

    private static OfTier notCurrent(OfTier was) {
        return new OfTier(was.tier(), false, 0, false, 0, 0, 0, Duration.ZERO, was.attempts(), was.lookups());
    }

    void events(Map<String, Long> counts) {
        events = counts;
    }

    void isOff() {
        enabled = false;
        List.copyOf(services.keySet()).forEach(this::rests);
    }

    void caches(OfCache now) {
        cache = now;
    }

    /** Before each reading. */
    void first(Runnable step) {
        first = step;
    }

    @Override
    public Figures figures() {
        readings.incrementAndGet();
        first.run();
        return new Figures(enabled, List.copyOf(services.values()), cache, events, 19);
    }
}
