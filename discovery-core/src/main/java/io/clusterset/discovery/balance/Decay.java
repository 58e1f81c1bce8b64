package io.clusterset.discovery.balance;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;

/**
 * How averages fade: to a 2.7th within this many nanoseconds. All that are compared share one.
 *
 * @param ticker the clock
 * @param since what times are counted from
 * @param nanos the time constant
 */
record Decay(Ticker ticker, long since, double nanos) {

    static Decay from(Ticker ticker, Duration constant) {
        return new Decay(ticker, ticker.nanos(), constant.toNanos());
    }

    /** The time, in time constants. */
    double at(long now) {
        return (now - since) / nanos;
    }
}
