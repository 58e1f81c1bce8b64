package io.clusterset.discovery.spring.actuate;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The drills that were begun through the endpoint and have not ended. Thread-safe. */
final class BegunDrills {

    /** {@link Discovery#drill}. */
    @FunctionalInterface
    interface Beginning {
        Discovery.Drill begin(String tier, int percent, Duration time);
    }

    private final Beginning discovery;
    private final Ticker ticker;
    private final Map<String, Begun> running = new LinkedHashMap<>(); // guarded by this; by tier

    BegunDrills(Beginning discovery, Ticker ticker) {
        this.discovery = discovery;
        this.ticker = ticker;
    }

    /** A second one of the same tier takes the first one's place. */
    synchronized Map<String, Object> begin(String tier, int percent, Duration time) {
        long until = ticker.nanos() + time.toNanos();
        Begun begun = new Begun(tier, percent, until, discovery.begin(tier, percent, time));
        running.put(tier, begun);
        return document(begun);
    }

    /** Ends that of a tier, or all of them if the text is empty; returns the tiers it ended. */
    synchronized List<String> end(String tier) {
        forgetEnded();
        List<Begun> ended = running.values().stream()
                .filter(begun -> tier.isEmpty() || tier.equals(begun.tier))
                .toList();
        ended.forEach(begun -> begun.drill.close());
        running.values().removeAll(ended);
        return ended.stream().map(Begun::tier).toList();
    }

    synchronized List<Map<String, Object>> documents() {
        forgetEnded();
        return running.values().stream().map(this::document).toList();
    }

    private void forgetEnded() {
        running.values().removeIf(begun -> begun.until - ticker.nanos() <= 0);
    }

    private Map<String, Object> document(Begun begun) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("tier", begun.tier);
        document.put("percent", begun.percent);
        document.put(
                "endsInSeconds", Duration.ofNanos(begun.until - ticker.nanos()).toMillis() / 1e3);
        return document;
    }

    private record Begun(String tier, int percent, long until, Discovery.Drill drill) {}
}
