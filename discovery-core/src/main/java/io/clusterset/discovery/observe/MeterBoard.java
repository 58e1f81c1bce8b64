package io.clusterset.discovery.observe;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static java.util.stream.Collectors.toSet;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Figures.OfService;
import io.clusterset.discovery.observe.Figures.OfTier;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The meters of a discovery in one registry. There is no thread: whoever reads a meter when the last reading is a second old
 * takes the next one for all of them, and registers and withdraws what came and went; who comes meanwhile gets the last one and
 * does not wait. So nobody ever waits here for a lock of a registry's while holding one that another wants.
 */
final class MeterBoard {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final long FRESH = Duration.ofSeconds(1).toNanos();
    private static final int TIERS = 16;
    private static final OfService NEVER = new OfService("", List.of(), 0, 0, Duration.ZERO, 0, 0, 0, 0);

    private final Measured measured;
    private final Clock clock;

    /** Held by whoever reads or withdraws; tried, never waited for. At first by the constructor. */
    private final AtomicBoolean busy = new AtomicBoolean(true);

    private volatile boolean closed;
    private volatile long readAt; // written by whoever is busy

    // The rest is guarded by busy.
    private final ToldApart serviceNames;
    private final ToldApart tierNames = new ToldApart(TIERS);
    private final Map<String, ServiceMeters> services = new HashMap<>();
    private final Map<String, Cell> events = new HashMap<>();

    /** The last reading of each service. */
    private final Map<String, OfService> before = new HashMap<>();

    private final MeterGroup group;
    private final Cell enabled;
    private final Cell apart;
    private final Cell others;
    private final Cell hits;
    private final Cell misses;
    private final Cell confirmations;
    private final Cell names;
    private final Cell untold;
    private final Cell failures;
    private long failed;
    private boolean failing;

    /** Registers, and takes the first reading. */
    MeterBoard(Measured measured, MeterRegistry registry, int most) {
        this.measured = measured;
        this.clock = registry.config().clock();
        this.serviceNames = new ToldApart(most);
        this.group = new MeterGroup(registry, this::refresh, this::failed);
        this.enabled = group.gauge(Metric.ENABLED, Tags.empty());
        this.apart = group.gauge(Metric.SERVICES, Tags.of("shown", "apart"));
        this.others = group.gauge(Metric.SERVICES, Tags.of("shown", ToldApart.OTHER));
        this.hits = group.counter(Metric.CACHE_REQUESTS, Tags.of("result", "hit"));
        this.misses = group.counter(Metric.CACHE_REQUESTS, Tags.of("result", "miss"));
        this.confirmations = group.counter(Metric.CACHE_CONFIRMATIONS, Tags.empty());
        this.names = group.gauge(Metric.CACHE_NAMES, Tags.empty());
        this.untold = group.counter(Metric.EVENTS_UNTOLD, Tags.empty());
        this.failures = group.counter(Metric.METRICS_FAILURES, Tags.empty());
        read();
        release();
    }

    /** Before each meter is read. */
    private void refresh() {
        if (!isOld() || closed || !busy.compareAndSet(false, true)) {
            return;
        }
        if (isOld()) { // nobody was quicker
            read();
        }
        release();
    }

    private boolean isOld() {
        return clock.monotonicTime() - readAt >= FRESH;
    }

    private void read() {
        long failedBefore = failed;
        try {
            show(measured.figures());
        } catch (RuntimeException | Error thrown) {
            failed(thrown);
        }
        failing = failed > failedBefore;
        failures.set(failed);
        readAt = clock.monotonicTime();
    }

    private void show(Figures figures) {
        enabled.set(figures.enabled() ? 1 : 0);
        hits.set(figures.cache().hits());
        misses.set(figures.cache().questions());
        confirmations.set(figures.cache().confirmations());
        names.set(figures.cache().watched());
        untold.set(figures.untold());
        showEvents(figures.events());
        showServices(figures.services());
        apart.set(serviceNames.apart());
        others.set(serviceNames.others());
    }

    private void showEvents(Map<String, Long> counts) {
        Map<String, Long> shown = counts.entrySet().stream()
                .collect(groupingBy(entry -> kind(entry.getKey()), summingLong(Map.Entry::getValue)));
        shown.forEach((kind, count) -> events.computeIfAbsent(kind, this::event).set(count));
    }

    private static String kind(String word) {
        return Event.KINDS.contains(word) ? word : ToldApart.OTHER;
    }

    private Cell event(String kind) {
        return group.counter(Metric.EVENTS, Tags.of("kind", kind));
    }

    private void showServices(List<OfService> now) {
        Map<String, List<OfService>> shown = named(now);
        shown.forEach((name, list) -> {
            ServiceMeters meters = services.computeIfAbsent(name, this::service);
            list.forEach(service -> count(service, meters));
            meters.show(list);
        });
        services.forEach((name, meters) -> {
            if (!shown.containsKey(name)) {
                meters.remove();
            }
        });
        services.keySet().retainAll(shown.keySet());
    }

    /** The services under the names they are shown by. */
    private Map<String, List<OfService>> named(List<OfService> now) {
        Set<String> present = now.stream().map(OfService::service).collect(toSet());
        before.keySet().retainAll(present);
        serviceNames.are(present);
        tierNames.are(now.stream()
                .flatMap(service -> service.tiers().stream())
                .map(OfTier::tier)
                .collect(toSet()));
        return now.stream().collect(groupingBy(service -> serviceNames.of(service.service())));
    }

    private ServiceMeters service(String shown) {
        return new ServiceMeters(group.another(), shown, tierNames);
    }

    private void count(OfService now, ServiceMeters meters) {
        OfService then = before.getOrDefault(now.service(), NEVER);
        meters.count(then, now);
        before.put(now.service(), now);
    }

    /** Said when it begins, counted always. */
    private void failed(Throwable thrown) {
        if (!failing) {
            LOG.warn("metrics: contained, and counted from now on: {}", Text.line(thrown.toString()));
        }
        failing = true;
        failed++;
    }

    /** Withdraws all meters: now, or, while another thread reads, as soon as that has done. */
    void close() {
        closed = true;
        withdraw();
    }

    private void release() {
        busy.set(false);
        if (closed) {
            withdraw();
        }
    }

    private void withdraw() {
        if (busy.compareAndSet(false, true)) {
            services.values().forEach(ServiceMeters::remove);
            services.clear();
            group.remove();
            busy.set(false);
        }
    }
}
