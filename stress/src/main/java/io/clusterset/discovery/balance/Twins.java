package io.clusterset.discovery.balance;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Two threads that draw from the same stripe, which two threads of jcstress hardly ever do. Found by trying: of more threads
 * than there are stripes, some two must.
 */
final class Twins {

    private static final int MOST_STRIPES = 1_024;

    final ExecutorService one;
    final ExecutorService other;

    Twins() {
        ThreadStripes stripes = new ThreadStripes();
        Map<Integer, ExecutorService> byNextDraw = new HashMap<>();
        for (int i = 0; i <= MOST_STRIPES; i++) {
            ExecutorService thread = Executors.newSingleThreadExecutor(Twins::daemon);
            int drawn = await(thread.submit(stripes::getAsInt));
            ExecutorService before = byNextDraw.remove(drawn);
            if (before != null) {
                one = before;
                other = thread;
                byNextDraw.values().forEach(ExecutorService::shutdown);
                return;
            }
            byNextDraw.put(drawn + 1, thread);
        }
        throw new IllegalStateException("more than " + MOST_STRIPES + " stripes");
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "twin");
        thread.setDaemon(true);
        return thread;
    }

    /** Waits until a twin has done it. */
    static <T> T await(Future<T> done) {
        try {
            return done.get();
        } catch (InterruptedException | ExecutionException failed) {
            throw new IllegalStateException(failed);
        }
    }
}
