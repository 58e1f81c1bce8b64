package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What threads do that count at one endpoint at once. */
class StripesTest {

    private static final Outcome OK = new Outcome.Succeeded();
    private static final int THREADS = 4;
    private static final int EACH = 500_000;

    private final Ward ward = new Ward();
    private final Endpoint endpoint = Endpoint.parse("10.0.0.1:80");
    private final EndpointHealth health =
            (EndpointHealth) ward.look(endpoint, List.of(endpoint)).outcomes();

    private List<Thread> count() {
        List<Thread> threads = IntStream.range(0, THREADS)
                .mapToObj(n -> new Thread(() -> {
                    for (int i = 0; i < EACH; i++) {
                        health.ended(health.began(), OK);
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        return threads;
    }

    private static boolean end(List<Thread> threads) throws InterruptedException {
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        }
        return threads.stream().noneMatch(Thread::isAlive);
    }

    @Test
    void threadsThatMeetTakeNoLockAndLoseNothing() throws InterruptedException {
        health.ended(health.began(), OK);
        int rounds = 0;
        for (; rounds < 20 && health.stripes() == null; rounds++) {
            assertThat(end(count())).isTrue();
        }
        assumeTrue(health.stripes() != null, "threads hardly met: one processor?");
        List<Thread> threads;
        boolean ended;
        synchronized (health) { // as one that fails, or has its case closed
            threads = count();
            ended = end(threads);
        }
        assertThat(end(threads)).isTrue();
        assertThat(ended).isTrue();
        assertThat(health.begun()).isEqualTo((rounds + 1) * THREADS * EACH + 1);
        assertThat(health.succeeded()).isEqualTo(health.begun());
    }
}
