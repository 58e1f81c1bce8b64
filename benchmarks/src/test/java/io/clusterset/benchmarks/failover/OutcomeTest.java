package io.clusterset.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clusterset.benchmarks.failover.Outcome.Sample;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private static final Duration WATCHED = Duration.ofSeconds(30);
    private static final long MILLIS = 1_000_000;
    private static final long SECOND = 1_000 * MILLIS;

    /** Ten calls a second for 30 s, bad from one second to before another; a good one takes as many nanoseconds as it is old. */
    private static List<Sample> calls(int from, int to) {
        return LongStream.range(0, 300)
                .mapToObj(n -> n * 100 * MILLIS)
                .map(began -> new Sample(began, began, began >= from * SECOND && began < to * SECOND))
                .toList();
    }

    @Test
    void aCallMayBeSlowUntilASecondAfterTheLastBadOne() {
        Outcome outcome = Outcome.of(List.of(), calls(0, 5), WATCHED);
        assertThat(outcome.calls()).isEqualTo(300);
        assertThat(outcome.bad()).isEqualTo(50);
        assertThat(outcome.nanos()).isEqualTo(4_900 * MILLIS);
        assertThat(outcome.never()).isFalse();
        // from 5.9 s on: 241 of them, the 121st and the 239th
        assertThat(outcome.median()).hasValue(17_900 * MILLIS);
        assertThat(outcome.p99()).hasValue(29_700 * MILLIS);
        assertThat(outcome.p99Before()).isEmpty();
    }

    @Test
    void withoutABadCallTheFirstSecondIsLeftOut() {
        Outcome outcome = Outcome.of(calls(0, 0), calls(0, 0), WATCHED);
        assertThat(outcome.bad()).isZero();
        assertThat(outcome.nanos()).isZero();
        assertThat(outcome.median()).hasValue(15_400 * MILLIS);
        assertThat(outcome.p99Before()).as("of all before").hasValue(29_600 * MILLIS);
        assertThat(Outcome.of(calls(20, 30), calls(0, 0), WATCHED).p99Before())
                .as("bad ones, too")
                .hasValue(29_600 * MILLIS);
    }

    @Test
    void badCallsInTheLastSecondMeanNever() {
        Outcome never = Outcome.of(List.of(), calls(0, 30), WATCHED);
        assertThat(never.never()).isTrue();
        assertThat(never.median()).isEmpty();
        assertThat(never.p99()).isEmpty();
        assertThat(Outcome.of(List.of(), calls(0, 29), WATCHED).never()).isFalse();
        Outcome byTurns =
                Outcome.of(List.of(), List.of(new Sample(0, 1, false), new Sample(29_500 * MILLIS, 1, true)), WATCHED);
        assertThat(byTurns.never()).isTrue();
        assertThat(byTurns.p99()).isEmpty();
    }

    @Test
    void whatIsPrintedIsReadAgain() {
        Outcome good = Outcome.of(calls(0, 0), calls(0, 5), WATCHED);
        assertThat(Outcome.parse(good.line())).isEqualTo(good);
        Outcome never = Outcome.of(List.of(), calls(0, 30), WATCHED);
        assertThat(Outcome.parse(never.line())).isEqualTo(never);
        assertThat(never.p99()).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void anotherLineIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Outcome.parse("Exception in thread"))
                .withMessage("outcome: Exception in thread (expected: seven figures)");
    }
}
