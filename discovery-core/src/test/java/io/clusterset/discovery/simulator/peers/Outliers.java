package io.clusterset.discovery.simulator.peers;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Outlier detection with Envoy's defaults (api/envoy/config/cluster/v3/outlier_detection.proto), which ServiceTalk has taken over
 * (OutlierDetectorConfig.java): five failures in a row; success rate 1.9 standard deviations below the mean, of five hosts with 100
 * calls each in an interval of 10 s; 30 s for the first ejection, as much longer for each further one, 300 s at most; a tenth of the
 * hosts at most. In favour: one is ejected however few they are. Failure percentage is not enforced by either.
 */
final class Outliers {

    private static final int CONSECUTIVE = 5;
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final long BASE_MILLIS = 30_000;
    private static final long MOST_MILLIS = 300_000;
    private static final int MOST_PERCENT = 10;
    private static final int HOSTS = 5;
    private static final int VOLUME = 100;
    private static final double FACTOR = 1.9;

    private final Wire wire;
    private final Supplier<List<Host>> hosts;

    /**
     * Begins to look.
     *
     * @param hosts of both priorities
     * @param phase until the first look, as a part of an interval
     */
    Outliers(Wire wire, Supplier<List<Host>> hosts, double phase) {
        this.wire = wire;
        this.hosts = hosts;
        wire.after(Duration.ofMillis(Math.round(phase * INTERVAL.toMillis())), this::look);
    }

    void ended(Host host, boolean good) {
        if (good) {
            host.good++;
            host.consecutive = 0;
            return;
        }
        host.bad++;
        host.consecutive++;
        if (host.consecutive >= CONSECUTIVE) {
            eject(host);
        }
    }

    private void eject(Host host) {
        List<Host> all = hosts.get();
        long ejected = all.stream().filter(one -> one.ejected).count();
        if (!host.ejected && ejected * 100 < (long) MOST_PERCENT * all.size()) {
            host.ejected = true;
            host.ejections++;
            host.ejectedUntil = wire.world.millis() + Math.min(MOST_MILLIS, BASE_MILLIS * host.ejections);
            host.consecutive = 0;
        }
    }

    static void forgive(Host host) {
        host.ejected = false;
        host.consecutive = 0;
    }

    private void look() {
        wire.after(INTERVAL, this::look);
        for (Host host : hosts.get()) {
            if (host.ejected && wire.world.millis() >= host.ejectedUntil) {
                forgive(host);
            } else if (!host.ejected && host.ejections > 0) {
                host.ejections--;
            }
        }
        List<Host> busy = hosts.get().stream()
                .filter(host -> host.good + host.bad >= VOLUME)
                .toList();
        if (busy.size() >= HOSTS) {
            double mean = busy.stream().mapToDouble(Outliers::rate).average().orElse(1);
            double variance = busy.stream()
                    .mapToDouble(host -> (rate(host) - mean) * (rate(host) - mean))
                    .average()
                    .orElse(0);
            double least = mean - FACTOR * Math.sqrt(variance);
            busy.stream().filter(host -> rate(host) < least).forEach(this::eject);
        }
        hosts.get().forEach(host -> {
            host.good = 0;
            host.bad = 0;
        });
    }

    private static double rate(Host host) {
        return (double) host.good / (host.good + host.bad);
    }
}
