package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaceTest {

    private static final Duration A_DAY = Duration.ofDays(1);
    private static final Duration PUSHED = EndpointSource.PUSHED.plusSeconds(1);

    private CacheOptions options = CacheOptions.builder().build();
    private final Pace pace = new Pace(() -> options, new Random(1));

    private static Resolution.Found found(Duration ttl) {
        return new Resolution.Found(List.of(Endpoint.parse("10.0.0.1:80")), ttl, Evidence.NONE);
    }

    private static Resolution.Unknown unknown(Duration ttl) {
        return new Resolution.Unknown(List.of(), ttl, Evidence.NONE);
    }

    private static Resolution nothing(Duration ttl) {
        return new Resolution.Empty(ttl, Evidence.NONE);
    }

    private static void assertAbout(Duration pause, long seconds) {
        assertThat(pause).isBetween(Duration.ofMillis(seconds * 800), Duration.ofMillis(seconds * 1_200));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "30, 30", "3600, 60"})
    void aTtlIsBelievedWithinBounds(long ttl, long believed) {
        assertThat(pace.found(found(Duration.ofSeconds(ttl)))).hasSeconds(believed);
    }

    @Test
    void boundsAreThoseOfTheMoment() {
        options = CacheOptions.builder().maxTtl(Duration.ofSeconds(10)).build();
        assertThat(pace.found(found(Duration.ofSeconds(30)))).hasSeconds(10);
    }

    @Test
    void whatIsPushedIsBelievedForAsLongAsItSays() {
        assertThat(pace.found(found(PUSHED))).isEqualTo(PUSHED);
        assertThat(pace.unknown(unknown(PUSHED), true)).isEqualTo(PUSHED);
        assertThat(pace.negative(nothing(PUSHED), true)).isEqualTo(PUSHED);
        assertThat(Pace.pushed(found(PUSHED))).isTrue();
        assertThat(Pace.pushed(found(EndpointSource.PUSHED))).isFalse();
    }

    @Test
    void whatCouldNotBeToldIsAskedAgainEverMoreRarelyAndSoonerWhereNothingIsKnown() {
        for (long seconds : new long[] {1, 2, 4, 8, 16, 30, 30}) {
            assertAbout(pace.unknown(unknown(Duration.ZERO), true), seconds);
        }
        assertAbout(pace.unknown(unknown(Duration.ZERO), false), 5);
    }

    @Test
    void anAnswerEndsTheRow() {
        for (int i = 0; i < 9; i++) {
            pace.unknown(unknown(Duration.ZERO), true);
        }
        pace.found(found(A_DAY));
        assertAbout(pace.unknown(unknown(Duration.ZERO), true), 1);
        assertAbout(pace.unknown(unknown(Duration.ZERO), true), 2);
        pace.negative(nothing(A_DAY), false);
        assertAbout(pace.unknown(unknown(Duration.ZERO), true), 1);
        assertAbout(pace.unknown(unknown(Duration.ZERO), true), 2);
        pace.restart();
        assertAbout(pace.unknown(unknown(Duration.ZERO), true), 1);
    }

    @Test
    void nothingHereIsBelievedForSecondsWhereItMatters() {
        assertThat(pace.negative(nothing(Duration.ZERO), false)).hasSeconds(1);
        assertThat(pace.negative(nothing(Duration.ofSeconds(3)), false)).hasSeconds(3);
        assertThat(pace.negative(nothing(A_DAY), false)).hasSeconds(5);
    }

    @Test
    void andEverMoreRarelyWhereItDoesNotUntilItIsNeededOrFound() {
        for (long seconds : new long[] {5, 10, 20, 40, 80, 160, 300, 300}) {
            Duration pause = pace.negative(nothing(Duration.ofSeconds(1)), true);
            assertAbout(pause, seconds);
        }
        pace.hurry();
        assertAbout(pace.negative(nothing(Duration.ofSeconds(1)), true), 5);
        assertAbout(pace.negative(nothing(Duration.ofSeconds(1)), true), 10);
        pace.found(found(A_DAY));
        assertAbout(pace.negative(nothing(Duration.ofSeconds(1)), true), 5);
    }

    @Test
    void whoOnlyStandsByDoesNotAskMoreOftenThanTheAnswerLasts() {
        options = CacheOptions.builder().maxNegativeTtl(Duration.ofSeconds(60)).build();
        assertThat(pace.negative(nothing(Duration.ofSeconds(60)), true)).hasSeconds(60);
    }

    @Test
    void whatWasFoundIsAskedForALittleBeforeItEndsAndNeverMoreOftenThanTheFloor() {
        for (int i = 0; i < 200; i++) {
            assertThat(pace.untilAsked(found(Duration.ofSeconds(10))))
                    .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(9));
        }
        assertThat(pace.untilAsked(found(Duration.ofSeconds(1)))).hasSeconds(1);
        assertThat(pace.untilAsked(nothing(Duration.ofSeconds(3)))).hasSeconds(3);
        assertThat(pace.untilAsked(unknown(Duration.ofSeconds(3)))).hasSeconds(3);
    }
}
