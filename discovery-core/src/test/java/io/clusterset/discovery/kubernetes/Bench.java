package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** A server in memory, time that stands still, and a reflector between them. */
final class Bench {

    final ManualTime time = new ManualTime();
    final MemoryServer server = new MemoryServer();
    final List<Throwable> thrown = new ArrayList<>();
    final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown::add);
    final Clockwork clockwork;
    final Turnstile turnstile;

    Bench(long seed) {
        clockwork = new Clockwork(time, time, serial, new Random(seed));
        turnstile = new Turnstile(clockwork);
    }

    Bench() {
        this(1);
    }

    /** Of all slices of a namespace, found by the namespace. */
    Reflector<EndpointSlice> reflector(String namespace) {
        return reflector(namespace, Kind.ENDPOINT_SLICES, "discovery.k8s.io/v1");
    }

    <T> Reflector<T> reflector(String namespace, Kind<T> kind, String groupVersion) {
        return new Reflector<>(
                server,
                turnstile,
                clockwork,
                new Selection<>(kind, groupVersion, namespace, "", item -> List.of(item.namespace())));
    }

    void start(Reflector<?> reflector) {
        serial.execute(reflector::start);
    }

    void advance(Duration by) {
        time.advance(by);
    }

    void seconds(double by) {
        time.advance(Duration.ofNanos((long) (by * 1e9)));
    }

    /** Names and versions, as the reflector has them. */
    static Map<String, Long> known(Reflector<EndpointSlice> reflector, String namespace) {
        Map<String, Long> all = new TreeMap<>();
        reflector
                .of(namespace)
                .forEach(item -> all.put(item.namespace() + "/" + item.name(), Long.parseLong(item.version())));
        return all;
    }
}
