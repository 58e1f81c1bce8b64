package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.testkit.FakeApiServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The program that measures how soon a pick can meet a new pod where little happens: one service of 10, one pod replaced every
 * 150 to 400 ms. Prints the median, the 99th percentile and the most, in nanoseconds.
 */
public final class Calm {

    private static final int ENDPOINTS = 10;
    private static final long LOOK_EACH = 20_000;
    private static final int LEAST_APART = 150;
    private static final int MOST_APART = 400;

    private Calm() {}

    /** {@code CHANGES}. */
    public static void main(String[] arguments) {
        FakeApiServer api = FakeApiServer.start();
        List<String> endpoints = new ArrayList<>(Slices.endpoints(0, 0, ENDPOINTS));
        api.apply(Slices.service(0));
        api.apply(Slices.slice(0, 0, 0, endpoints));
        Discovery discovery = new Cluster(api.url()).discovery(); // for as long as the program runs
        Service service = discovery.service(Slices.name(0));
        Kept.await(ENDPOINTS, () -> Kept.known(service));
        Random random = new Random(1);
        Nanos lags = new Nanos();
        for (int change = 0; change < Integer.parseInt(arguments[0]); change++) {
            pause(TimeUnit.MILLISECONDS.toNanos(LEAST_APART + random.nextInt(MOST_APART - LEAST_APART)));
            int pod = ENDPOINTS + change;
            endpoints.set(change % ENDPOINTS, Slices.endpoint(0, pod, true));
            String slice = Slices.slice(0, 0, 0, endpoints);
            long sent = System.nanoTime();
            api.apply(slice);
            while (Pods.newest(service.snapshot()) < pod) {
                LockSupport.parkNanos(LOOK_EACH);
            }
            lags.add(System.nanoTime() - sent);
        }
        System.out.println(lags.quantile(0.5) + " " + lags.quantile(0.99) + " " + lags.quantile(1));
        System.exit(0); // the measure is taken: nothing else is to be waited for
    }

    private static void pause(long nanos) {
        long end = System.nanoTime() + nanos;
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(end - System.nanoTime());
        }
    }
}
