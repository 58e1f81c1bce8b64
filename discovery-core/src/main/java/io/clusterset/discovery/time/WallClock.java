package io.clusterset.discovery.time;

import java.time.InstantSource;

/**
 * What time it is, for what outlives the process, and for nothing else: it may be stepped, and differs between machines. See
 * {@link Ticker} for all other purposes.
 */
public final class WallClock {

    private WallClock() {}

    /** The system's. */
    public static InstantSource system() {
        return InstantSource.system();
    }
}
