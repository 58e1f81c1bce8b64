package io.clusterset.examples.quickstart;

import java.time.Duration;

/**
 * What happens when, and how much shorter than in production the return takes: a fair share of the demo's length, so that it
 * ends well before the demo does. After the restore come at most two probes, the dwell (both ± 20 %) and three steps: 31 % of
 * the length, of the 50 % there are.
 *
 * @param length how long calls are made
 * @param killAt when the local endpoints die
 * @param restoreAt when they come back
 * @param dwell how long the local tier must be well before its traffic comes back
 * @param stepInterval the time between two steps of the return
 * @param probeInterval the time between two probes of an unhealthy endpoint
 * @param lines the time between two lines of the timeline
 */
record Plan(
        Duration length,
        Duration killAt,
        Duration restoreAt,
        Duration dwell,
        Duration stepInterval,
        Duration probeInterval,
        Duration lines) {

    private static final int LONG = 16;

    static Plan of(int seconds) {
        Duration length = Duration.ofSeconds(seconds);
        return new Plan(
                length,
                length.dividedBy(4),
                length.dividedBy(2),
                length.dividedBy(10),
                length.dividedBy(20),
                length.dividedBy(60),
                Duration.ofMillis(seconds < LONG ? 500 : 1000));
    }
}
