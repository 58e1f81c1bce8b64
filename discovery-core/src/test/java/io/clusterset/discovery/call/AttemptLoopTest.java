package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AttemptLoopTest {

    private static final CompletableFuture<Void> SETTLED = CompletableFuture.completedFuture(null);

    private final ManualTime time = new ManualTime();
    private final List<String> tried = new ArrayList<>();
    private final List<String> outcomes = new ArrayList<>();
    private final ListPicker picker = new ListPicker("local", "local", "local", "clusterset");
    private final AttemptLoop loop = loop(() -> picker, SETTLED);

    private AttemptLoop loop(Supplier<Picker> from, CompletableFuture<?> whenSettled) {
        return new AttemptLoop(
                "orders.shop",
                from,
                () -> whenSettled,
                new RetryBudget(BudgetOptions::defaults, time),
                AttemptSink.NONE,
                time,
                time,
                time,
                Runnable::run,
                new Random(1));
    }

    private static IOException refused() {
        return new ConnectException("Connection refused");
    }

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
    void aCallThatIsGivenUpDuringItsPauseLeavesNoTimer() {
        ListPicker single = new ListPicker("local");
        CompletableFuture<String> call = loop(() -> single, SETTLED)
                .runAsync(Call.idempotent(), endpoint -> CompletableFuture.failedFuture(refused()));
        assertThat(time.pending()).isEqualTo(1);
        assertThat(call.cancel(true)).isTrue();
        assertThat(time.pending()).isZero();
    }

    /** A tier that was asked because the only endpoint failed may answer during the pause. */
    @Test
    void whoBecomesKnownDuringAPauseGoesBeforeWhoHasFailed() throws Exception {
        Picker one = new ListPicker("local");
        Picker more = new ListPicker("local", "clusterset");
        loop(() -> time.nanos() == 0 ? one : more, SETTLED)
                .<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                    tried.add(endpoint.tier());
                    if (endpoint.tier().equals("local")) {
                        throw refused();
                    }
                    return "ok";
                });
        assertThat(tried).containsExactly("local", "clusterset");
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
    void theFunctionIsToldHowMuchTimeIsLeftAndNoAttemptBeginsAfterTheDeadline() {
        List<Duration> left = new ArrayList<>();
        Call call = Call.idempotent().deadline(Duration.ofSeconds(3)).attemptTimeout(Duration.ofSeconds(2));
        assertThatThrownBy(() -> loop.<String, IOException>run(call, (endpoint, time) -> {
                    left.add(time);
                    this.time.advance(Duration.ofSeconds(2));
                    throw refused();
                }))
                .isInstanceOf(IOException.class);
        assertThat(left).containsExactly(Duration.ofSeconds(2), Duration.ofSeconds(1));
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
    void whileATierIsAskedForTheFirstTimeACallWithNowhereElseToGoWaitsForIt() {
        ListPicker home = new ListPicker("local");
        ListPicker both = new ListPicker("local", "clusterset");
        CompletableFuture<Void> settled = new CompletableFuture<>();
        AttemptLoop cold = loop(() -> settled.isDone() ? both : home, settled);
        CompletableFuture<String> call = cold.runAsync(
                Call.idempotent(),
                endpoint -> endpoint.tier().equals("local")
                        ? CompletableFuture.failedFuture(refused())
                        : CompletableFuture.completedFuture(endpoint.tier()));
        assertThat(call).isNotDone();
        settled.complete(null);
        assertThat(call).isCompletedWithValue("clusterset");
    }

    @Test
    void theLastAttemptWaitsForATierThatHasNotAnsweredThoughItsOwnHasMore() {
        ListPicker home = new ListPicker("local", "local", "local");
        ListPicker both = new ListPicker("local", "local", "local", "clusterset");
        for (boolean answers : new boolean[] {true, false}) {
            CompletableFuture<Void> settled = new CompletableFuture<>();
            tried.clear();
            AttemptLoop cold = loop(() -> settled.isDone() && answers ? both : home, settled);
            CompletableFuture<String> call = cold.runAsync(Call.idempotent(), endpoint -> {
                tried.add(endpoint.tier());
                return endpoint.tier().equals("local")
                        ? CompletableFuture.failedFuture(refused())
                        : CompletableFuture.completedFuture(endpoint.tier());
            });
            assertThat(tried).containsExactly("local", "local");
            settled.complete(null);
            assertThat(tried).containsExactly("local", "local", answers ? "clusterset" : "local");
            assertThat(call).isDone();
        }
    }

    @Test
    void waitingForATierEndsWithTheDeadline() {
        AttemptLoop cold = loop(() -> new ListPicker("local"), new CompletableFuture<>());
        CompletableFuture<String> call = cold.runAsync(
                Call.idempotent().deadline(Duration.ofMillis(300)),
                endpoint -> CompletableFuture.failedFuture(refused()));
        time.advance(Duration.ofMillis(299));
        assertThat(call).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(call).isCompletedExceptionally();
    }

    @Test
    void whenEverythingHasBeenTriedItPausesAndBeginsAgain() throws Exception {
        AttemptLoop one = loop(() -> new ListPicker("local"), SETTLED);
        List<Long> at = new ArrayList<>();
        String body = one.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
            at.add(time.nanos() / 1_000_000);
            if (at.size() < 3) {
                throw refused();
            }
            return "ok";
        });
        assertThat(body).isEqualTo("ok");
        assertThat(at.get(1)).isBetween(25L, 75L); // 50 ms ± 50 %
        assertThat(at.get(2) - at.get(1)).isBetween(50L, 150L);
        CompletableFuture<String> async = one.runAsync(Call.idempotent(), endpoint -> {
            at.add(0L);
            return at.size() < 6 ? CompletableFuture.failedFuture(refused()) : CompletableFuture.completedFuture("ok");
        });
        assertThat(async).isNotDone();
        time.advance(Duration.ofMillis(225));
        assertThat(async).isCompletedWithValue("ok");
    }

    @Test
    void thePauseIsNoLongerThanTheDeadlineAndTheSameEveryTime() {
        for (int run = 0; run < 2; run++) {
            ManualTime clock = new ManualTime();
            AttemptLoop one = new AttemptLoop(
                    "orders.shop",
                    () -> new ListPicker("local"),
                    () -> SETTLED,
                    new RetryBudget(BudgetOptions::defaults, clock),
                    AttemptSink.NONE,
                    clock,
                    clock,
                    clock,
                    Runnable::run,
                    new Random(7));
            assertThatThrownBy(() -> one.<String, IOException>run(
                            Call.idempotent().deadline(Duration.ofMillis(20)), (endpoint, left) -> {
                                throw refused();
                            }))
                    .isInstanceOf(ConnectException.class);
            assertThat(clock.nanos()).isZero();
            assertThatThrownBy(() -> one.<String, IOException>run(Call.idempotent(), (endpoint, left) -> {
                        throw refused();
                    }))
                    .isInstanceOf(ConnectException.class);
            tried.add(String.valueOf(clock.nanos()));
        }
        assertThat(tried.get(0)).isEqualTo(tried.get(1)).isNotEqualTo("0");
    }

    @Test
    void anAttemptThatMayBeRepeatedHasHalfOfWhatIsLeft() {
        List<Duration> left = new ArrayList<>();
        assertThatThrownBy(() -> loop.<String, IOException>run(
                        Call.idempotent().deadline(Duration.ofSeconds(3)), (endpoint, time) -> {
                            left.add(time);
                            this.time.advance(time);
                            throw new SocketTimeoutException("Read timed out");
                        }))
                .isInstanceOf(SocketTimeoutException.class);
        assertThat(left).containsExactly(Duration.ofMillis(1_500), Duration.ofMillis(750), Duration.ofMillis(750));
        left.clear();
        assertThatThrownBy(() ->
                        loop.<String, IOException>run(Call.once().deadline(Duration.ofSeconds(3)), (endpoint, time) -> {
                            left.add(time);
                            throw refused();
                        }))
                .isInstanceOf(ConnectException.class);
        assertThat(left).hasSize(4).allMatch(Duration.ofSeconds(3)::equals);
    }

    /** A process that restarts refuses twice, and needs its time then: nobody else is known who could use what is saved. */
    @Test
    void theLastAttemptOfAFurtherRoundHasAllThatIsLeft() {
        List<Duration> left = new ArrayList<>();
        assertThatThrownBy(() -> loop(() -> new ListPicker("local"), SETTLED)
                        .<String, IOException>run(Call.idempotent(), (endpoint, mine) -> {
                            left.add(mine);
                            throw refused();
                        }))
                .isInstanceOf(ConnectException.class);
        assertThat(left).hasSize(3);
        assertThat(left.get(1)).isLessThan(Duration.ofSeconds(5));
        assertThat(left.get(2)).isGreaterThan(Duration.ofSeconds(9));
        left.clear();
        ListPicker many = new ListPicker(Collections.nCopies(30, "local").toArray(String[]::new));
        assertThatThrownBy(() -> loop(() -> many, SETTLED)
                        .<String, IOException>run(Call.idempotent(), (endpoint, mine) -> {
                            left.add(mine);
                            throw refused();
                        }))
                .isInstanceOf(ConnectException.class);
        assertThat(left.get(8)).isLessThanOrEqualTo(Duration.ofSeconds(5));
        assertThat(left.get(9)).as("there is no eleventh").isGreaterThan(Duration.ofSeconds(9));
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

    /** Picks the first of a list; others in order, another tier first when told to leave one. */
    private final class ListPicker implements Picker {
        private final List<Candidate> all = new ArrayList<>();
        private int handedOut;

        ListPicker(String... tiers) {
            for (String tier : tiers) {
                Endpoint endpoint =
                        Endpoint.parse("10.0.0." + (all.size() + 1) + ":80").withTier(tier);
                all.add(new Candidate(endpoint, Verdict.HEALTHY, Candidate.Use.IN_TURN, 1, new Recorder()));
            }
        }

        @Override
        public Candidate pick() {
            handedOut++;
            return all.get(0);
        }

        @Override
        public Candidate pick(Affinity affinity) {
            return all.get(0);
        }

        @Override
        public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
            List<Candidate> left = all.stream()
                    .filter(c -> !tried.contains(c.endpoint().socketAddress()))
                    .toList();
            handedOut += left.isEmpty() ? 0 : 1;
            return left.stream()
                    .filter(c -> leaving.isEmpty() || !c.endpoint().tier().equals(leaving.get()))
                    .findFirst()
                    .or(() -> left.stream().findFirst());
        }

        @Override
        public List<Candidate> ordered() {
            return all;
        }
    }

    private final class Recorder implements Outcomes {
        @Override
        public long began() {
            return 0;
        }

        @Override
        public boolean admits() {
            return false;
        }

        @Override
        public void ended(long mark, Outcome outcome) {
            outcomes.add(outcome.getClass().getSimpleName());
        }
    }

    @Test
    void noAttemptBeginsWhenThePauseTookTheRestOfTheDeadline() {
        ListPicker single = new ListPicker("local");
        AttemptLoop oversleeps = new AttemptLoop(
                "orders.shop",
                () -> single,
                () -> SETTLED,
                new RetryBudget(BudgetOptions::defaults, time),
                AttemptSink.NONE,
                time,
                time,
                pause -> time.advance(pause.plusMillis(200)), // a busy machine
                Runnable::run,
                new Random(1));
        Call call = Call.idempotent().deadline(Duration.ofMillis(200));
        assertThatThrownBy(() -> oversleeps.<String, IOException>run(call, (endpoint, left) -> {
                    tried.add(left.toString());
                    throw refused();
                }))
                .isInstanceOf(ConnectException.class);
        assertThat(tried).containsExactly("PT0.1S");
    }

    @Test
    void noAttemptBeginsWhenTheFirstAnswerTookLongerThanTheDeadline() {
        AttemptLoop cold = loop(
                () -> {
                    time.advance(Duration.ofSeconds(2));
                    return picker;
                },
                SETTLED);
        assertThatThrownBy(() -> cold.<String, IOException>run(
                        Call.idempotent().deadline(Duration.ofSeconds(1)), (endpoint, left) -> "too late"))
                .hasMessage("orders.shop: the first answer took longer than the call's deadline of PT1S");
        assertThat(outcomes).isEmpty();
    }

    @Test
    void anAttemptIsNeverGivenNoTimeAtAll() throws Exception {
        Call call = Call.idempotent().deadline(Duration.ofNanos(1_500_000)); // half of it would be 0 ms to setSoTimeout
        assertThat(loop.<Duration, IOException>run(call, (endpoint, left) -> left))
                .isEqualTo(Duration.ofMillis(1));
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

    @Test
    void aCallMayHaveAllTheTimeInTheWorld() throws Exception {
        Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
        Call call = Call.idempotent().deadline(ever).attemptTimeout(ever);
        assertThat(loop.<String, IOException>run(call, (endpoint, left) -> "ok"))
                .isEqualTo("ok");
        assertThat(outcomes).containsExactly("Succeeded");
    }

    private static Call heeding(Map<String, Duration> wishes) {
        return Call.idempotent()
                .classify(thrown ->
                        Failure.soft("HTTP 503").notBefore(wishes.getOrDefault(thrown.getMessage(), Duration.ZERO)));
    }

    private static AttemptLoop loop(Picker some, ManualTime clock) {
        return new AttemptLoop(
                "orders.shop",
                () -> some,
                () -> SETTLED,
                new RetryBudget(BudgetOptions::defaults, clock),
                AttemptSink.NONE,
                clock,
                clock,
                clock,
                Runnable::run,
                new Random(1));
    }

    /** Who was tried when, until all attempts have failed; with a waiting thread as without. */
    private List<String> course(Call call, String... tiers) {
        ListPicker some = new ListPicker(tiers);
        ManualTime clock = new ManualTime();
        List<String> course = new ArrayList<>();
        CompletableFuture<String> later = loop(some, clock).runAsync(call, endpoint -> {
            course.add(endpoint.authority() + " at " + clock.nanos() / 1_000_000);
            return CompletableFuture.failedFuture(new IOException(endpoint.authority()));
        });
        clock.advance(Duration.ofSeconds(20));
        assertThat(later).isCompletedExceptionally();
        ManualTime waited = new ManualTime();
        List<String> waiting = new ArrayList<>();
        assertThatThrownBy(() -> loop(some, waited).<String, IOException>run(call, (endpoint, left) -> {
                    waiting.add(endpoint.authority() + " at " + waited.nanos() / 1_000_000);
                    throw new IOException(endpoint.authority());
                }))
                .isInstanceOf(IOException.class);
        assertThat(waiting).isEqualTo(course);
        return course;
    }

    @Test
    void whoWishesToBeLeftAloneIsAskedNoSoonerAndAnotherAtOnce() {
        Map<String, Duration> wish = Map.of("10.0.0.1:80", Duration.ofMillis(700));
        assertThat(course(heeding(wish), "local"))
                .containsExactly("10.0.0.1:80 at 0", "10.0.0.1:80 at 700", "10.0.0.1:80 at 1400");
        List<String> two = course(heeding(wish).attempts(5), "local", "local");
        assertThat(two).hasSize(5).startsWith("10.0.0.1:80 at 0", "10.0.0.2:80 at 0");
        assertThat(two.subList(2, 4)).allMatch(attempt -> attempt.startsWith("10.0.0.2:80")); // it wished nothing
        assertThat(two.get(4)).startsWith("10.0.0.2:80"); // a pause of 200 ms
    }

    @Test
    void aSecondIsWaitedForAndNoLonger() {
        Map<String, Duration> second = Map.of("10.0.0.1:80", Duration.ofSeconds(1));
        assertThat(course(heeding(second), "local")).hasSize(3).endsWith("10.0.0.1:80 at 2000");
        Map<String, Duration> more = Map.of("10.0.0.1:80", Duration.ofMillis(1_001));
        assertThat(course(heeding(more), "local")).containsExactly("10.0.0.1:80 at 0");
        Map<String, Duration> century = Map.of("10.0.0.1:80", Duration.ofSeconds(Long.MAX_VALUE));
        assertThat(course(heeding(century), "local")).containsExactly("10.0.0.1:80 at 0");
    }

    @Test
    void whoWishesForLongIsNotAskedAgainAndTheOthersAre() {
        Map<String, Duration> wish = Map.of("10.0.0.1:80", Duration.ofMillis(1_200));
        List<String> course = course(heeding(wish).attempts(10), "local", "local");
        assertThat(course).hasSize(10).first().isEqualTo("10.0.0.1:80 at 0");
        assertThat(course.subList(1, 10)).allMatch(attempt -> attempt.startsWith("10.0.0.2:80")); // for seconds
    }

    @Test
    void aWishIsNoReasonToWaitPastTheDeadline() {
        Map<String, Duration> wish = Map.of("10.0.0.1:80", Duration.ofMillis(400));
        assertThat(course(heeding(wish).deadline(Duration.ofMillis(400)), "local"))
                .containsExactly("10.0.0.1:80 at 0");
        assertThat(course(heeding(wish).deadline(Duration.ofMillis(401)), "local"))
                .containsExactly("10.0.0.1:80 at 0", "10.0.0.1:80 at 400");
    }

    @Test
    void aWishIsNoSooner() {
        assertThatThrownBy(() -> Failure.soft("HTTP 503").notBefore(Duration.ofMillis(-1)))
                .hasMessage("notBefore: PT-0.001S (expected: >= 0)");
        assertThat(Failure.soft("HTTP 503").notBefore(Duration.ofSeconds(2)).outcome())
                .isEqualTo(new Outcome.FailedSoft("HTTP 503"));
        assertThat(Failure.soft("HTTP 503").notBefore()).isZero();
    }
}
