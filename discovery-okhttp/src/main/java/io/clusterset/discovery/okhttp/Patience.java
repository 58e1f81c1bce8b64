package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.time.Ticker;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okio.AsyncTimeout;

/**
 * Waits with an attempt, in a call that has a timeout, and gives it up early enough for another one: if it has no connection by then, or
 * may be repeated and its endpoint is known not to work, or is suspected while the service is known to answer three times as fast. Looked at when half of
 * the time is over, an eighth later, and so on. What is only slow is waited for to the end. On OkHttp's own watchdog.
 */
final class Patience implements AutoCloseable {

    private static final long LEAST = TimeUnit.MILLISECONDS.toNanos(5);

    private static final int MUCH = 3;

    private final Journey.Leg leg;
    private final Site site;
    private final boolean repeatable;
    private final Ticker ticker;
    private final long began;
    private Optional<AsyncTimeout> clock = Optional.empty(); // guarded by this, as is the next
    private boolean over;

    Patience(Journey.Leg leg, Site site, boolean repeatable, Ticker ticker) {
        this.leg = leg;
        this.site = site;
        this.repeatable = repeatable;
        this.ticker = ticker;
        this.began = ticker.nanos();
    }

    /** Looks when half of this time is over, and an eighth of it later, and so on. */
    void within(long nanos) {
        lookIn(nanos / 2, nanos / 8);
    }

    private synchronized void lookIn(long nanos, long again) {
        if (!over && again >= LEAST) {
            AsyncTimeout next = new AsyncTimeout() {
                @Override
                protected void timedOut() {
                    look(again);
                }
            };
            next.timeout(nanos, TimeUnit.NANOSECONDS);
            next.enter();
            clock = Optional.of(next);
        }
    }

    private void look(long again) {
        long waited = ticker.nanos() - began;
        boolean unusual = site.slowest() > 0 && waited > MUCH * site.slowest();
        boolean hopeless = repeatable
                && leg.service()
                        .verdict(leg.attempt().endpoint().socketAddress())
                        .map(Verdict::state)
                        .filter(state -> state == State.UNHEALTHY || (state == State.SUSPECT && unusual))
                        .isPresent();
        if (!hopeless && !leg.connects()) {
            lookIn(again, again);
        } else {
            site.took(waited); // if it was only slow, this is done to it once
            giveUp();
        }
    }

    /** Not once there is a response: its body may be on the way. */
    private synchronized void giveUp() {
        if (!over) {
            leg.giveUp();
        }
    }

    /** A response is there. */
    void answered() {
        if (leg.reused()) { // or it was the connection that took so long
            site.took(ticker.nanos() - began);
        }
    }

    /** The attempt has ended. */
    @Override
    public synchronized void close() {
        over = true;
        clock.ifPresent(AsyncTimeout::exit);
    }
}
