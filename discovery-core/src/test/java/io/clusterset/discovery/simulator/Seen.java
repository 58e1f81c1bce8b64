package io.clusterset.discovery.simulator;

import java.util.Locale;

/** What came of a policy in a scenario. */
final class Seen {

    private static final int KILOBYTES = 10; // an answer
    private static final int SETTLED = 5; // seconds over which a share is told
    private static final double CLEARLY = 0.6;

    final String policy;
    final Scenario scenario;
    final Series series;
    final long calls;
    final long failed;

    /** Tasks and watches that outlived their process. */
    final int left;

    private final double awayCapacity;
    private final long overloaded;

    Seen(Scenario scenario, String policy, World world, long calls, long failed, int left) {
        this.scenario = scenario;
        this.policy = policy;
        this.series = world.series;
        this.calls = calls;
        this.failed = failed;
        this.left = left;
        this.awayCapacity = world.away.capacity();
        this.overloaded = world.away.overloaded;
    }

    double success() {
        return calls == 0 ? 1 : 1 - (double) failed / calls;
    }

    /** Attempts that brought no good answer, per hundred calls. */
    double wasted() {
        return 100.0 * (series.attempts - (calls - failed)) / calls;
    }

    /** Seconds from the first call that failed to the last one before the mend; -1 if they never ended, 0 if there were none. */
    int toLeave() {
        int until = Math.min((int) (scenario.mended() / 1_000), series.seconds());
        int first = -1;
        int last = -1;
        for (int second = (int) (scenario.broken() / 1_000); second < until; second++) {
            if (series.failed[second] > 0) {
                first = first < 0 ? second : first;
                last = second;
            }
        }
        return last < 0 ? 0 : last >= until - 2 ? -1 : last + 1 - first;
    }

    /** Seconds from the last mend until home has 95 % of its calls again for good; -1 if never, 0 if it never had less. */
    int toReturn() {
        int mended = (int) (scenario.mended() / 1_000);
        if (mended >= series.seconds()) {
            return 0;
        }
        for (int second = series.seconds() - 1; second >= mended; second--) {
            if (homeShare(second) < 0.95) {
                return second >= series.seconds() - 2 ? -1 : second + 1 - mended;
            }
        }
        return 0;
    }

    /** Over some seconds that end with this one; what is not called counts as home's. */
    private double homeShare(int second) {
        int home = 0;
        int all = 0;
        for (int i = Math.max(0, second - SETTLED + 1); i <= second; i++) {
            home += series.goodHome[i];
            all += series.goodHome[i] + series.goodAway[i] + series.failed[i];
        }
        return all == 0 ? 1 : (double) home / all;
    }

    /** How often the cluster that most attempts go to became another. */
    int flips() {
        int flips = 0;
        boolean home = true;
        for (int second = 0; second < series.seconds(); second++) {
            int all = series.offeredHome[second] + series.offeredAway[second];
            int there = home ? series.offeredAway[second] : series.offeredHome[second];
            if (all > 0 && there > CLEARLY * all) {
                home = !home;
                flips++;
            }
        }
        return flips;
    }

    /** Percent of good answers that came from the other cluster. */
    double awayShare() {
        long away = Series.sum(series.goodAway);
        long good = away + Series.sum(series.goodHome);
        return good == 0 ? 0 : 100.0 * away / good;
    }

    /** Megabytes that came from the other cluster. */
    double megabytes() {
        return Series.sum(series.goodAway) * KILOBYTES / 1_024.0;
    }

    /** Attempts at the other cluster in its fullest second, in percent of what it can serve; 0 if it can serve any number. */
    double peakAway() {
        int most = 0;
        for (int offered : series.offeredAway) {
            most = Math.max(most, offered);
        }
        return awayCapacity == 0 ? 0 : 100 * most / awayCapacity;
    }

    /** Calls that the other cluster refused because it had too many. */
    long overloaded() {
        return overloaded;
    }

    /** After the last mend: percent of all calls that came home more than in the second before, in the steepest second. */
    double steepest() {
        int mended = (int) (scenario.mended() / 1_000);
        double steepest = 0;
        for (int second = Math.max(1, mended); second < series.seconds(); second++) {
            steepest = Math.max(steepest, homeShareOf(second) - homeShareOf(second - 1));
        }
        return 100 * steepest;
    }

    private double homeShareOf(int second) {
        int all = series.goodHome[second] + series.goodAway[second] + series.failed[second];
        return all == 0 ? 0 : (double) series.goodHome[second] / all;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%-28s %-22s calls %6d failed %6d (%.3f %%) wasted %.1f leave %d return %d flips %d away %.1f %% peak %.0f %% overloaded %d steepest %.0f slow %d left %d",
                scenario.name(),
                policy,
                calls,
                failed,
                100 * success(),
                wasted(),
                toLeave(),
                toReturn(),
                flips(),
                awayShare(),
                peakAway(),
                overloaded,
                steepest(),
                series.slowest(),
                left);
    }
}
