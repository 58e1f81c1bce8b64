package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.scenario.Cluster.Pod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods come and go while calls are made, and the API says so. */
final class ApiRolloutTest {

    @TempDir
    private Path folder;

    private final ExecutorService callers = Executors.newFixedThreadPool(2);
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger made = new AtomicInteger();
    private final ReadWriteLock turn = new ReentrantReadWriteLock(true); // who writes calls alone
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

    /** Two callers, as fast as they can. */
    private void callsAreMade(Service orders) {
        for (int i = 0; i < 2; i++) {
            callers.execute(() -> {
                while (!enough.get()) {
                    turn.readLock().lock();
                    try {
                        String answered = Cluster.call(orders);
                        made.incrementAndGet();
                        if (!answered.startsWith("pod-127.3.")) {
                            wrong.add("answered by " + answered);
                        }
                    } catch (IOException | RuntimeException failed) {
                        wrong.add(failed.toString());
                    } finally {
                        turn.readLock().unlock();
                    }
                }
            });
        }
    }

    /** So many calls while the two callers make none, or nobody could tell whose turns they were. */
    private Map<String, Integer> callsAlone(Service orders, int count) throws IOException {
        turn.writeLock().lock();
        try {
            return Cluster.calls(orders, count);
        } finally {
            turn.writeLock().unlock();
        }
    }

    private void noCallWentWrong() throws InterruptedException {
        enough.set(true);
        callers.shutdown();
        assertThat(callers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).isEmpty();
        assertThat(made).hasPositiveValue();
    }

    @AfterEach
    void noMoreCalls() {
        enough.set(true);
        callers.shutdownNow();
    }

    private static List<Pod> pods(Cluster cluster, int net, int count, String zone) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(i -> cluster.pod("127.3." + net + "." + i, zone))
                .toList();
    }

    private static List<Pod> both(List<Pod> some, List<Pod> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    private static Set<String> names(List<Pod> pods) {
        return pods.stream().map(Pod::name).collect(Collectors.toSet());
    }

    /** F45: 10 of 30 vanish; three times, of which the fastest counts: a busy machine is nobody's fault. */
    @Test
    void whenAZoneIsEvacuatedTheOthersTakeOverAndNothingGoesToAnotherTier() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            List<Pod> zoneA = pods(cluster, 1, 10, "a");
            List<Pod> others = both(pods(cluster, 2, 10, "b"), pods(cluster, 3, 10, "c"));
            Pod far = cluster.pod("127.4.0.1", "x");
            cluster.service();
            cluster.serviceImport();
            cluster.imported("imported-east", "east", List.of(far));
            cluster.slice("orders-bc", others);
            cluster.slice("orders-a", zoneA);
            Service orders =
                    cluster.orders(builder -> builder.topology(t -> t.zone("a").region("r")));
            cluster.awaitHome(orders, both(zoneA, others));
            cluster.await(
                    "the other tier is known",
                    () -> Cluster.endpoints(orders, 1).equals(List.of(far.authority())));
            callsAreMade(orders);
            Duration fastest = Duration.ofDays(1);
            for (int i = 0; i < 3; i++) {
                cluster.slice("orders-a", List.of());
                Duration took = cluster.awaitHome(orders, others);
                fastest = took.compareTo(fastest) < 0 ? took : fastest;
                assertThat(Cluster.homeLoad(orders)).isEqualTo(100);
                zoneA.forEach(pod -> pod.endpoint.refuse());
                Map<String, Integer> answered = callsAlone(orders, 500);
                assertThat(answered).containsOnlyKeys(names(others));
                IntSummaryStatistics each =
                        answered.values().stream().mapToInt(Integer::intValue).summaryStatistics();
                assertThat((double) each.getMin()).isGreaterThan(0.85 * each.getAverage());
                assertThat((double) each.getMax()).isLessThan(1.15 * each.getAverage());
                zoneA.forEach(pod -> pod.endpoint.restore());
                cluster.slice("orders-a", zoneA);
                cluster.awaitHome(orders, both(zoneA, others));
            }
            noCallWentWrong();
            assertThat(fastest).isLessThan(Duration.ofMillis(250));
            assertThat(far.endpoint.requests()).isZero();
        }
    }

    /** F46: 20 pods, a quarter of them at a time, three times over. */
    @Test
    void noCallFailsInARollingRestartAndNoneGoesWhereItIsNotWanted() throws Exception {
        try (Cluster cluster = Cluster.in(folder)) {
            List<Pod> serving = new ArrayList<>(pods(cluster, 0, 20, "a"));
            cluster.service();
            cluster.slice("orders-a", serving);
            Service orders = cluster.orders();
            cluster.awaitHome(orders, serving);
            callsAreMade(orders);
            for (int wave = 1; wave <= 12; wave++) {
                List<Pod> old = List.copyOf(serving.subList(0, 5));
                List<Pod> young = pods(cluster, wave, 5, "a");
                young.forEach(pod -> pod.ready(false));
                young.forEach(pod -> pod.endpoint.fail(500)); // not yet
                cluster.slice("orders-a", both(serving, young));
                cluster.await("the new ones are known", () -> known(orders) == 25);
                assertThat(names(serving)).containsAll(Cluster.calls(orders, 25).keySet());

                young.forEach(pod -> pod.endpoint.healthy());
                young.forEach(pod -> pod.ready(true));
                cluster.slice("orders-a", both(serving, young));
                cluster.awaitHome(orders, both(serving, young));

                old.forEach(Pod::terminating);
                cluster.slice("orders-a", both(serving, young));
                serving.removeAll(old);
                serving.addAll(young);
                cluster.awaitHome(orders, serving);
                assertThat(known(orders)).isEqualTo(25);
                assertThat(Cluster.calls(orders, 40))
                        .doesNotContainKeys(names(old).toArray(String[]::new));

                old.forEach(pod -> pod.endpoint.refuse());
                cluster.slice("orders-a", serving);
                cluster.await("the old ones are gone", () -> known(orders) == 20);
            }
            serving.forEach(Pod::terminating); // they are all there is
            cluster.slice("orders-a", serving);
            cluster.await(
                    "all are about to end",
                    () -> Cluster.home(orders).size() == 20
                            && orders.endpoints().stream()
                                    .noneMatch(
                                            one -> one.condition() == io.clusterset.discovery.model.Condition.READY));
            assertThat(names(serving)).containsAll(Cluster.calls(orders, 40).keySet());
            noCallWentWrong();
        }
    }

    /** How many home has, ready or not. */
    private static int known(Service orders) {
        return orders.snapshot().tiers().get(0).resolution().endpoints().size();
    }
}
