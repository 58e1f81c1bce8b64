package io.clusterset.discovery.observe;

import static java.util.stream.Collectors.groupingBy;

import io.clusterset.discovery.observe.Figures.Attempts;
import io.clusterset.discovery.observe.Figures.OfService;
import io.clusterset.discovery.observe.Figures.OfTier;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The meters of one service, or of all that are not told apart. Guarded by the board. */
final class ServiceMeters {

    private final Tags tags;
    private final MeterGroup group;
    private final ToldApart tierNames;
    private final Cell calls;
    private final Cell retries;
    private final Cell retriesDenied;
    private final Cell failovers;
    private final Cell away;
    private final Cell shed;
    private final Cell budget;
    private final Map<String, TierMeters> tiers = new HashMap<>();

    ServiceMeters(MeterGroup group, String service, ToldApart tierNames) {
        this.tags = Tags.of("name", service);
        this.group = group;
        this.tierNames = tierNames;
        this.calls = group.counter(Metric.CALLS, tags);
        this.retries = group.counter(Metric.RETRIES, tags.and("result", "allowed"));
        this.retriesDenied = group.counter(Metric.RETRIES, tags.and("result", "denied"));
        this.failovers = group.counter(Metric.FAILOVERS, tags);
        this.away = group.counter(Metric.AWAY, tags);
        this.shed = group.gauge(Metric.SHED, tags);
        this.budget = group.gauge(Metric.RETRY_BUDGET, tags);
    }

    /** What came to the counts of one service since it was read before. */
    void count(OfService before, OfService now) {
        calls.add(TierMeters.increase(before.calls(), now.calls()));
        retries.add(TierMeters.increase(before.retries(), now.retries()));
        retriesDenied.add(TierMeters.increase(before.retriesDenied(), now.retriesDenied()));
        failovers.add(TierMeters.increase(before.failovers(), now.failovers()));
        away.add(TierMeters.increase(before.away().toNanos(), now.away().toNanos()) / 1e9);
        now.tiers()
                .forEach(tier -> tiers.computeIfAbsent(tierNames.of(tier.tier()), this::tier)
                        .count(before(before, tier.tier()), tier));
    }

    private TierMeters tier(String shown) {
        return new TierMeters(group.another(), tags.and("tier", shown));
    }

    private static OfTier before(OfService service, String tier) {
        return service.tiers().stream()
                .filter(one -> one.tier().equals(tier))
                .findFirst()
                .orElse(new OfTier(tier, false, 0, false, 0, 0, 0, Duration.ZERO, Attempts.NONE, List.of()));
    }

    /** How these services are now. */
    void show(List<OfService> services) {
        shed.set(services.stream().mapToInt(OfService::shed).max().orElse(0));
        budget.set(services.stream().mapToDouble(OfService::budgetLeft).min().orElse(0));
        Map<String, List<OfTier>> now = services.stream()
                .flatMap(service -> service.tiers().stream())
                .collect(groupingBy(tier -> tierNames.of(tier.tier())));
        removeAllBut(now.keySet());
        tiers.forEach((shown, meters) -> meters.show(now.getOrDefault(shown, List.of()).stream()
                .filter(OfTier::current)
                .toList()));
    }

    /** Of services that were forgotten. */
    private void removeAllBut(Set<String> shown) {
        tiers.forEach((tier, meters) -> {
            if (!shown.contains(tier)) {
                meters.remove();
            }
        });
        tiers.keySet().retainAll(shown);
    }

    void remove() {
        group.remove();
        tiers.values().forEach(TierMeters::remove);
    }
}
