package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class FirstAnswerTest {

    private static final ServiceName ORDERS = ServiceName.of("orders", "shop");
    private static final Picker PICKER = new ClosedPicker(ORDERS); // any will do

    private final ManualTime time = new ManualTime();
    private final Current current = new Current(ORDERS);
    private final Queue<Runnable> callbacks = new ArrayDeque<>();
    private final List<Call> begun = new ArrayList<>();
    private Runnable use = () -> {};
    private final FirstAnswer answer = new FirstAnswer(
            ORDERS, current, new Promises(ORDERS, current), time, time, callbacks::add, () -> use.run());

    private void publish() {
        Snapshot nothing = new Snapshot(ORDERS, time.nanos(), List.of());
        current.publish(new Decision(nothing, List.of(), List.of(), List.of()), PICKER, time.nanos());
    }

    private void callBack() {
        while (!callbacks.isEmpty()) {
            callbacks.remove().run();
        }
    }

    private CompletableFuture<String> call(Duration deadline, CompletableFuture<String> running) {
        return answer.before(Call.idempotent().deadline(deadline), call -> {
            begun.add(call);
            return running;
        });
    }

    @Test
    void whoWaitsHasTheServiceAskAndGetsWhatComes() {
        use = this::publish;
        assertThat(answer.await()).isSameAs(PICKER);
    }

    @Test
    void whatComesJustBeforeTheServiceRestsIsNotMissed() {
        use = () -> {
            publish();
            current.rest();
        };
        assertThat(answer.await()).isSameAs(PICKER);
        CompletableFuture<String> ready = answer.ready("ready").toCompletableFuture();
        callBack();
        assertThat(ready).isCompletedWithValue("ready");
    }

    @Test
    void aThreadThatIsInterruptedStaysSo() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(answer::await)
                .withMessage("orders.shop: interrupted while waiting for the first answer");
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void whoWaitsWhenTheDiscoveryIsClosedIsToldSo() {
        CompletableFuture<String> ready = answer.ready("ready").toCompletableFuture();
        CompletableFuture<String> called = call(Duration.ofSeconds(1), new CompletableFuture<>());
        use = current::close;
        assertThatExceptionOfType(DiscoveryException.class)
                .isThrownBy(answer::await)
                .withMessage("orders.shop: the discovery was closed");
        callBack();
        assertThat(ready).isCompletedExceptionally();
        assertThat(called.handle((value, thrown) -> thrown.getMessage()))
                .isCompletedWithValue("orders.shop: the discovery was closed");
        assertThat(begun).isEmpty();
        assertThat(time.pending()).isZero();
    }

    @Test
    void callersCodeRunsOnTheCallbacks() {
        CompletableFuture<String> ready = answer.ready("ready").toCompletableFuture();
        publish();
        assertThat(ready).isNotDone();
        callBack();
        assertThat(ready).isCompletedWithValue("ready");
    }

    @Test
    void theWaitIsPartOfACallsTime() {
        CompletableFuture<String> called = call(Duration.ofSeconds(1), CompletableFuture.completedFuture("called"));
        time.advance(Duration.ofMillis(300));
        publish();
        callBack();
        assertThat(called).isCompletedWithValue("called");
        assertThat(begun).extracting(Call::deadline).containsExactly(Duration.ofMillis(700));
        assertThat(time.pending()).as("timers").isZero();
    }

    @Test
    void aCallThatWasGivenUpIsNotBegunAnyMore() {
        call(Duration.ofSeconds(1), new CompletableFuture<>()).cancel(true);
        publish();
        callBack();
        assertThat(begun).isEmpty();
    }

    @Test
    void aCallWhoseTimeIsUpIsNotBegunAnyMore() {
        CompletableFuture<String> called = call(Duration.ofSeconds(1), new CompletableFuture<>());
        time.advance(Duration.ofSeconds(1));
        callBack();
        assertThat(called.handle((value, thrown) -> thrown.getMessage()))
                .isCompletedWithValue("orders.shop: no first answer within PT1S");
        publish();
        callBack();
        assertThat(begun).isEmpty();
    }

    @Test
    void norIsOneWhoseTimeIsUpBeforeItsTurn() {
        CompletableFuture<String> called = call(Duration.ofSeconds(1), new CompletableFuture<>());
        publish();
        time.advance(Duration.ofSeconds(1)); // nobody was called back yet
        callBack();
        assertThat(called.handle((value, thrown) -> thrown.getMessage()))
                .isCompletedWithValue("orders.shop: no first answer within PT1S");
        assertThat(begun).isEmpty();
    }
}
