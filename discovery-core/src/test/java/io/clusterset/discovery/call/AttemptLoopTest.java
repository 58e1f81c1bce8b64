package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Who is tried, how often, and what the caller is told. */
class AttemptLoopTest extends Attempts {

    @Test
    void aSuccessIsOneAttempt() throws Exception {
        String body = loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
            tried.add(endpoint.authority());
            return "ok";
        });
        assertThat(body).isEqualTo("ok");
        assertThat(tried).containsExactly("10.0.0.1:80");
        assertThat(outcomes).containsExactly("Succeeded");
    }

    @Test
    void atMostThreeAttemptsNeverTheSameEndpointAndTheLastInTheNextTier() {
        assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                    tried.add(endpoint.toString());
                    throw new IOException("HTTP 500");
                }))
                .hasMessage("HTTP 500")
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasSize(3))
                .satisfies(thrown -> assertThat(thrown.getSuppressed()[2])
                        .hasMessage("orders.shop: 3 attempts failed in 0 ms (local 10.0.0.1:80: HTTP 500;"
                                + " local 10.0.0.2:80: HTTP 500; clusterset 10.0.0.4:80: HTTP 500)"));
        assertThat(tried).containsExactly("local 10.0.0.1:80", "local 10.0.0.2:80", "clusterset 10.0.0.4:80");
        assertThat(outcomes).containsExactly("FailedSoft", "FailedSoft", "FailedSoft");
    }

    /** While any tier has one endpoint that answers, a call does not fail. */
    @Test
    void aRefusedAttemptUsesUpNoneWhileThereIsSomebodyTheCallHasNotMet() throws Exception {
        loop.<String, IOException>run(Call.once(), (endpoint, left) -> {
            tried.add(endpoint.toString());
            if (tried.size() < 4) {
                throw refused();
            }
            return "ok";
        });
        assertThat(tried)
                .containsExactly(
                        "local 10.0.0.1:80", "local 10.0.0.2:80", "clusterset 10.0.0.4:80", "local 10.0.0.3:80");
    }

    @Test
    void whoRefusesIsMetOnceWhenTheNumberIsReached() {
        assertThat(allRefusing(Call.idempotent(), 4)).isEqualTo(4);
        assertThat(allRefusing(Call.idempotent(), 2)).isEqualTo(3); // the third after a pause
        assertThat(allRefusing(Call.idempotent(), 30)).isEqualTo(10);
        assertThat(allRefusing(Call.idempotent().attempts(2), 30)).isEqualTo(10);
        assertThat(allRefusing(Call.idempotent().attempts(1), 30)).isEqualTo(1);
    }

    private int allRefusing(Call call, int endpoints) {
        ListPicker some = new ListPicker(Collections.nCopies(endpoints, "local").toArray(String[]::new));
        tried.clear();
        assertThatThrownBy(() -> loop(() -> some, SETTLED).<String, IOException>run(call, (endpoint, left) -> {
                    tried.add(endpoint.toString());
                    throw refused();
                }))
                .isInstanceOf(ConnectException.class);
        return tried.size();
    }

    /** Three that may have been sent, and no more, however many were refused between them. */
    @Test
    void whatMayHaveBeenSentIsCounted() {
        ListPicker many = new ListPicker(Collections.nCopies(9, "local").toArray(String[]::new));
        assertThatThrownBy(() -> loop(() -> many, SETTLED)
                        .<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                            tried.add(left.toString());
                            throw tried.size() % 2 == 0 ? refused() : new IOException("HTTP 500");
                        }))
                .hasMessage("HTTP 500");
        assertThat(tried)
                .containsExactly("PT5S", "PT5S", "PT5S", "PT10S", "PT10S"); // what may be the last has all that is left
    }

    /** A connect that nobody answers costs a share of the caller's time. */
    @Test
    void aConnectTimeoutIsCounted() {
        ListPicker many = new ListPicker(Collections.nCopies(9, "local").toArray(String[]::new));
        assertThatThrownBy(() -> loop(() -> many, SETTLED)
                        .<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                            tried.add(endpoint.toString());
                            throw new SocketTimeoutException("Connect timed out");
                        }))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(tried).hasSize(3);
    }

    @Test
    void afterAConnectTimeoutTheNextTierIsTried() throws Exception {
        loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
            tried.add(endpoint.tier());
            if (tried.size() == 1) {
                throw new SocketTimeoutException("Connect timed out");
            }
            return "ok";
        });
        assertThat(tried).containsExactly("local", "clusterset");
    }

    @Test
    void whatMustNotBeDoneTwiceIsTriedAgainOnlyIfNothingWasSent() {
        assertThatThrownBy(() -> loop.<String, IOException>run(Call.once(), (endpoint, left) -> {
                    tried.add(endpoint.authority());
                    throw tried.size() == 1 ? refused() : new SocketException("Connection reset");
                }))
                .hasMessage("Connection reset");
        assertThat(tried).hasSize(2);
    }

    @Test
    void retriesAreBudgetedButConnectFailuresAreFree() {
        int sent = 0;
        for (int call = 0; call < 1_000; call++) {
            tried.clear();
            assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                        tried.add(endpoint.authority());
                        throw new IOException("HTTP 503");
                    }))
                    .hasMessage("HTTP 503");
            sent += tried.size() - 1;
        }
        assertThat(sent).isBetween(295, 300); // 10 a second for ten seconds and 20 % of 1,000 calls; time stands still
        for (int call = 0; call < 100; call++) {
            tried.clear();
            assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                        tried.add(endpoint.authority());
                        throw refused();
                    }))
                    .isInstanceOf(ConnectException.class);
            assertThat(tried).hasSize(4);
        }
    }

    @Test
    void anInterruptedCallSaysNothingOfTheEndpointAndIsNotRepeated() {
        assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                    tried.add(endpoint.authority());
                    throw new InterruptedIOException("interrupted");
                }))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(tried).hasSize(1);
        assertThat(outcomes).containsExactly("Abandoned");
    }

    @Test
    void anErrorIsPassedOnAtOnce() {
        assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                    tried.add(endpoint.authority());
                    throw new StackOverflowError();
                }))
                .isInstanceOf(StackOverflowError.class);
        assertThat(tried).hasSize(1);
    }

    @Test
    void withNowhereElseToGoTheFailureIsTheCallers() {
        ListPicker one = new ListPicker("local");
        AttemptLoop alone = loop(() -> one, SETTLED);
        assertThatThrownBy(() -> alone.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                    throw refused();
                }))
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void whatAnExceptionMeansIsTheCallsToSay() throws Exception {
        Call call = Call.once()
                .classify(thrown ->
                        "not sent".equals(thrown.getMessage()) ? Failure.hard("not sent") : Failure.of(thrown));
        assertThatThrownBy(() -> loop.<String, IOException>run(call, (endpoint, left) -> {
                    tried.add(endpoint.tier());
                    throw new IllegalStateException(tried.size() == 1 ? "not sent" : "sent");
                }))
                .hasMessage("sent");
        assertThat(outcomes).containsExactly("FailedHard", "FailedOtherwise");
        outcomes.clear();
        Call broken = Call.once().classify(thrown -> {
            throw new IllegalArgumentException("the rule is broken");
        });
        assertThatThrownBy(() -> loop.<String, IOException>run(broken, (endpoint, left) -> {
                    throw new IOException("HTTP 503");
                }))
                .hasMessage("HTTP 503");
        assertThat(outcomes).containsExactly("FailedSoft");
    }

    @Test
    void aTierThatAnswersBetweenTheFailureAndTheRetryIsNotMissed() {
        ListPicker home = new ListPicker("local");
        ListPicker both = new ListPicker("local", "clusterset");
        for (boolean async : new boolean[] {false, true}) {
            CompletableFuture<Void> settled = new CompletableFuture<>();
            int[] reads = {0};
            AttemptLoop cold = loop(
                    () -> {
                        if (reads[0]++ == 0) {
                            return home; // the first attempt
                        }
                        boolean before = settled.isDone();
                        settled.complete(null); // the next tier answers just after the old picker was read
                        return before ? both : home;
                    },
                    settled);
            String served = async
                    ? cold.runAsync(
                                    Call.idempotent(),
                                    endpoint -> endpoint.tier().equals("local")
                                            ? CompletableFuture.<String>failedFuture(refused())
                                            : CompletableFuture.completedFuture(endpoint.tier()))
                            .join()
                    : cold.<String, RuntimeException>run(Call.idempotent(), (endpoint, left) -> {
                        if (endpoint.tier().equals("local")) {
                            throw new java.io.UncheckedIOException(refused());
                        }
                        return endpoint.tier();
                    });
            assertThat(served).isEqualTo("clusterset");
        }
    }

    @Test
    void anAsynchronousCallFailsOverWithoutAWaitingThread() {
        CompletableFuture<String> first = new CompletableFuture<>();
        CompletableFuture<String> call = loop.runAsync(Call.idempotent(), endpoint -> {
            tried.add(endpoint.authority());
            return tried.size() == 1 ? first : CompletableFuture.completedFuture("ok");
        });
        assertThat(call).isNotDone();
        first.completeExceptionally(new CompletionException(refused()));
        assertThat(call).isCompletedWithValue("ok");
        assertThat(tried).hasSize(2);
        assertThat(time.pending()).isZero();
    }

    @Test
    void anAsynchronousAttemptIsCutOffAndCancelledAtItsTime() {
        List<CompletableFuture<String>> hung = new ArrayList<>();
        Call once = Call.once().attemptTimeout(Duration.ofSeconds(1));
        CompletableFuture<String> call = loop.runAsync(once, endpoint -> {
            hung.add(new CompletableFuture<>());
            return hung.get(0);
        });
        time.advance(Duration.ofMillis(999));
        assertThat(call).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(call).isCompletedExceptionally();
        assertThat(hung.get(0)).isCancelled();
        assertThatThrownBy(call::join).hasCauseInstanceOf(TimeoutException.class);
        assertThat(outcomes).containsExactly("FailedSoft");
    }

    @Test
    void anAsynchronousFunctionThatThrowsIsAFailedAttempt() {
        CompletableFuture<String> call = loop.runAsync(Call.once(), endpoint -> {
            throw new IllegalStateException("broken");
        });
        assertThatThrownBy(call::join).hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void limitsOutOfRangeAreRefused() {
        assertThatThrownBy(() -> Call.once().attempts(0)).hasMessage("attempts: 0 (expected: 1 to 10)");
        assertThatThrownBy(() -> Call.once().deadline(Duration.ZERO)).hasMessage("deadline: PT0S (expected: > 0)");
    }

    /** A capacity guard counts what it hands out. */
    @Test
    void whatAPickerHandsOutIsTried() {
        ListPicker one = new ListPicker("local");
        assertThatThrownBy(() -> loop(() -> one, SETTLED).run(Call.idempotent(), (endpoint, left) -> {
                    tried.add(endpoint.toString());
                    throw refused();
                }))
                .isInstanceOf(ConnectException.class);
        assertThat(tried).hasSize(3);
        assertThat(one.handedOut).isEqualTo(3);
    }

    @Test
    void aRuleThatBreaksDoesNotKeepTheFailureFromTheCaller() {
        Call call = Call.once().classify(thrown -> {
            throw new NoClassDefFoundError("a part of the client");
        });
        CompletableFuture<String> answer =
                loop.runAsync(call, endpoint -> CompletableFuture.failedFuture(new IOException("HTTP 503")));
        assertThatThrownBy(answer::join).hasRootCauseMessage("HTTP 503");
        assertThat(outcomes).containsExactly("FailedSoft");
    }

    @Test
    void anExceptionThatIsThrownAgainAndAgainDoesNotGrow() {
        IOException shared = new IOException("closed");
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> loop.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                        throw shared;
                    }))
                    .isSameAs(shared);
        }
        assertThat(shared.getSuppressed().length).isBetween(1, 30);
    }

    @Test
    void closingTellsWhoeverAwaitsAnAnswer() {
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> attempted = loop.runAsync(Call.idempotent(), endpoint -> never);
        AttemptLoop alone = loop(() -> new ListPicker("local"), SETTLED);
        CompletableFuture<String> pausing =
                alone.runAsync(Call.idempotent(), endpoint -> CompletableFuture.failedFuture(refused()));
        loop.close();
        alone.close();
        assertThatThrownBy(attempted::join).hasRootCauseMessage("orders.shop: the discovery was closed");
        assertThatThrownBy(pausing::join).hasRootCauseMessage("orders.shop: the discovery was closed");
        assertThat(never).isCancelled();
        assertThat(outcomes).containsExactly("FailedHard", "Abandoned");
    }

    @Test
    void cancellingTheAnswerCancelsTheAttemptAndLeavesNoTimer() {
        CompletableFuture<String> never = new CompletableFuture<>();
        CompletableFuture<String> answer = loop.runAsync(Call.idempotent(), endpoint -> never);
        answer.cancel(true);
        assertThat(never).isCancelled();
        assertThat(outcomes).containsExactly("Abandoned");
        assertThat(time.pending()).isZero();
        time.advance(Duration.ofSeconds(20));
        assertThat(outcomes).containsExactly("Abandoned");
    }
}
