package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.observe.Figures;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A service in use, as its figures tell. Looking at them keeps no service in use.
 *
 * @param figures its figures
 */
record InUse(Figures.OfService figures) {

    /** Those in trouble first. */
    static final Comparator<InUse> WORST_FIRST =
            Comparator.comparing(InUse::trouble).thenComparing(InUse::name);

    /** All of a discovery, those in trouble first. */
    static List<InUse> of(Figures figures) {
        return figures.services().stream().map(InUse::new).sorted(WORST_FIRST).toList();
    }

    String name() {
        return figures.service();
    }

    Figures.Trouble trouble() {
        return figures.trouble();
    }

    /** As JSON has it. A service that rests has no tiers, nor one while the library is switched off. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        if (!figures.inForce().isEmpty()) {
            document.put("serves", figures.serving().map(Figures.OfTier::tier).orElse("nobody"));
        }
        document.put("away", figures.isAway());
        document.put("awaySeconds", seconds(figures.away()));
        if (figures.shed() > 0) {
            document.put("shed", figures.shed());
        }
        Map<String, Object> tiers = new LinkedHashMap<>();
        figures.inForce().forEach(tier -> tiers.put(tier.tier(), tier(tier)));
        document.put("tiers", tiers);
        return document;
    }

    private static Map<String, Object> tier(Figures.OfTier tier) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("load", tier.load());
        document.put("known", tier.known());
        document.put("healthy", tier.healthy());
        if (!tier.stale().isZero()) {
            document.put("staleSeconds", seconds(tier.stale()));
        }
        if (tier.panic()) {
            document.put("panic", true);
        }
        return document;
    }

    private static double seconds(Duration time) {
        return time.toMillis() / 1e3;
    }
}
