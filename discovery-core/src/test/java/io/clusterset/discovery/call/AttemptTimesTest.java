package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** When attempts begin, how long they have, and what is waited for between. */
class AttemptTimesTest extends Attempts {

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
            AttemptLoop one = loop(() -> new ListPicker("local"), SETTLED, clock, clock);
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

    /** On a busy machine. */
    @Test
    void noAttemptBeginsWhenThePauseTookTheRestOfTheDeadline() {
        ListPicker single = new ListPicker("local");
        AttemptLoop oversleeps = loop(() -> single, SETTLED, time, pause -> time.advance(pause.plusMillis(200)));
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

    /** Who was tried when, until all attempts have failed; with a waiting thread as without. */
    private List<String> course(Call call, String... tiers) {
        ListPicker some = new ListPicker(tiers);
        ManualTime clock = new ManualTime();
        List<String> course = new ArrayList<>();
        CompletableFuture<String> later = loop(() -> some, SETTLED, clock, clock)
                .runAsync(call, endpoint -> {
                    course.add(endpoint.authority() + " at " + clock.nanos() / 1_000_000);
                    return CompletableFuture.failedFuture(new IOException(endpoint.authority()));
                });
        clock.advance(Duration.ofSeconds(20));
        assertThat(later).isCompletedExceptionally();
        ManualTime waited = new ManualTime();
        List<String> waiting = new ArrayList<>();
        assertThatThrownBy(() -> loop(() -> some, SETTLED, waited, waited)
                        .<String, IOException>run(call, (endpoint, left) -> {
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
}
