package io.clusterset.discovery.page;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Sight;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * All services in use, as the page's first view shows them: a part {@code about}, and one for each service. Times that run are told as the
 * moment they count from, so that a second that passes changes nothing. Not thread-safe.
 */
final class OverviewParts implements Look {

    private static final List<Figures.Trouble> WORST_FIRST = List.of(Figures.Trouble.values());

    /** Two looks find the beginning of the same time a little apart. */
    private static final long SAME_MILLIS = 250;

    private final Discovery discovery;
    private final Ticker ticker;
    private Map<String, Long> beginnings = Map.of(); // as told last
    private long now;
    private Parts last = new Parts(Map.of());

    OverviewParts(Discovery discovery, Ticker ticker) {
        this.discovery = discovery;
        this.ticker = ticker;
    }

    @Override
    public Parts look() {
        Figures figures = discovery.figures();
        now = ticker.nanos() / Units.MILLI;
        Map<String, Long> begun = new HashMap<>();
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("about", about(figures));
        for (Figures.OfService service : figures.services()) {
            parts.put("service:" + service.service(), service(service, begun));
        }
        beginnings = begun;
        if (!parts.equals(last.all())) {
            last = new Parts(parts);
        }
        return last;
    }

    @Override
    public long now() {
        return now;
    }

    private String about(Figures figures) {
        return new Fields()
                .truth("closed", discovery.closed())
                .truth("off", !figures.enabled())
                .end();
    }

    private String service(Figures.OfService service, Map<String, Long> begun) {
        Figures.Trouble trouble = service.trouble();
        Fields fields = new Fields().text("name", service.service());
        service.inForce().stream().findFirst().ifPresent(home -> fields.text("home", home.tier()));
        service.serving().ifPresent(tier -> fields.text("serves", tier.tier()));
        fields.number("rank", WORST_FIRST.indexOf(trouble))
                .known("trouble", trouble == Figures.Trouble.NONE ? "" : word(trouble))
                .known("why", service.inForce().isEmpty() ? "" : why(service.service()))
                .truth("away", service.isAway());
        if (service.isAway()) {
            fields.number("awayFrom", beginning(service.service(), service.away(), begun));
        } else {
            fields.number("awayMillis", service.away().toMillis());
        }
        return fields.number("shed", service.shed())
                .number("failovers", service.failovers())
                .json(
                        "tiers",
                        Fields.array(service.inForce().stream()
                                .map(tier -> tier(service.service() + " " + tier.tier(), tier, begun))
                                .toList()))
                .end();
    }

    private String tier(String key, Figures.OfTier tier, Map<String, Long> begun) {
        Fields fields = new Fields()
                .text("tier", tier.tier())
                .number("load", tier.load())
                .number("known", tier.known())
                .number("healthy", tier.healthy())
                .number("ejected", tier.ejected())
                .truth("panic", tier.panic());
        if (!tier.stale().isZero()) {
            fields.number("staleFrom", beginning(key, tier.stale(), begun));
        }
        return fields.end();
    }

    private long beginning(String key, Duration lasted, Map<String, Long> begun) {
        long found = now - lasted.toMillis();
        long told = beginnings.getOrDefault(key, found);
        long same = Math.abs(told - found) <= SAME_MILLIS ? told : found;
        begun.put(key, same);
        return same;
    }

    /** Why home has the load it has; of no service that is not in use. */
    private String why(String service) {
        return discovery
                .sight(service)
                .map(Sight::decision)
                .map(Decision::tiers)
                .map(List::stream)
                .flatMap(tiers -> tiers.findFirst().map(Decision.Tier::load))
                .map(TierLoad::reason)
                .orElse("");
    }

    /** {@code nobody-serves}. */
    private static String word(Figures.Trouble trouble) {
        return trouble.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
