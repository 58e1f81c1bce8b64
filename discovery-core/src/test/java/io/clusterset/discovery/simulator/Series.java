package io.clusterset.discovery.simulator;

/** What was seen, second by second; calls are counted in the second in which they began. */
final class Series {

    final int[] goodHome;
    final int[] goodAway;
    final int[] failed;
    final int[] offeredHome;
    final int[] offeredAway;
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

    void ended(Request request, boolean good) {
        int second = (int) (request.began / 1_000);
        if (second < failed.length) {
            (!good ? failed : request.servedBy == Request.Side.HOME ? goodHome : goodAway)[second]++;
        }
    }

    int seconds() {
        return failed.length;
    }

    static long sum(int[] values) {
        long sum = 0;
        for (int value : values) {
            sum += value;
        }
        return sum;
    }
}
