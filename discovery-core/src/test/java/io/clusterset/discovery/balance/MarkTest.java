package io.clusterset.discovery.balance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkTest {

    private static final long THREE_DAYS = 3L * 24 * 3_600 * 1_000_000_000;

    private final Random random = new Random(3);

    @Test
    void bothTimesComeBack() {
        for (int i = 0; i < 100_000; i++) {
            long theirs = random.nextLong(); // overflow and all
            long began = theirs + random.nextLong(268_000_000);
            long ended = began + random.nextLong(THREE_DAYS);
            long mark = Mark.of(began, theirs);
            assertThat(Mark.theirs(mark, ended)).isEqualTo(theirs);
            assertThat(began - Mark.began(mark, ended)).isBetween(0L, 8_191L);
        }
    }

    @Test
    void whereTheyAreTooFarApartTheExactTimeStands() {
        for (int i = 0; i < 100_000; i++) {
            long began = random.nextLong();
            long theirs = began - 270_000_000 - random.nextLong(Long.MAX_VALUE);
            long mark = Mark.of(began, theirs);
            assertThat(Mark.began(mark, began + 5) - began).isBetween(0L, 1L);
            assertThat(Mark.theirs(mark, began + 5)).isEqualTo(Mark.began(mark, began + 5));
        }
    }

    /** Their clock may have been read after ours, if it was asleep. */
    @Test
    void theirsMayBeALittleLater() {
        long mark = Mark.of(5_000, 5_900);
        assertThat(Mark.began(mark, 6_000)).isEqualTo(5_900);
        assertThat(Mark.theirs(mark, 6_000)).isEqualTo(5_900);
    }
}
