package io.clusterset.discovery.health;

import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all endpoints share that are probed by the same rule.
 *
 * @param settings how to judge, as of now: read on the serial executor at each use, since it changes
 * @param rule how they are probed
 * @param gate where probes wait their turn
 * @param pulse the callers' clock
 * @param ticker time
 * @param scheduler later
 * @param serial the executor all this runs on
 * @param random jitter
 * @param events where transitions are told
 */
record Surroundings(
        Supplier<HealthOptions> settings,
        ProbeRule rule,
        ProbeGate gate,
        Pulse pulse,
        Ticker ticker,
        Scheduler scheduler,
        Executor serial,
        RandomGenerator random,
        EventSink events) {

    HealthOptions options() {
        return settings.get();
    }

    boolean probes() {
        return rule.probes(options());
    }

    boolean probesAlways() {
        return rule.probesAlways(options());
    }

    /** What a probe that begins now asks. */
    ProbeGate.Terms terms() {
        HealthOptions now = options();
        return new ProbeGate.Terms(rule.probe(now), now.probeTimeout());
    }
}
