package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CachingSourceTest {

    private static final Question ORDERS =
            new Question("local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty());
    private static final Endpoint A = Endpoint.parse("10.0.0.1:80");
    private static final Endpoint B = Endpoint.parse("10.0.0.2:80");

    private final ManualTime time = new ManualTime();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
        throw new AssertionError(thrown);
    });
    private final StaticSource upstream = StaticSource.of(found(30, A));
    private final List<Resolution> seen = new ArrayList<>();

    private CachingSource cached(CacheOptions options) {
        return new CachingSource(upstream, () -> options, time, time, serial, new Random(1));
    }

    private final CachingSource cache = cached(CacheOptions.defaults());

    private static Resolution found(long seconds, Endpoint... endpoints) {
        return new Resolution.Found(List.of(endpoints), Duration.ofSeconds(seconds), Evidence.NONE);
    }

    private static Resolution unknown() {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL"));
    }

    private Resolution latest() {
        return seen.get(seen.size() - 1);
    }

    @Test
    void nobodyIsAskedWhileTheAnswerIsFresh() {
        cache.watch(ORDERS, seen::add);
        time.advance(Duration.ofSeconds(23)); // 80 % of 30 s is 24 s
        for (int i = 0; i < 100; i++) {
            cache.watch(ORDERS, seen::add);
        }
        assertThat(upstream.asked()).isEqualTo(1);
        assertThat(latest().endpoints()).containsExactly(A);
        assertThat(latest().freshFor()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void theAnswerIsRefreshedAtEightyToNinetyPercentOfItsTime() {
        cache.watch(ORDERS, seen::add);
        time.advance(Duration.ofMillis(23_999));
        assertThat(upstream.asked()).isEqualTo(1);
        time.advance(Duration.ofMillis(3_001)); // 90 %
        assertThat(upstream.asked()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "30, 30", "60, 60", "300, 60", "86400, 60"})
    void ttlIsHonouredWithinOneSecondAndOneMinute(long ttl, long believed) {
        upstream.publish(found(ttl, A));
        cache.watch(ORDERS, seen::add);
        assertThat(latest().freshFor()).isEqualTo(Duration.ofSeconds(believed));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "3, 3", "30, 5", "1800, 5"})
    void negativeTtlIsClampedToOneToFiveSeconds(long ttl, long believed) {
        upstream.publish(new Resolution.NoSuchName(Duration.ofSeconds(ttl), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        assertThat(latest().freshFor()).isEqualTo(Duration.ofSeconds(believed));
        time.advance(Duration.ofSeconds(believed).minusMillis(1));
        assertThat(upstream.asked()).isEqualTo(1);
        time.advance(Duration.ofMillis(1));
        assertThat(upstream.asked()).isEqualTo(2);
    }

    @Test
    void unknownKeepsWhatWasFoundAndIsRetriedWithBackoff() {
        cache.watch(ORDERS, seen::add);
        upstream.publish(unknown());
        assertThat(latest().word()).isEqualTo("unknown");
        assertThat(latest().endpoints()).containsExactly(A);
        assertThat(latest().stale()).isTrue();
        int asked = upstream.asked();
        time.advance(Duration.ofMillis(1_200)); // 1 s ± 20 %
        assertThat(upstream.asked()).isEqualTo(asked + 1);
        time.advance(Duration.ofMinutes(10));
        assertThat(upstream.asked() - asked).isBetween(20, 35); // doubling to 30 s, not one a second
        assertThat(latest().endpoints()).containsExactly(A);
        upstream.publish(found(30, B));
        assertThat(latest().endpoints()).containsExactly(B);
    }

    @Test
    void whatWasFoundIsForgottenAfterStaleFor() {
        CachingSource shortLived =
                cached(CacheOptions.builder().staleFor(Duration.ofMinutes(5)).build());
        shortLived.watch(ORDERS, seen::add);
        upstream.publish(unknown());
        time.advance(Duration.ofSeconds(299));
        assertThat(latest().endpoints()).containsExactly(A);
        time.advance(Duration.ofSeconds(60));
        assertThat(latest().endpoints()).isEmpty();
        assertThat(latest().word()).isEqualTo("unknown");
    }

    @Test
    void emptyAndNoSuchNameEndWhatWasFound() {
        cache.watch(ORDERS, seen::add);
        upstream.publish(new Resolution.Empty(Duration.ofSeconds(5), Evidence.NONE));
        assertThat(latest().endpoints()).isEmpty();
        upstream.publish(unknown());
        assertThat(latest().endpoints()).isEmpty();
    }

    @Test
    void aPartialAnswerAddsAndNeverRemoves() {
        cache.watch(ORDERS, seen::add);
        upstream.publish(new Resolution.Found(List.of(B), false, Duration.ofSeconds(5), Evidence.NONE));
        assertThat(latest().endpoints()).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void aNameNobodyWatchesIsRememberedAndNotAsked() {
        EndpointSource.Watch watch = cache.watch(ORDERS, seen::add);
        watch.close();
        time.advance(Duration.ofHours(9));
        assertThat(upstream.asked()).isEqualTo(1);
        assertThat(time.pending()).isZero();
        upstream.publish(unknown());
        cache.watch(ORDERS, seen::add);
        assertThat(seen.get(1).endpoints()).containsExactly(A); // at once, before upstream has answered
        assertThat(upstream.asked()).isEqualTo(2);
    }

    @Test
    void aStandbyThatHasNothingIsAskedEverMoreRarelyAndAtOnceWhenNeeded() {
        upstream.publish(new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        cache.standby(ORDERS, this, true);
        time.advance(Duration.ofHours(1));
        int asked = upstream.asked();
        assertThat(asked).isBetween(12, 25); // 5 s doubling to 5 min; without the pace it would be 720
        cache.standby(ORDERS, this, false);
        assertThat(upstream.asked()).isEqualTo(asked + 1);
    }

    @Test
    void aSourceThatPushesIsNotAsked() {
        upstream.publish(new Resolution.Found(List.of(A), Duration.ofDays(3650), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        time.advance(Duration.ofDays(2));
        assertThat(upstream.asked()).isEqualTo(1);
        upstream.publish(found(30, B));
        assertThat(latest().endpoints()).containsExactly(B);
    }

    @Test
    void closedItLeavesNothingBehind() {
        cache.watch(ORDERS, seen::add);
        cache.close();
        assertThat(time.pending()).isZero();
        assertThat(upstream.watches()).isZero();
        int before = seen.size();
        cache.watch(ORDERS, seen::add);
        assertThat(seen).hasSize(before);
    }

    @Test
    void optionsOutOfRangeAreRefusedByNameAndValue() {
        assertThatThrownBy(() ->
                        CacheOptions.builder().staleFor(Duration.ofSeconds(-1)).build())
                .hasMessageContaining("staleFor: PT-1S (expected: PT0S");
        assertThatThrownBy(() -> CacheOptions.builder().maxTtl(Duration.ZERO).build())
                .hasMessageContaining("maxTtl: PT0S");
        assertThat(CacheOptions.defaults().toBuilder().build().staleFor()).isEqualTo(Duration.ofHours(24));
    }

    @Test
    void whatOnlyPartialAnswersNamedIsForgottenAfterStaleFor() {
        cache.watch(ORDERS, seen::add);
        for (int hour = 0; hour < 7 * 24; hour++) { // one pod, replaced once an hour; AAAA always fails
            Endpoint pod = Endpoint.parse("10.0." + hour / 200 + "." + (hour % 200 + 1) + ":80");
            upstream.publish(new Resolution.Found(List.of(pod), false, Duration.ofSeconds(30), Evidence.NONE));
            time.advance(Duration.ofHours(1));
        }
        assertThat(latest().endpoints()).hasSizeLessThanOrEqualTo(25);
    }

    @Test
    void aSourceThatThrowsOnceIsAskedAgain() {
        int[] asked = {0};
        EndpointSource fragile = new EndpointSource() {
            @Override
            public Watch watch(Question question, Listener listener) {
                if (asked[0]++ == 0) {
                    throw new IllegalStateException("broken");
                }
                listener.resolved(found(30, A));
                return () -> {};
            }

            @Override
            public void refresh(Question question, Effort effort) {
                asked[0]++;
                throw new IllegalStateException("broken");
            }

            @Override
            public void close() {}
        };
        CachingSource around = new CachingSource(fragile, CacheOptions::defaults, time, time, serial, new Random(1));
        around.watch(ORDERS, seen::add);
        assertThat(latest().evidence().detail()).contains("IllegalStateException");
        time.advance(Duration.ofSeconds(5));
        assertThat(latest().endpoints()).containsExactly(A);
        time.advance(Duration.ofMinutes(10));
        assertThat(asked[0]).isGreaterThan(10);
        assertThat(latest().endpoints()).containsExactly(A);
    }

    @Test
    void aTierStandsByOnlyIfItDoesForEveryWatcher() {
        upstream.publish(new Resolution.Empty(Duration.ofSeconds(5), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        cache.watch(ORDERS, resolution -> {});
        cache.standby(ORDERS, "one", true);
        time.advance(Duration.ofMinutes(10));
        assertThat(upstream.asked()).isGreaterThan(100); // every five seconds
        cache.standby(ORDERS, "other", true);
        int asked = upstream.asked();
        time.advance(Duration.ofMinutes(10));
        assertThat(upstream.asked() - asked).isLessThan(10);
    }

    @Test
    void aPartialAnswerAfterARestAddsToWhatWasRemembered() {
        EndpointSource.Watch watch = cache.watch(ORDERS, seen::add);
        watch.close();
        upstream.publish(new Resolution.Found(List.of(B), false, Duration.ofSeconds(5), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        assertThat(latest().endpoints()).containsExactlyInAnyOrder(A, B);
    }
}
