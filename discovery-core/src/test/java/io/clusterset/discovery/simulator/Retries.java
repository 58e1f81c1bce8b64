package io.clusterset.discovery.simulator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * What a process may retry: 20 % of its calls and 10 a second, of which ten seconds' worth can be saved. Over any minute, since over
 * hours that were calm whatever one outage takes is little.
 */
final class Retries {

    private static final int PERCENT = 20;
    private static final int A_SECOND = 10;
    private static final int MINUTE = 60;
    private static final int SAVED = 10; // seconds

    private final Deque<Long> calls = new ArrayDeque<>();
    private final Deque<Long> retries = new ArrayDeque<>();

    void called(long now) {
        calls.add(now);
        forget(calls, now - 1_000 * (MINUTE + SAVED));
    }

    /** What is wrong with it; empty if nothing is. */
    Optional<String> retried(long now) {
        retries.add(now);
        forget(retries, now - 1_000 * MINUTE);
        int exactly = A_SECOND * (MINUTE + SAVED) + calls.size() * PERCENT / 100;
        int allowed = exactly * 101 / 100; // how many calls came lately is an estimate
        return retries.size() > allowed
                ? Optional.of(retries.size() + " retries within a minute for " + calls.size() + " calls")
                : Optional.empty();
    }

    private static void forget(Deque<Long> times, long before) {
        while (!times.isEmpty() && times.peekFirst() < before) {
            times.removeFirst();
        }
    }
}
