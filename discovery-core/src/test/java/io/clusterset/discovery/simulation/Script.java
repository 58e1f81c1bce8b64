package io.clusterset.discovery.simulation;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A tier's source for one name: it says what it is told to, when it is told to, and whenever it is asked. */
final class Script implements EndpointSource {

    private static final Duration FRESH = Duration.ofMinutes(1);

    private final List<Listener> listeners = new ArrayList<>();
    private Optional<Resolution> answer = Optional.empty();

    void says(Resolution resolution) {
        answer = Optional.of(resolution);
        List.copyOf(listeners).forEach(listener -> listener.resolved(resolution));
    }

    static Resolution found(List<String> endpoints) {
        return new Resolution.Found(endpoints.stream().map(Endpoint::parse).toList(), FRESH, Evidence.NONE);
    }

    static Resolution empty() {
        return new Resolution.Empty(FRESH, Evidence.NONE);
    }

    static Resolution noSuchName() {
        return new Resolution.NoSuchName(FRESH, Evidence.NONE);
    }

    static Resolution unknown() {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL"));
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        listeners.add(listener);
        answer.ifPresent(listener::resolved);
        return () -> listeners.remove(listener);
    }

    @Override
    public void refresh(Question question, Effort effort) {
        answer.ifPresent(now -> List.copyOf(listeners).forEach(listener -> listener.resolved(now)));
    }

    @Override
    public void close() {
        listeners.clear();
    }
}
