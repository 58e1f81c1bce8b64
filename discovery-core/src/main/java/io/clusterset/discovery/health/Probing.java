package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Text;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Who is probed. Whatever is chosen, at most 10 probes a second are begun and 16 are under way, per process. */
public enum Probing {
    /** Nobody: verdicts come from calls alone, and a sick endpoint is called again after the probe interval. */
    OFF,
    /**
     * Suspects and unhealthy endpoints, and every 30 s up to three endpoints of a tier that stands by: the cost does not grow
     * with the fleet. The default.
     */
    ON_SUSPICION,
    /** All endpoints of the services in use, each at the probe interval as far as the limits allow. */
    ALWAYS;

    /** The word used in settings: {@code on-suspicion}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads {@code off}, {@code on-suspicion} or {@code always}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static Probing parse(String text) {
        return Arrays.stream(values())
                .filter(value -> value.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("probing: " + Text.quote(text) + " (expected: "
                        + Arrays.stream(values()).map(Probing::word).collect(Collectors.joining(", ")) + ")"));
    }
}
