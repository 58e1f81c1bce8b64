package io.clusterset.discovery.balance;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Finagle's peak-sensitive moving average of an endpoint's latency: one above it takes its place at once, otherwise it fades,
 * until one as high as what is left of it comes.
 *
 * <p>What fades exponentially is a falling line in a logarithmic scale, and all lines fall alike: to compare two averages at
 * any time is to compare where their lines begin. So a look needs no clock, and since of two lines the higher one is the
 * average from then on, an update needs no lock and no order. (Finagle besides weights a lower sample by the time since the
 * last look; with a look at each pick that is next to nothing.)
 */
final class PeakAverage {

    static final double UNKNOWN = Double.NEGATIVE_INFINITY;

    /** What one is taken to need of which nothing is known but a failure. */
    private static final long FAILED_UNKNOWN = 1_000_000_000;

    private final Decay decay;

    /** The average's logarithm, plus the time: a double's bits. */
    private final AtomicLong level = new AtomicLong(Double.doubleToRawLongBits(UNKNOWN));

    private final AtomicLong updated = new AtomicLong();

    PeakAverage(Decay decay) {
        this.decay = decay;
    }

    /** To be compared with others of the same decay. */
    double level() {
        return Double.longBitsToDouble(level.get());
    }

    /** The average at a time, in nanoseconds; 0 if nothing is known. */
    double at(long now) {
        return Math.exp(level() - decay.at(now));
    }

    void succeeded(long now, long nanos) {
        updated.set(now);
        raise(now, nanos);
    }

    /** A quick refusal is no good answer: it may raise the average, and does not let it fade. */
    void failed(long now, long nanos) {
        long before = updated.getAndSet(now);
        if (level() == UNKNOWN) {
            raise(now, Math.max(nanos, FAILED_UNKNOWN));
        } else {
            double faded = Math.max(0, now - before) / decay.nanos();
            level.accumulateAndGet(Double.doubleToRawLongBits(faded), PeakAverage::sum);
            raise(now, nanos);
        }
    }

    private void raise(long now, long nanos) {
        double line = Math.log((double) Math.max(1, nanos)) + decay.at(now);
        if (line > level()) {
            level.accumulateAndGet(Double.doubleToRawLongBits(line), PeakAverage::higher);
        }
    }

    private static long sum(long some, long more) {
        return Double.doubleToRawLongBits(Double.longBitsToDouble(some) + Double.longBitsToDouble(more));
    }

    private static long higher(long some, long other) {
        return Double.longBitsToDouble(some) >= Double.longBitsToDouble(other) ? some : other;
    }
}
