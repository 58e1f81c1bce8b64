package io.clusterset.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.time.ManualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class NameserversTest {

    private static final InetSocketAddress ONE = Addresses.parse("10.96.0.10:53");
    private static final InetSocketAddress TWO = Addresses.parse("10.96.0.11:53");
    private static final Name HOME = Name.fromConstantString("cluster.local.");
    private static final Name SET = Name.fromConstantString("clusterset.local.");

    private final ManualTime time = new ManualTime();
    private final AtomicInteger back = new AtomicInteger();
    private final AtomicInteger down = new AtomicInteger();
    private final Nameservers servers = new Nameservers(time, new Nameservers.Listener() {
        @Override
        public void down(InetSocketAddress server, Name zone) {
            down.incrementAndGet();
        }

        @Override
        public void back(InetSocketAddress server, Name zone) {
            back.incrementAndGet();
        }
    });

    private void silent(InetSocketAddress server, int questions) {
        silent(server, HOME, questions);
    }

    /** Each asked later than anything that was answered before. */
    private void silent(InetSocketAddress server, Name zone, int questions) {
        for (int i = 0; i < questions; i++) {
            servers.silent(server, zone, time.nanos());
        }
    }

    private boolean isDown(InetSocketAddress server) {
        return servers.up(List.of(server), HOME).isEmpty();
    }

    @Test
    void fiveUnansweredQuestionsInARowAndAServerIsDown() {
        silent(ONE, 4);
        assertThat(isDown(ONE)).isFalse();
        silent(ONE, 1);
        assertThat(isDown(ONE)).isTrue();
        assertThat(isDown(TWO)).isFalse();
        silent(ONE, 20);
        assertThat(down).as("told once").hasValue(1);
    }

    @Test
    void oneAnswerBetweenAndTheCountBeginsAgain() {
        silent(ONE, 4);
        servers.answered(ONE, HOME);
        time.advance(Duration.ofMillis(1));
        silent(ONE, 4);
        assertThat(isDown(ONE)).isFalse();
        assertThat(back).as("it never was away").hasValue(0);
    }

    @Test
    void thoseThatAreUpKeepTheirOrder() {
        assertThat(servers.up(List.of(TWO, ONE), HOME)).containsExactly(TWO, ONE);
        silent(TWO, 5);
        assertThat(servers.up(List.of(TWO, ONE), HOME)).containsExactly(ONE);
        silent(ONE, 5);
        assertThat(servers.up(List.of(TWO, ONE), HOME)).isEmpty();
    }

    @Test
    void thatOneIsBackIsToldOnce() {
        silent(ONE, 7);
        servers.answered(ONE, HOME);
        servers.answered(ONE, HOME);
        servers.answered(TWO, HOME);
        assertThat(back).hasValue(1);
        assertThat(isDown(ONE)).isFalse();
    }

    @Test
    void eachServerThatIsDownIsProbedOnceASecond() {
        assertThat(servers.toProbe(List.of(ONE, TWO), HOME)).isEmpty();
        silent(ONE, 5);
        silent(TWO, 5);
        assertThat(servers.toProbe(List.of(ONE, TWO), HOME)).containsExactly(ONE, TWO);
        assertThat(servers.toProbe(List.of(ONE, TWO), HOME)).isEmpty();
        time.advance(Duration.ofMillis(999));
        assertThat(servers.toProbe(List.of(ONE, TWO), HOME)).isEmpty();
        time.advance(Duration.ofMillis(1));
        servers.answered(TWO, HOME);
        assertThat(servers.toProbe(List.of(ONE, TWO), HOME)).containsExactly(ONE);
    }

    /** As one that forwards the other zone to somebody dead. */
    @Test
    void aServerMayBeSilentForOneZoneAlone() {
        silent(ONE, SET, 50);
        assertThat(servers.up(List.of(ONE), SET)).isEmpty();
        assertThat(isDown(ONE)).isFalse();
    }

    @Test
    void whoeverAnsweredSinceTheQuestionWentOutIsNotSilent() {
        long asked = time.nanos();
        time.advance(Duration.ofMillis(1));
        servers.answered(ONE, HOME);
        for (int i = 0; i < 50; i++) {
            servers.silent(ONE, HOME, asked);
        }
        assertThat(isDown(ONE)).isFalse();
    }

    @Test
    void howLongItHasBeenSilentCountsFromTheFirstUnansweredQuestion() {
        assertThat(servers.silentFor(ONE, HOME)).isZero();
        silent(ONE, 1);
        time.advance(Duration.ofSeconds(30));
        silent(ONE, 4);
        time.advance(Duration.ofSeconds(11));
        assertThat(servers.silentFor(ONE, HOME)).isEqualTo(Duration.ofSeconds(41));
        servers.answered(ONE, HOME);
        assertThat(servers.silentFor(ONE, HOME)).isZero();
    }
}
