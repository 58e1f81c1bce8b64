package io.clusterset.discovery.recorded;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A source that says what a server said at this time, whenever it is asked; in virtual time. */
final class Playback implements EndpointSource {

    /** What is said at a time, to a question asked as usual or for confirmation. */
    @FunctionalInterface
    interface Server {
        Resolution says(Duration now, Effort effort);
    }

    /** How hard it was asked, in order. */
    final List<Effort> efforts = new ArrayList<>();

    private final ManualTime time;
    private final Server server;
    private final Map<Question, List<Listener>> watches = new LinkedHashMap<>();

    Playback(ManualTime time, Server server) {
        this.time = time;
        this.server = server;
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        watches.computeIfAbsent(question, q -> new ArrayList<>()).add(listener);
        listener.resolved(said(Effort.NORMAL));
        return () -> watches.getOrDefault(question, new ArrayList<>()).remove(listener);
    }

    @Override
    public void refresh(Question question, Effort effort) {
        Resolution said = said(effort);
        List.copyOf(watches.getOrDefault(question, List.of())).forEach(listener -> listener.resolved(said));
    }

    private Resolution said(Effort effort) {
        efforts.add(effort);
        return server.says(Duration.ofNanos(time.nanos()), effort);
    }

    @Override
    public void close() {
        watches.clear();
    }
}
