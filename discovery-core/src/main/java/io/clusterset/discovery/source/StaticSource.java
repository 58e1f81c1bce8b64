package io.clusterset.discovery.source;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers every question with what it was given: a fixed list on a laptop, or a script in a test, which may {@link
 * #publish} another answer at any time and look at how often it was asked.
 */
public final class StaticSource implements EndpointSource {

    /** Long enough to mean for ever. */
    private static final Duration FOREVER = Duration.ofDays(3650);

    private final Map<Object, Listener> watches = new LinkedHashMap<>();
    private Resolution answer;
    private int asked;

    private StaticSource(Resolution answer) {
        this.answer = answer;
    }

    /** Always these endpoints; none means that the name exists and is empty. */
    public static StaticSource of(List<Endpoint> endpoints) {
        Evidence evidence = Evidence.of("static list");
        return new StaticSource(
                endpoints.isEmpty()
                        ? new Resolution.Empty(FOREVER, evidence)
                        : new Resolution.Found(endpoints, FOREVER, evidence));
    }

    /** This answer until another is published. */
    public static StaticSource of(Resolution answer) {
        return new StaticSource(answer);
    }

    /** Answers everybody anew with this from now on. */
    public void publish(Resolution next) {
        List<Listener> told;
        synchronized (this) {
            answer = next;
            told = new ArrayList<>(watches.values());
        }
        told.forEach(listener -> listener.resolved(next));
    }

    /** How many times a question was asked, by {@code watch} or {@code refresh}. */
    public synchronized int asked() {
        return asked;
    }

    /** How many watches run. */
    public synchronized int watches() {
        return watches.size();
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        Object key = new Object();
        Resolution now;
        synchronized (this) {
            watches.put(key, listener);
            asked++;
            now = answer;
        }
        listener.resolved(now);
        return () -> {
            synchronized (this) {
                watches.remove(key);
            }
        };
    }

    @Override
    public void refresh(Question question, Effort effort) {
        Resolution now;
        synchronized (this) {
            asked++;
            now = answer;
        }
        publish(now);
    }

    @Override
    public synchronized void close() {
        watches.clear();
    }
}
