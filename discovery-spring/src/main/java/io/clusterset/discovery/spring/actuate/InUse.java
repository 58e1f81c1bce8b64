package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.observe.Figures;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A service in use, as its figures tell. Looking at them keeps no service in use.
 *
 * @param figures its figures
 */
record InUse(Figures.OfService figures) {

    /** Those in trouble first. */
    static final Comparator<InUse> WORST_FIRST =
            Comparator.comparing(InUse::trouble).thenComparing(InUse::name);

    /** What ails a service, the worst first. */
    enum Trouble {
        NOBODY_SERVES,
        CALLS_ARE_SHED,
        AWAY,
        ENDPOINTS_FAIL,
        SOURCE_IS_SILENT,
        NONE
    }

    /** All of a discovery, those in trouble first. */
    static List<InUse> of(Figures figures) {
        return figures.services().stream().map(InUse::new).sorted(WORST_FIRST).toList();
    }

    String name() {
        return figures.service();
    }

    Trouble trouble() {
        List<Figures.OfTier> tiers = tiers();
        if (tiers.isEmpty()) { // it rests
            return Trouble.NONE;
        } else if (serves().isEmpty()) {
            return Trouble.NOBODY_SERVES;
        } else if (figures.shed() > 0) {
            return Trouble.CALLS_ARE_SHED;
        } else if (away()) {
            return Trouble.AWAY;
        } else if (tiers.stream().anyMatch(tier -> tier.ejected() > 0)) {
            return Trouble.ENDPOINTS_FAIL;
        }
        return tiers.stream().anyMatch(tier -> !tier.stale().isZero()) ? Trouble.SOURCE_IS_SILENT : Trouble.NONE;
    }

    /** Whether calls go to another tier than home, and did not always. */
    private boolean away() {
        boolean home = serves().isEmpty() || serves().equals(tiers().stream().findFirst());
        return !home && !figures.away().isZero(); // one that never lived at home is not away
    }

    /** The tier with most load. */
    private Optional<Figures.OfTier> serves() {
        return tiers().stream()
                .filter(tier -> tier.load() > 0)
                .reduce((most, tier) -> tier.load() > most.load() ? tier : most);
    }

    /** Those that calls go by, the first is home; none while it rests. */
    private List<Figures.OfTier> tiers() {
        return figures.tiers().stream().filter(Figures.OfTier::current).toList();
    }

    /** As JSON has it. A service that rests has no tiers, nor one while the library is switched off. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        if (!tiers().isEmpty()) {
            document.put("serves", serves().map(Figures.OfTier::tier).orElse("nobody"));
        }
        document.put("away", away());
        document.put("awaySeconds", seconds(figures.away()));
        if (figures.shed() > 0) {
            document.put("shed", figures.shed());
        }
        Map<String, Object> tiers = new LinkedHashMap<>();
        tiers().forEach(tier -> tiers.put(tier.tier(), tier(tier)));
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
