package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.DurationRange;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Builds an immutable picker from a decision. Immutable itself: one balancer serves all services. */
@FunctionalInterface
public interface Balancer {

    /**
     * By weight, evenly spread: each in turn where weights are equal. The default. A pick takes no lock, allocates nothing and
     * writes no counter that all threads write.
     */
    static Balancer weightedRoundRobin() {
        return new Named("weighted-round-robin", rebuild -> RingPicker.of(rebuild, false));
    }

    /** By weight, at random. Costs what {@link #weightedRoundRobin} does. */
    static Balancer random() {
        return new Named("random", rebuild -> RingPicker.of(rebuild, true));
    }

    /**
     * Of two different endpoints, drawn by weight, the one with fewer open attempts for its weight: attempts at this service,
     * of this process. The first drawn if both have the same, so that without load it is by weight, at random.
     *
     * <p>A slow endpoint gets fewer calls because its calls stay open: it needs so many calls that several are open at a time.
     * Where hardly one is, a slow one keeps its share, and {@link #peakEwma} does better. Costs a pick two draws, and an
     * attempt two writes of a counter of its endpoint's, which all threads that call that endpoint write.
     */
    static Balancer leastRequest() {
        return new Named("least-request", LeastLoadedPicker::byOpen);
    }

    /** {@link #peakEwma(Duration)} that fades by 63 % in 10 s. */
    static Balancer peakEwma() {
        return peakEwma(Duration.ofSeconds(10));
    }

    /**
     * Of two different endpoints, drawn by weight, the one that is likely to answer sooner: by the peak-sensitive moving
     * average of its latency, times one more than its open attempts. Works with a call now and then, too.
     *
     * <p>A slower answer than the average counts at once; after that the average fades, until a faster one confirms it or the
     * endpoint is tried again. An endpoint of which nothing is known is tried with one call. Failures can raise the average
     * and never lower it; attempts that were abandoned, or failed for reasons of the caller's own, say nothing.
     *
     * <p>Costs a pick two draws and two logarithms, and an attempt two readings of the clock and four or five writes to its
     * endpoint's counters. No pick reads the clock: averages fade alike, so their order needs no time.
     *
     * @param decay in which time an average fades by 63 %; 100 ms to 1 h
     * @throws IllegalArgumentException if it is out of range
     */
    static Balancer peakEwma(Duration decay) {
        new DurationRange(Duration.ofMillis(100), Duration.ofHours(1)).check("decay", decay);
        return Named.with(
                "peak-ewma",
                "decay",
                decay,
                Duration.ofSeconds(10),
                rebuild -> LeastLoadedPicker.byLatency(rebuild, decay));
    }

    /** {@link #consistentHash(double)} with no endpoint above 1.25 times the mean. */
    static Balancer consistentHash() {
        return consistentHash(1.25);
    }

    /**
     * By key ({@link io.clusterset.discovery.model.Affinity}): calls with the same key meet the same endpoint, from any
     * process that knows the same endpoints, and when one comes or goes few other keys move (Maglev). A tier that gets less
     * load hands over as many keys as it must. While a key's endpoint has its part of the open attempts, the key's calls go to
     * another, the same one for as long as that has room. Calls without a key are {@link #weightedRoundRobin}.
     *
     * <p>Costs 128 KiB for each service and tier, made on the first key and anew when endpoints or weights change (a few
     * milliseconds, on our thread), and an attempt two writes to a counter of its endpoint's and two to one of its tier's. The
     * bound is kept as far as is known at the pick: threads that pick at the same moment may exceed it by one each.
     *
     * @param balanceFactor how many times the mean of open attempts, by weight, an endpoint may have, rounded up; 1.1 to 100
     * @throws IllegalArgumentException if it is out of range
     */
    static Balancer consistentHash(double balanceFactor) {
        if (!(balanceFactor >= 1.1 && balanceFactor <= 100)) {
            throw new IllegalArgumentException("balanceFactor: " + balanceFactor + " (expected: 1.1 to 100)");
        }
        return Named.with(
                "consistent-hash",
                "balanceFactor",
                balanceFactor,
                1.25,
                rebuild -> HashPicker.of(rebuild, balanceFactor));
    }

    /** {@link #sticky(Duration)} for 3 h, as a Service with session affinity has it. */
    static Balancer sticky() {
        return sticky(Duration.ofHours(3));
    }

    /**
     * All calls go to one endpoint, drawn by weight, until an attempt at it fails, it is not in use any more (gone, unhealthy,
     * or its tier has less load: of many processes as many move as should), or it was idle for so long. Then another is drawn.
     * An endpoint on trial gets no calls while another one works. Calls with a key go to that key's endpoint.
     *
     * <p>Costs a pick one reading of the clock. A service that nobody calls for ten minutes or more may come to rest, and
     * draws anew when it wakes.
     *
     * @param idle after which time without a pick another endpoint may be drawn; 1 s to 24 h
     * @throws IllegalArgumentException if it is out of range
     */
    static Balancer sticky(Duration idle) {
        new DurationRange(Duration.ofSeconds(1), Duration.ofDays(1)).check("idle", idle);
        return Named.with("sticky", "idle", idle, Duration.ofHours(3), rebuild -> StickyPicker.of(rebuild, idle));
    }

    /**
     * The balancer of this name, with its defaults: {@code weighted-round-robin}, {@code random}, {@code least-request},
     * {@code peak-ewma}, {@code consistent-hash} or {@code sticky}; or as the methods here are called.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Balancer parse(String name) {
        return switch (name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT)) {
            case "weighted-round-robin" -> weightedRoundRobin();
            case "random" -> random();
            case "least-request" -> leastRequest();
            case "peak-ewma" -> peakEwma();
            case "consistent-hash" -> consistentHash();
            case "sticky" -> sticky();
            default ->
                throw new IllegalArgumentException("balancer: " + Text.quote(name) + " (expected: weighted-round-robin,"
                        + " random, least-request, peak-ewma, consistent-hash or sticky)");
        };
    }

    /** Builds a picker; on the serial executor. */
    Picker build(Rebuild rebuild);

    /**
     * What a picker is built from.
     *
     * @param decision what was decided
     * @param before the picker that it takes the place of, for what has been learned so far (whose turn it is, latencies,
     *     pins); empty for a service's first
     * @param ticker the discovery's clock
     * @param random where a sequence starts, so that not all processes begin with the same endpoint
     */
    record Rebuild(Decision decision, Optional<Picker> before, Ticker ticker, RandomGenerator random) {}
}
