package io.clusterset.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The program that weighs: builds what a thousand services keep in memory, and prints how many octets of the heap each of
 * them has taken.
 */
final class Retained {

    private static final int SERVICES = 1_000;
    private static final int TO_LOAD_CLASSES = 2;

    private static final List<Object> KEPT = new ArrayList<>();

    private Retained() {}

    /** {@code SUBJECT ENDPOINTS}. */
    public static void main(String[] arguments) {
        MemorySuite.Model model = MemorySuite.model(arguments[0]);
        int endpoints = Integer.parseInt(arguments[1]);
        KEPT.add(model.of(TO_LOAD_CLASSES, endpoints));
        long before = used();
        KEPT.add(model.of(SERVICES, endpoints));
        long after = used();
        System.out.printf(Locale.ROOT, "%.1f%n", (double) (after - before) / SERVICES);
        System.exit(0); // peers leave threads behind
    }

    private static long used() {
        Runtime heap = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        while (true) { // what is weakly held goes one collection later
            for (int i = 0; i < 3; i++) {
                System.gc();
            }
            long now = heap.totalMemory() - heap.freeMemory();
            if (now >= least) {
                return least;
            }
            least = now;
        }
    }
}
