package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcomes;

/** Sits between an endpoint's attempts and where their outcomes go, and keeps count. Outlives pickers. */
interface Gauge extends Outcomes {

    /** Where the outcomes go: the endpoint's identity, whatever else is said of it. */
    Outcomes to();

    /** How many attempts have begun and not ended. */
    int open();

    /**
     * How loaded it is: only comparisons mean something.
     *
     * @param lightness the mean weight of its tier's endpoints over its own: 1 where weights are equal
     */
    double load(double lightness);
}
