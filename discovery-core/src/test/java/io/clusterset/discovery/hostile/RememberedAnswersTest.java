package io.clusterset.discovery.hostile;

import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.ANSWERED;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.TRUNCATED;
import static io.clusterset.discovery.hostile.WireMessage.address;
import static io.clusterset.discovery.hostile.WireMessage.answer;
import static io.clusterset.discovery.hostile.WireMessage.name;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.withFlags;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of odd answers once they are remembered: the cache over the client over sockets, in virtual time. */
class RememberedAnswersTest {

    private static final String NAME = Asker.NAME;
    private static final Question QUESTION = Asker.plain(NAME);

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final Asker asker = Asker.still(dns.address());
    private final Lookups lookups = new Lookups(asker.source);
    private final CachingSource cache =
            new CachingSource(lookups, CacheOptions::defaults, asker.time, asker.time, asker.serial, new Random(1));
    private final List<Resolution> told = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() {
        cache.close();
        asker.close();
        dns.close();
    }

    private void watch() throws InterruptedException {
        dns.on(NAME, AAAA).nodata();
        cache.watch(QUESTION, told::add);
        settle();
    }

    /** Until what is asked is answered, and what that leads to is done. */
    private void settle() throws InterruptedException {
        barrier();
        lookups.awaitAll();
        barrier();
    }

    private void barrier() throws InterruptedException {
        CountDownLatch behind = new CountDownLatch(1);
        asker.serial.execute(behind::countDown);
        assertThat(behind.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** Time goes on in small steps, and each lookup ends before the next step. */
    private void pass(Duration time) throws InterruptedException {
        Duration step = Duration.ofMillis(50);
        for (Duration left = time; !left.isZero(); left = left.minus(step)) {
            asker.time.advance(step);
            settle();
        }
    }

    private Resolution last() {
        return told.get(told.size() - 1);
    }

    private long queries() {
        return dns.questions().stream().filter(q -> q.type() == A).count();
    }

    /** F12: a floor of a second means at most one query a second, refreshing ahead or not. */
    @Test
    void aTtlOfNothingCostsAtMostOneQueryASecond() throws Exception {
        dns.on(NAME, A).answer(Duration.ZERO, "10.0.0.1");
        watch();
        pass(Duration.ofMinutes(5));
        assertThat(queries()).isBetween(250L, 301L);
        assertThat(Asker.addresses(last())).containsExactly("10.0.0.1");
    }

    /** F13: believed for a minute at most, whatever the server says. */
    @ParameterizedTest
    @ValueSource(longs = {0x7fff_ffffL, 0x8000_0000L, 0xffff_ffffL})
    void afterATtlOfYearsANewAddressIsUsedWithinAMinute(long ttl) throws Exception {
        dns.on(NAME, A).answer(Duration.ofSeconds(ttl), "10.0.0.1", "10.0.0.2");
        watch();
        assertThat(last().freshFor()).isEqualTo(Duration.ofSeconds(60));
        pass(Duration.ofSeconds(1));
        dns.on(NAME, A).answer(Duration.ofSeconds(ttl), "10.0.0.3", "10.0.0.4");
        pass(Duration.ofSeconds(60));
        assertThat(Asker.addresses(last())).containsExactlyInAnyOrder("10.0.0.3", "10.0.0.4");
        assertThat(queries())
                .as("and it is asked for once more, for it drops all that was known")
                .isLessThanOrEqualTo(3);
    }

    /** F15: 4,093 of 5,000 addresses shown, and that they are not all. */
    @Test
    void anAnswerTruncatedByTcpTooAddsAndRemovesNobody() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1", "10.0.0.2", "10.0.0.3");
        watch();
        byte[] cut =
                withFlags(ANSWERED | TRUNCATED).question(NAME, WireMessage.A).bytes();
        WireMessage full = withFlags(ANSWERED | TRUNCATED).question(NAME, WireMessage.A);
        int shown = 0;
        for (; full.hasRoomFor(16); shown++) {
            byte[] other = {10, 1, (byte) (shown / 250), (byte) (shown % 250 + 1)};
            full.record(ANSWER, pointer(HEADER), WireMessage.A, other);
        }
        dns.on(NAME, A).raw(cut).then().raw(full.bytes());
        pass(Duration.ofSeconds(5));
        assertThat(last().endpoints()).hasSize(shown + 3);
        assertThat(Asker.addresses(last())).contains("10.0.0.1", "10.0.0.2", "10.0.0.3");
    }

    /** F16: while it is warm, a lost TCP port takes nothing away. */
    @Test
    void anAnswerTruncatedToNothingTakesNobodyAway() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1", "10.0.0.2");
        watch();
        dns.on(NAME, A).answer("10.0.0.1", "10.0.0.2").truncate();
        dns.refuseTcp();
        pass(Duration.ofSeconds(20));
        assertThat(Asker.addresses(last())).containsExactlyInAnyOrder("10.0.0.1", "10.0.0.2");
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
    }

    /** F21: a loop is a failure like any other, and remembered as one. */
    @Test
    void aLoopOfAliasesIsRememberedForASecondAtLeast() throws Exception {
        dns.on(NAME, A)
                .raw(answer().question(NAME, WireMessage.A)
                        .record(ANSWER, pointer(HEADER), WireMessage.CNAME, pointer(HEADER))
                        .bytes());
        watch();
        pass(Duration.ofSeconds(30));
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(queries()).isBetween(6L, 30L);
    }

    /** F23: what came along with an answer is not remembered for anybody else. */
    @Test
    void whatCameAlongIsNotRemembered() throws Exception {
        String other = "carts.shop.svc.cluster.local";
        dns.on(NAME, A)
                .raw(answer().question(NAME, WireMessage.A)
                        .record(ANSWER, pointer(HEADER), WireMessage.A, address("10.0.0.1"))
                        .record(ANSWER, name(other), WireMessage.A, address("10.6.6.6"))
                        .bytes());
        watch();
        List<Resolution> others = Collections.synchronizedList(new ArrayList<>());
        cache.watch(Asker.plain(other), others::add);
        settle();
        assertThat(others).hasSize(1).allMatch(Resolution.NoSuchName.class::isInstance);
    }

    /** Counts what was asked and what came back, so that a test can wait for one without sleeping. */
    private static final class Lookups implements EndpointSource {
        private final EndpointSource to;
        private final AtomicInteger asked = new AtomicInteger();
        private final Semaphore answered = new Semaphore(0);

        Lookups(EndpointSource to) {
            this.to = to;
        }

        void awaitAll() throws InterruptedException {
            int open = asked.getAndSet(0);
            assertThat(answered.tryAcquire(open, 20, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public Watch watch(Question question, Listener listener) {
            asked.incrementAndGet();
            return to.watch(question, resolution -> {
                listener.resolved(resolution);
                answered.release();
            });
        }

        @Override
        public void refresh(Question question, Effort effort) {
            asked.incrementAndGet();
            to.refresh(question, effort);
        }

        @Override
        public void close() {
            to.close();
        }
    }
}
