package io.clusterset.discovery.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimeTest {

    private final ManualTime time = new ManualTime();
    private final List<String> seen = new ArrayList<>();

    @Test
    void nothingRunsUntilTimeMoves() {
        time.schedule(Duration.ZERO, () -> seen.add("a"));
        assertThat(seen).isEmpty();
        time.advance(Duration.ZERO);
        assertThat(seen).containsExactly("a");
    }

    @Test
    void tasksRunInOrderOfTimeThenOfScheduling() {
        time.schedule(Duration.ofSeconds(2), () -> seen.add("late"));
        time.schedule(Duration.ofSeconds(1), () -> {
            seen.add("first at " + time.nanos());
            time.schedule(Duration.ofMillis(500), () -> seen.add("nested"));
        });
        time.schedule(Duration.ofSeconds(1), () -> seen.add("second"));
        time.advance(Duration.ofSeconds(3));
        assertThat(seen).containsExactly("first at 1000000000", "second", "nested", "late");
        assertThat(time.nanos()).isEqualTo(3_000_000_000L);
    }

    @Test
    void aCancelledTaskNeverRuns() {
        time.schedule(Duration.ofSeconds(1), () -> seen.add("a")).cancel();
        time.advance(Duration.ofSeconds(2));
        assertThat(seen).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    void anAlarmHoldsOneTask() {
        Alarm alarm = new Alarm(time, time, Runnable::run);
        alarm.set(Duration.ofSeconds(1), () -> seen.add("replaced"));
        alarm.set(Duration.ofSeconds(2), () -> seen.add("kept"));
        alarm.setIfSooner(Duration.ofSeconds(3), () -> seen.add("not sooner"));
        assertThat(alarm.left()).contains(Duration.ofSeconds(2));
        time.advance(Duration.ofSeconds(5));
        assertThat(seen).containsExactly("kept");
        assertThat(alarm.left()).isEmpty();
    }

    @Test
    void anAlarmCancelledWhileItsTaskWaitsForTheExecutorStaysSilent() {
        List<Runnable> waiting = new ArrayList<>();
        Alarm alarm = new Alarm(time, time, waiting::add);
        alarm.set(Duration.ofSeconds(1), () -> seen.add("stale"));
        time.advance(Duration.ofSeconds(1));
        alarm.cancel();
        waiting.forEach(Runnable::run);
        assertThat(seen).isEmpty();
    }

    @Test
    void aSerialExecutorRunsOneAtATimeInOrderAndSurvivesWhatTasksThrow() {
        List<Throwable> thrown = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor(Runnable::run, thrown::add);
        serial.execute(() -> {
            serial.execute(() -> seen.add("queued"));
            seen.add("running");
            throw new AssertionError("contained");
        });
        assertThat(seen).containsExactly("running", "queued");
        assertThat(thrown).hasSize(1);
    }

    @Test
    void aSerialExecutorWhoseLenderRefusesThrowsNothingAndGoesOnLater() {
        List<Throwable> thrown = new ArrayList<>();
        boolean[] refuse = {true};
        SerialExecutor serial = new SerialExecutor(
                task -> {
                    if (refuse[0]) {
                        throw new java.util.concurrent.RejectedExecutionException("shut down");
                    }
                    task.run();
                },
                thrown::add);
        serial.execute(() -> seen.add("lost"));
        refuse[0] = false;
        serial.execute(() -> seen.add("ran"));
        assertThat(thrown).hasSize(1);
        assertThat(seen).containsExactly("ran");
    }

    @Test
    void backoffDoublesUpToTheLongestWithinItsSpread() {
        Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);
        Random random = new Random(1);
        for (int failures = 1; failures < 100; failures++) {
            double seconds = backoff.after(failures, random).toMillis() / 1000.0;
            double expected = Math.min(30, Math.pow(2, failures - 1));
            assertThat(seconds).isBetween(expected * 0.8, expected * 1.2);
        }
    }

    @Test
    void aClosedSchedulerLeavesNoThreadAndDropsTasks() throws Exception {
        DaemonScheduler scheduler = new DaemonScheduler("discovery-test-thread");
        CountDownLatch ran = new CountDownLatch(1);
        Thread[] thread = new Thread[1];
        scheduler.schedule(Duration.ZERO, () -> {
            thread[0] = Thread.currentThread();
            ran.countDown();
        });
        assertThat(ran.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(thread[0].isDaemon()).isTrue();
        scheduler.close();
        thread[0].join(5_000);
        assertThat(thread[0].isAlive()).isFalse();
        scheduler.execute(() -> seen.add("after close"));
        scheduler.schedule(Duration.ZERO, () -> seen.add("after close"));
        assertThat(seen).isEmpty();
    }

    @Test
    void aSerialExecutorSurvivesALenderThatCannotMakeAThread() {
        List<Throwable> thrown = new ArrayList<>();
        boolean[] first = {true};
        SerialExecutor serial = new SerialExecutor(
                task -> {
                    if (first[0]) {
                        first[0] = false;
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    task.run();
                },
                thrown::add);
        serial.execute(() -> seen.add("lost"));
        serial.execute(() -> seen.add("ran"));
        assertThat(seen).containsExactly("ran");
        assertThat(thrown).hasSize(1);
    }

    @Test
    void timeThatATaskMovesOnDoesNotRunBackwards() {
        ManualTime clock = new ManualTime();
        clock.schedule(Duration.ofMillis(10), () -> clock.sleep(Duration.ofSeconds(1)));
        clock.advance(Duration.ofMillis(20));
        assertThat(clock.nanos()).isEqualTo(1_010_000_000L);
    }
}
