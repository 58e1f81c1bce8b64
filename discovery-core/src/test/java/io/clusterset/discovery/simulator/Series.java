package io.clusterset.discovery.simulator;

/** What was seen, second by second; calls are counted in the second in which they began. */
final class Series {

    final int[] goodHome;
    final int[] goodAway;
    final int[] failed;
    final int[] offeredHome;
    final int[] offeredAway;
    final int[] took = new int[Request.PATIENCE + 1]; // good calls by milliseconds
    long attempts;

    Series(int seconds) {
        goodHome = new int[seconds];
        goodAway = new int[seconds];
        failed = new int[seconds];
        offeredHome = new int[seconds];
        offeredAway = new int[seconds];
    }

    void offered(long millis, boolean home) {
        attempts++;
        int second = (int) (millis / 1_000);
        if (second < offeredHome.length) {
            (home ? offeredHome : offeredAway)[second]++;
        }
    }

    void ended(Request request, long millis, boolean good) {
        if (good) {
            took[(int) Math.min(took.length - 1, millis - request.began)]++;
        }
        int second = (int) (request.began / 1_000);
        if (second < failed.length) {
            (!good ? failed : request.servedBy == Request.Side.HOME ? goodHome : goodAway)[second]++;
        }
    }

    int seconds() {
        return failed.length;
    }

    /** Milliseconds that all but one good call of a thousand took at most. */
    int slowest() {
        long more = sum(took) / 1_000;
        int millis = took.length - 1;
        while (millis > 0 && more >= took[millis]) {
            more -= took[millis];
            millis--;
        }
        return millis;
    }

    static long sum(int[] values) {
        long sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }
}
