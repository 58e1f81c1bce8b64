package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;

/**
 * Counts open attempts and measures how long they take. Reads the clock when an attempt begins and when it ends, and not when
 * it is compared. The load is a logarithm: of the latency, times the attempts open with one more.
 */
final class LatencyGauge implements Gauge {

    /** More than any logarithm of a latency. */
    private static final double PENALTY = 1e15;

    private final Decay decay;
    private final OpenGauge own;
    private final PeakAverage average;

    LatencyGauge(Outcomes to, Decay decay) {
        this.decay = decay;
        this.own = new OpenGauge(to);
        this.average = new PeakAverage(decay);
    }

    @Override
    public long began() {
        long now = decay.ticker().nanos();
        return Mark.of(now, own.began());
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        long now = decay.ticker().nanos();
        long took = now - Mark.began(mark, now);
        // first: one that has answered for the first time must not be seen with nothing known and nothing open
        if (outcome instanceof Outcome.Succeeded) {
            average.succeeded(now, took);
        } else if (outcome instanceof Outcome.FailedHard || outcome instanceof Outcome.FailedSoft) {
            average.failed(now, took);
        }
        own.ended(Mark.theirs(mark, now), outcome);
    }

    @Override
    public boolean admits() {
        return own.admits();
    }

    @Override
    public Outcomes to() {
        return own.to();
    }

    @Override
    public int open() {
        return own.open();
    }

    /** One of which nothing is known is tried at once, and until it has answered not again while others are known. */
    @Override
    public double load(double lightness) {
        double level = average.level();
        int open = own.open();
        if (level == PeakAverage.UNKNOWN) {
            return open == 0 ? Double.NEGATIVE_INFINITY : PENALTY + open * lightness;
        }
        return level + Math.log(1 + open * lightness);
    }
}
