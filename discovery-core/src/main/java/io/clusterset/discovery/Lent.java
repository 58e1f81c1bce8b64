package io.clusterset.discovery;

import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;

/**
 * What the application lends through the builder, in place of our own. Immutable.
 *
 * @param sources by the places they answer for
 * @param log where lines go
 */
record Lent(
        Optional<Executor> executor,
        Optional<Ticker> ticker,
        Optional<Scheduler> scheduler,
        RandomGenerator random,
        Optional<Prober> prober,
        List<Consumer<Event>> listeners,
        Map<Tier, EndpointSource> sources,
        SystemResolver system,
        Logger log) {

    Lent {
        listeners = List.copyOf(listeners);
        sources = new LinkedHashMap<>(sources);
    }
}
