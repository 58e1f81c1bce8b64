package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Pick;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The attempts that have begun and not ended. Spring says nothing when a reactive caller goes away, and an attempt that never ends
 * looks like one that gets no answer: those that are open for a minute are closed as abandoned, which says nothing of the endpoint.
 * Looked for once a second, by whoever begins another. Thread-safe.
 */
final class OpenAttempts {

    private static final long LONGEST = Duration.ofMinutes(1).toNanos();
    private static final long BEAT = Duration.ofSeconds(1).toNanos();

    private final Ticker ticker;
    private final Map<Attempt, Long> since = new ConcurrentHashMap<>();
    private final AtomicLong looked;

    OpenAttempts(Ticker ticker) {
        this.ticker = ticker;
        this.looked = new AtomicLong(ticker.nanos());
    }

    Attempt begin(Pick pick) {
        long now = ticker.nanos();
        long last = looked.get();
        if (now - last >= BEAT && looked.compareAndSet(last, now)) {
            since.forEach((attempt, began) -> {
                if (now - began >= LONGEST && since.remove(attempt, began)) {
                    attempt.close();
                }
            });
        }
        Attempt attempt = pick.begin();
        since.put(attempt, now);
        return attempt;
    }

    void end(Attempt attempt, Outcome outcome) {
        since.remove(attempt);
        attempt.report(outcome);
    }

    int count() {
        return since.size();
    }
}
