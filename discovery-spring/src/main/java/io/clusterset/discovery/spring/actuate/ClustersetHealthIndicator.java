package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.observe.Measured;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Which tier serves. Always UP: that another tier serves is what the library is for, and that nobody does is no fault of this
 * process, which a restart would not mend. Reads what is known; asks nobody and waits for nobody.
 */
final class ClustersetHealthIndicator implements HealthIndicator {

    /** How many services are told apart, those in trouble first. */
    static final int SHOWN = 50;

    private final Measured discovery;

    ClustersetHealthIndicator(Measured discovery) {
        this.discovery = discovery;
    }

    @Override
    public Health health() {
        try {
            return Health.up().withDetails(details(discovery.figures())).build();
        } catch (RuntimeException bug) { // of ours: the application is no worse for it
            return Health.unknown()
                    .withDetail("error", Text.line(bug.toString()))
                    .build();
        }
    }

    static Map<String, Object> details(Figures figures) {
        List<InUse> all = InUse.of(figures);
        Map<String, Object> shown = new LinkedHashMap<>();
        all.stream().limit(SHOWN).forEach(service -> shown.put(service.name(), service.document()));
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", figures.enabled());
        details.put(
                "inTrouble",
                all.stream()
                        .filter(service -> service.trouble() != Figures.Trouble.NONE)
                        .count());
        details.put("services", shown);
        if (all.size() > SHOWN) {
            details.put("more", all.size() - SHOWN);
        }
        return details;
    }
}
