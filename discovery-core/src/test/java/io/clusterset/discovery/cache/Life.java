package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** One life of a process: a source that says what it is told to, its cache, and a warm start. */
final class Life implements EndpointSource {

    static final Instant BEGINNING = Instant.parse("2020-01-01T00:00:00Z");
    static final Question ORDERS =
            new Question("local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty());
    static final Question CARTS =
            new Question("local", "carts.shop.svc.cluster.local", "cluster.local", Optional.empty());

    final List<Resolution> heard = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final CachingSource cache;
    final WarmStart warm;
    int confirmed;
    private final Map<Question, Listener> listeners = new HashMap<>();

    private Life(Builder builder) {
        ManualTime time = builder.time;
        SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
            throw new AssertionError(thrown);
        });
        InstantSource wall = () -> BEGINNING.plus(builder.clockAhead).plusNanos(time.nanos());
        cache = new CachingSource(this, () -> builder.options, time, time, serial, new Random(1));
        warm = new WarmStart(
                new SnapshotFolder(builder.directory, builder.id, wall, builder.disk),
                () -> builder.cluster,
                address -> builder.allowed.test(Endpoint.of(address, 0)),
                wall,
                time,
                time,
                serial,
                builder.background,
                event -> told.add(((Event.Trouble) event).what()));
        warm.start();
        warm.serve(Map.of("dns", cache));
    }

    static Builder in(Path directory, ManualTime time) {
        return new Builder(directory, time);
    }

    static Resolution found(String... endpoints) {
        return new Resolution.Found(endpoints(endpoints), Duration.ofSeconds(30), Evidence.NONE);
    }

    static List<Endpoint> endpoints(String... endpoints) {
        return Stream.of(endpoints).map(Endpoint::parse).toList();
    }

    static Resolution empty() {
        return new Resolution.Empty(Duration.ofSeconds(5), Evidence.NONE);
    }

    static Resolution servfail() {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL"));
    }

    Life watching(Question question) {
        cache.watch(question, heard::add);
        return this;
    }

    Life hearing(Question question, Resolution answer) {
        listeners.getOrDefault(question, resolution -> {}).resolved(answer);
        return this;
    }

    boolean asked(Question question) {
        return listeners.containsKey(question);
    }

    Resolution latest() {
        return heard.get(heard.size() - 1);
    }

    void end() {
        warm.close();
        cache.close();
    }

    static List<String> files(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(SnapshotFolder::nameOf).sorted().toList();
        }
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        listeners.put(question, listener);
        return () -> listeners.remove(question);
    }

    @Override
    public void refresh(Question question, Effort effort) {
        confirmed += effort == Effort.CONFIRM ? 1 : 0;
    }

    @Override
    public void close() {
        listeners.clear();
    }

    static final class Builder {
        private final Path directory;
        private final ManualTime time;
        private CacheOptions options = CacheOptions.defaults();
        private String id = "a";
        private List<String> cluster = List.of("10.96.0.10");
        private Predicate<Endpoint> allowed = endpoint -> true;
        private Executor background = Runnable::run;
        private Duration clockAhead = Duration.ZERO;
        private SnapshotFolder.Disk disk = SnapshotFolder.Disk.REAL;

        private Builder(Path directory, ManualTime time) {
            this.directory = directory;
            this.time = time;
        }

        Builder options(CacheOptions others) {
            options = others;
            return this;
        }

        Builder id(String other) {
            id = other;
            return this;
        }

        Builder cluster(String other) {
            cluster = List.of(other);
            return this;
        }

        Builder allowed(Predicate<Endpoint> rule) {
            allowed = rule;
            return this;
        }

        Builder background(Executor other) {
            background = other;
            return this;
        }

        Builder clockAhead(Duration by) {
            clockAhead = by;
            return this;
        }

        Builder disk(SnapshotFolder.Disk other) {
            disk = other;
            return this;
        }

        Life begin() {
            return new Life(this);
        }
    }
}
