package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts open attempts. Two writes for each attempt, of a counter that all threads which call the endpoint write. */
final class OpenGauge implements Gauge {

    private final Outcomes to;
    private final AtomicInteger open = new AtomicInteger();

    OpenGauge(Outcomes to) {
        this.to = to;
    }

    @Override
    public long began() {
        open.incrementAndGet();
        return to.began();
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        open.decrementAndGet();
        to.ended(mark, outcome);
    }

    @Override
    public boolean admits() {
        return to.admits();
    }

    @Override
    public Outcomes to() {
        return to;
    }

    @Override
    public int open() {
        return open.get();
    }

    @Override
    public double load(double lightness) {
        return open.get() * lightness;
    }
}
