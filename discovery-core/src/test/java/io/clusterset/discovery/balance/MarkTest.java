package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkTest {

    private static final long MILLISECOND = 1 << 20;

    private final Random random = new Random(3);

    @Test
    void bothTimesComeBack() {
        for (int i = 0; i < 100_000; i++) {
            long theirs = random.nextLong(); // overflow and all
            long began = theirs + random.nextLong(266_000_000);
            long mark = Mark.of(began, theirs);
            assertThat(began - Mark.began(mark)).isBetween(0L, 511L);
            assertThat(Mark.theirs(mark) - theirs).isBetween(0L, MILLISECOND - 1);
        }
    }

    @Test
    void whereTheyAreTooFarApartTheExactTimeStands() {
        for (int i = 0; i < 100_000; i++) {
            long began = random.nextLong();
            long theirs = began - 270_000_000 - random.nextLong(Long.MAX_VALUE);
            long mark = Mark.of(began, theirs);
            assertThat(began - Mark.began(mark)).isBetween(0L, 1L);
            assertThat(Mark.theirs(mark)).isEqualTo(Mark.began(mark));
        }
    }

    /** Their clock may have been read after ours, if it was asleep. */
    @Test
    void theirsMayBeALittleLater() {
        long mark = Mark.of(5_000, 5_900);
        assertThat(Mark.began(mark)).isBetween(4_489L, 5_000L);
        assertThat(Mark.theirs(mark)).isEqualTo(MILLISECOND);
    }
}
