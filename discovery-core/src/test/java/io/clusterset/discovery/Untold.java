package io.clusterset.discovery;

import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;

/** Where nobody listens how attempts end. */
final class Untold implements Outcomes {

    @Override
    public long began() {
        return 0;
    }

    @Override
    public boolean admits() {
        return false;
    }

    @Override
    public void ended(long mark, Outcome outcome) {}
}
