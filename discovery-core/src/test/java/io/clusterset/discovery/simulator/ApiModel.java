package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The API of the home cluster as a source: it tells of changes by itself, and when it is gone. */
final class ApiModel implements EndpointSource {

    private static final Duration LISTED = Duration.ofMillis(20);

    private final World world;
    private Optional<Runnable> stop = Optional.empty();

    ApiModel(World world) {
        this.world = world;
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        Runnable tell = () -> {
            if (stop.isPresent()) {
                listener.resolved(resolution());
            }
        };
        stop = Optional.of(world.watchReady(true, tell));
        world.time.schedule(LISTED, tell);
        return this::close;
    }

    private Resolution resolution() {
        Optional<List<Endpoint>> ready = world.ready(true);
        if (ready.isEmpty()) {
            return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("HTTP 503"));
        }
        return ready.get().isEmpty()
                ? new Resolution.Empty(PUSHED.plusDays(1), Evidence.NONE)
                : new Resolution.Found(ready.get(), PUSHED.plusDays(1), Evidence.NONE);
    }

    @Override
    public void refresh(Question question, Effort effort) {
        // it has told all it knows
    }

    @Override
    public void close() {
        stop.ifPresent(Runnable::run);
        stop = Optional.empty();
    }
}
