package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Time waited in vain, whatever the clock's origin: it may be negative, and may overflow under way. */
class SilenceTest {

    private static final long GUESS = 125;

    private static long at(long origin, long millis) {
        return origin + Duration.ofMillis(millis).toNanos();
    }

    private static long millis(Silence silence) {
        return Duration.ofNanos(silence.nanos()).toMillis();
    }

    @ParameterizedTest
    @ValueSource(
            longs = {
                0,
                -1,
                -700_000_000,
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                Long.MAX_VALUE - 700_000_000,
                Long.MAX_VALUE - 5_000_000_000L
            })
    void timePassesOnceWhileSeveralWait(long origin) {
        Silence one = Silence.NONE.and(at(origin, 0), at(origin, 500));
        assertThat(millis(one)).isEqualTo(500 - GUESS);
        Silence beside = one.and(at(origin, 0), at(origin, 500));
        assertThat(beside).isEqualTo(new Silence(one.began(), one.until(), one.nanos(), 2));
        Silence overlapping = beside.and(at(origin, 250), at(origin, 750));
        assertThat(millis(overlapping)).isEqualTo(750 - GUESS);
        Silence later = overlapping.and(at(origin, 10_000), at(origin, 10_250));
        assertThat(millis(later)).isEqualTo(750 - GUESS + 250 - GUESS);
        assertThat(later.began()).isEqualTo(at(origin, GUESS));
        assertThat(later.until()).isEqualTo(at(origin, 10_250));
        assertThat(later.attempts()).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -700_000_000, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 700_000_000})
    void whatWasWaitedBeforeAnAnswerIsCutOff(long origin) {
        Silence before = Silence.NONE.and(at(origin, 0), at(origin, 1_000));
        Silence since = before.since(at(origin, 400));
        assertThat(millis(since)).isEqualTo(600);
        assertThat(since.began()).isEqualTo(at(origin, 400));
        assertThat(since.until()).isEqualTo(at(origin, 1_000));
        assertThat(since.attempts()).isEqualTo(1);
        assertThat(millis(since.and(at(origin, 750), at(origin, 1_250)))).isEqualTo(850);
        assertThat(before.since(at(origin, 1_000))).isEqualTo(Silence.NONE);
        assertThat(before.since(at(origin, 60_000))).isEqualTo(Silence.NONE);
        assertThat(Silence.NONE.since(at(origin, 0))).isEqualTo(Silence.NONE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE, Long.MAX_VALUE})
    void whatMayHaveBeenGivenUpAtOnceHasNotWaited(long origin) {
        assertThat(Silence.waited(origin, at(origin, 250))).isTrue();
        assertThat(Silence.waited(origin, at(origin, 250) - 1)).isFalse();
    }
}
