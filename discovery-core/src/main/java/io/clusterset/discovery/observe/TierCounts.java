package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What is counted of one tier of one service. Thread-safe. */
final class TierCounts {

    private static final int MOST_KINDS = 20;
    private static final String OTHER = "other";

    private final String tier;
    private final LongAdder picked = new LongAdder();
    private final LongAdder succeeded = new LongAdder();

    private long failedHard; // guarded by this, as is all below: rare, or of one thread
    private long failedSoft;
    private long failedOtherwise;
    private long abandoned;
    private final List<Figures.Lookups> lookups = new ArrayList<>(); // few: one for each outcome and code
    private Evidence last = Evidence.NONE;

    TierCounts(String tier) {
        this.tier = tier;
    }

    String tier() {
        return tier;
    }

    void began() {
        picked.increment();
    }

    void ended(Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded) {
            succeeded.increment();
        } else {
            notSucceeded(outcome);
        }
    }

    private synchronized void notSucceeded(Outcome outcome) {
        if (outcome instanceof Outcome.FailedHard) {
            failedHard++;
        } else if (outcome instanceof Outcome.FailedSoft) {
            failedSoft++;
        } else if (outcome instanceof Outcome.FailedOtherwise) {
            failedOtherwise++;
        } else {
            abandoned++;
        }
    }

    @SuppressWarnings("ReferenceEquality") // the very object: a cache hands it on
    synchronized void answered(Resolution answer) {
        Evidence evidence = answer.evidence();
        if (evidence == last) {
            return;
        }
        last = evidence;
        String rcode = lookups.size() < MOST_KINDS ? evidence.rcode() : OTHER; // a source may make codes up
        if (!count(answer.word(), evidence.rcode(), evidence) && !count(answer.word(), rcode, evidence)) {
            lookups.add(more(new Figures.Lookups(answer.word(), rcode, 0, Duration.ZERO), evidence));
        }
    }

    private boolean count(String outcome, String rcode, Evidence evidence) {
        for (int i = 0; i < lookups.size(); i++) {
            Figures.Lookups before = lookups.get(i);
            if (before.outcome().equals(outcome) && before.rcode().equals(rcode)) {
                lookups.set(i, more(before, evidence));
                return true;
            }
        }
        return false;
    }

    private static Figures.Lookups more(Figures.Lookups before, Evidence evidence) {
        return new Figures.Lookups(
                before.outcome(),
                before.rcode(),
                before.count() + 1,
                before.took().plus(evidence.took()));
    }

    synchronized Figures.Attempts attempts() {
        long ended = succeeded.sum(); // before those that began, or more would have ended
        return new Figures.Attempts(picked.sum(), ended, failedHard, failedSoft, failedOtherwise, abandoned);
    }

    synchronized List<Figures.Lookups> lookups() {
        return List.copyOf(lookups);
    }
}
