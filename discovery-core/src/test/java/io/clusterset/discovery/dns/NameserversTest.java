package io.clusterset.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.time.ManualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NameserversTest {

    private static final InetSocketAddress ONE = Addresses.parse("10.96.0.10:53");
    private static final InetSocketAddress TWO = Addresses.parse("10.96.0.11:53");

    private final ManualTime time = new ManualTime();
    private final AtomicInteger back = new AtomicInteger();
    private final Nameservers servers = new Nameservers(time, back::incrementAndGet);

    private void silent(InetSocketAddress server, int questions) {
        for (int i = 0; i < questions; i++) {
            servers.silent(server);
        }
    }

    @Test
    void fiveUnansweredQuestionsInARowAndAServerIsDown() {
        silent(ONE, 4);
        assertThat(servers.isDown(ONE)).isFalse();
        silent(ONE, 1);
        assertThat(servers.isDown(ONE)).isTrue();
        assertThat(servers.isDown(TWO)).isFalse();
    }

    @Test
    void oneAnswerBetweenAndTheCountBeginsAgain() {
        silent(ONE, 4);
        servers.answered(ONE);
        silent(ONE, 4);
        assertThat(servers.isDown(ONE)).isFalse();
        assertThat(back).as("it never was away").hasValue(0);
    }

    @Test
    void thoseThatAreUpKeepTheirOrder() {
        assertThat(servers.up(List.of(TWO, ONE))).containsExactly(TWO, ONE);
        silent(TWO, 5);
        assertThat(servers.up(List.of(TWO, ONE))).containsExactly(ONE);
        silent(ONE, 5);
        assertThat(servers.up(List.of(TWO, ONE))).isEmpty();
    }

    @Test
    void thatOneIsBackIsToldOnce() {
        silent(ONE, 7);
        servers.answered(ONE);
        servers.answered(ONE);
        servers.answered(TWO);
        assertThat(back).hasValue(1);
        assertThat(servers.isDown(ONE)).isFalse();
    }

    @Test
    void whoeverAsksThereIsOneProbeASecond() {
        assertThat(servers.mayProbe()).isTrue();
        assertThat(servers.mayProbe()).isFalse();
        time.advance(Duration.ofMillis(999));
        assertThat(servers.mayProbe()).isFalse();
        time.advance(Duration.ofMillis(1));
        assertThat(servers.mayProbe()).isTrue();
        assertThat(servers.mayProbe()).isFalse();
    }

    @Test
    void howLongItHasBeenSilentCountsFromTheFirstUnansweredQuestion() {
        assertThat(servers.silentFor(ONE)).isZero();
        silent(ONE, 1);
        time.advance(Duration.ofSeconds(30));
        silent(ONE, 4);
        time.advance(Duration.ofSeconds(11));
        assertThat(servers.silentFor(ONE)).isEqualTo(Duration.ofSeconds(41));
        servers.answered(ONE);
        assertThat(servers.silentFor(ONE)).isZero();
    }
}
