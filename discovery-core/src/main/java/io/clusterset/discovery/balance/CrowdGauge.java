package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import java.util.concurrent.atomic.LongAdder;

/** Counts open attempts, and those of its tier together: so that the mean is known without asking everybody. */
final class CrowdGauge implements Gauge {

    private final String tier;
    private final LongAdder crowd;
    private final OpenGauge own;

    /** With the tier and the open attempts of all its endpoints. */
    CrowdGauge(Outcomes to, String tier, LongAdder crowd) {
        this.tier = tier;
        this.crowd = crowd;
        this.own = new OpenGauge(to);
    }

    String tier() {
        return tier;
    }

    LongAdder crowd() {
        return crowd;
    }

    @Override
    public long began() {
        crowd.increment();
        return own.began();
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        crowd.decrement();
        own.ended(mark, outcome);
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

    @Override
    public double load(double lightness) {
        return own.load(lightness);
    }
}
