package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;

/**
 * Lets the pin go when an attempt at its endpoint fails.
 *
 * @param to where the outcomes go
 * @param pin the service's
 */
record Pinned(Outcomes to, Pin pin) implements Outcomes {

    @Override
    public long began() {
        return to.began();
    }

    @Override
    public void ended(long mark, Outcome outcome) {
        if (outcome instanceof Outcome.FailedHard || outcome instanceof Outcome.FailedSoft) {
            pin.fail(to);
        }
        to.ended(mark, outcome);
    }

    @Override
    public boolean admits() {
        return to.admits();
    }
}
