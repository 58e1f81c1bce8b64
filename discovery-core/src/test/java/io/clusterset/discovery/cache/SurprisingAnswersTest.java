package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Law 7: what would drop most of what is known is heard twice; what comes one at a time adds up. */
class SurprisingAnswersTest {

    private static final Question ORDERS =
            new Question("local", "orders.shop.svc.cluster.local", "cluster.local", Optional.empty());

    private final ManualTime time = new ManualTime();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
        throw new AssertionError(thrown);
    });
    private final Scripted upstream = new Scripted();
    private final List<Resolution> seen = new ArrayList<>();
    private final CachingSource cache =
            new CachingSource(upstream, CacheOptions::defaults, time, time, serial, new Random(1));

    private static Resolution found(int... hosts) {
        return new Resolution.Found(endpoints(hosts), Duration.ofSeconds(5), Evidence.NONE);
    }

    private static List<Endpoint> endpoints(int... hosts) {
        return Arrays.stream(hosts)
                .mapToObj(host -> Endpoint.parse("10.0.0." + host + ":80"))
                .toList();
    }

    private static Resolution noSuchName() {
        return new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE);
    }

    private static Resolution servfail() {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of("SERVFAIL"));
    }

    private List<Integer> known() {
        return seen.get(seen.size() - 1).endpoints().stream()
                .map(endpoint -> endpoint.address().getAddress()[3] & 0xff)
                .sorted()
                .toList();
    }

    private void nextRefresh() {
        time.advance(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 2, 0", // half of four is not more than half
        "4, 1, 1",
        "10, 5, 0",
        "10, 4, 1",
        "3, 1, 0", // of three, two may go
        "2, 1, 0",
    })
    void losingMoreThanHalfOfFourIsAskedForOnceMore(int before, int after, int confirmations) {
        upstream.willSay(found(IntStream.rangeClosed(1, before).toArray()));
        cache.watch(ORDERS, seen::add);
        Resolution fewer = found(IntStream.rangeClosed(1, after).toArray());
        upstream.willSay(fewer, fewer);
        nextRefresh();
        assertThat(upstream.confirmed).isEqualTo(confirmations);
        assertThat(known()).hasSize(after); // the second answer said so too
        assertThat(cache.stats().confirmations()).isEqualTo(confirmations);
    }

    @Test
    void losingAllIsAskedForOnceMoreAndUntilThenNothingIsLost() {
        upstream.willSay(found(1));
        cache.watch(ORDERS, seen::add);
        int told = seen.size();
        upstream.willSay(noSuchName()); // and is silent when asked to confirm
        nextRefresh();
        assertThat(upstream.confirmed).isEqualTo(1);
        assertThat(seen).hasSize(told);
        upstream.says(noSuchName());
        assertThat(known()).isEmpty();
        assertThat(seen.get(seen.size() - 1).word()).isEqualTo("no-such-name");
    }

    @Test
    void theSecondAnswerWins() {
        upstream.willSay(found(1, 2, 3, 4));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(found(4), found(1, 2, 3, 4, 5)); // a server that had just started, and one that had not
        nextRefresh();
        assertThat(known()).containsExactly(1, 2, 3, 4, 5);
    }

    @Test
    void anUnknownSecondAnswerKeepsWhatIsKnown() {
        upstream.willSay(found(1, 2, 3, 4));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(noSuchName(), servfail());
        nextRefresh();
        assertThat(known()).containsExactly(1, 2, 3, 4);
        assertThat(seen.get(seen.size() - 1).word()).isEqualTo("unknown");
        upstream.willSay(noSuchName(), noSuchName());
        nextRefresh();
        assertThat(known()).isEmpty();
    }

    @Test
    void silenceOfWhoShouldConfirmKeepsWhatIsKnownAndIsNotForEver() {
        upstream.willSay(found(1, 2));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(noSuchName());
        time.advance(Duration.ofSeconds(5));
        int asked = upstream.asked;
        time.advance(Duration.ofMinutes(2));
        assertThat(known()).containsExactly(1, 2);
        assertThat(seen.get(seen.size() - 1).evidence().detail()).isEqualTo("no-such-name, and nobody confirmed it");
        time.advance(Duration.ofSeconds(30));
        assertThat(upstream.asked).isGreaterThan(asked);
    }

    @Test
    void aWholeNewSetIsHeardTwice() {
        upstream.willSay(found(1, 2));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(found(3, 4), found(3, 4));
        nextRefresh();
        assertThat(upstream.confirmed).isEqualTo(1);
        assertThat(known()).containsExactly(3, 4);
    }

    @Test
    void addressesThatComeOneAtATimeAddUp() {
        upstream.willSay(found(1));
        cache.watch(ORDERS, seen::add);
        for (int host : new int[] {2, 3, 1, 2}) {
            upstream.willSay(found(host));
            nextRefresh();
        }
        assertThat(known()).containsExactly(1, 2, 3);
        assertThat(upstream.confirmed).isZero();
        assertThat(seen.get(seen.size() - 1).evidence().detail())
                .isEqualTo("one address per answer: they are added up");
    }

    @Test
    void anAddressUnseenForAMinuteGoes() {
        upstream.willSay(found(1));
        cache.watch(ORDERS, seen::add);
        upstream.always = Optional.of(found(2));
        time.advance(Duration.ofSeconds(59));
        assertThat(known()).containsExactly(1, 2);
        time.advance(Duration.ofSeconds(6)); // the next refresh after a minute
        assertThat(known()).containsExactly(2);
    }

    @Test
    void fiveTtlsAreLongerThanAMinuteIfTheTtlIs() {
        upstream.willSay(new Resolution.Found(endpoints(1), Duration.ofSeconds(30), Evidence.NONE));
        cache.watch(ORDERS, seen::add);
        for (int i = 0; i < 5; i++) { // every 24 to 27 s
            upstream.willSay(new Resolution.Found(endpoints(2), Duration.ofSeconds(30), Evidence.NONE));
            time.advance(Duration.ofSeconds(27));
        }
        assertThat(known()).containsExactly(1, 2);
        for (int i = 0; i < 2; i++) {
            upstream.willSay(new Resolution.Found(endpoints(2), Duration.ofSeconds(30), Evidence.NONE));
            time.advance(Duration.ofSeconds(27));
        }
        assertThat(known()).containsExactly(2);
    }

    @Test
    void anAnswerOfSeveralEndsTheAddingUp() {
        upstream.willSay(found(1));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(found(2));
        nextRefresh();
        upstream.willSay(found(2, 3));
        nextRefresh();
        assertThat(known()).containsExactly(2, 3);
        upstream.willSay(found(3));
        nextRefresh();
        assertThat(known()).containsExactly(3);
    }

    @Test
    void anotherAnswerOfTheSameAddressIsNoSignOfRotation() {
        upstream.willSay(found(1));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(found(1));
        nextRefresh();
        assertThat(known()).containsExactly(1);
        assertThat(seen.get(seen.size() - 1).evidence().detail()).isEmpty();
    }

    @Test
    void whoeverInvalidatesBelievesTheNextAnswer() {
        upstream.willSay(found(1, 2));
        cache.watch(ORDERS, seen::add);
        upstream.willSay(servfail(), noSuchName());
        cache.invalidate(ORDERS);
        assertThat(known()).containsExactly(1, 2); // nobody could tell
        nextRefresh();
        assertThat(known()).isEmpty();
        assertThat(upstream.confirmed).isZero();
    }

    @Test
    void whatHappenedIsCounted() {
        upstream.willSay(found(1));
        EndpointSource.Watch one = cache.watch(ORDERS, seen::add);
        EndpointSource.Watch two = cache.watch(ORDERS, seen::add);
        upstream.willSay(servfail());
        nextRefresh();
        upstream.willSay(noSuchName(), noSuchName());
        nextRefresh();
        assertThat(cache.stats()).isEqualTo(new CacheStats(1, 0, 1, 4, 1, 1, 1, 1));
        one.close();
        two.close();
        assertThat(cache.stats().watched()).isZero();
        assertThat(cache.stats().remembered()).isOne(); // that there is nothing, too: who wakes must not wait for it
    }

    /** Says what it is told to say next; silent when nothing is left and nothing is always said. */
    private static final class Scripted implements EndpointSource {
        private final Deque<Resolution> next = new ArrayDeque<>();
        private Optional<Resolution> always = Optional.empty();
        private Listener listener = resolution -> {};
        private int asked;
        private int confirmed;

        void willSay(Resolution... answers) {
            next.clear();
            next.addAll(List.of(answers));
        }

        void says(Resolution answer) {
            listener.resolved(answer);
        }

        @Override
        public Watch watch(Question question, Listener told) {
            listener = told;
            answer();
            return () -> listener = resolution -> {};
        }

        @Override
        public void refresh(Question question, Effort effort) {
            confirmed += effort == Effort.CONFIRM ? 1 : 0;
            answer();
        }

        private void answer() {
            asked++;
            Optional.ofNullable(next.poll()).or(() -> always).ifPresent(listener::resolved);
        }

        @Override
        public void close() {
            next.clear();
        }
    }
}
