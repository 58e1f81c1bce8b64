package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void quantilesAreOfTheNearestRank() {
        Tally tally = new Tally(100, List.of("local"));
        for (int i = 100; i >= 1; i--) {
            tally.served("local", i);
        }

        assertThat(tally.quantile(0.5)).isEqualTo(50);
        assertThat(tally.quantile(0.99)).isEqualTo(99);
        assertThat(tally.quantile(1)).isEqualTo(100);
    }

    @Test
    void oneCallIsEveryQuantile() {
        Tally tally = new Tally(5, List.of("local"));
        tally.failed("refused", 7);

        assertThat(List.of(tally.quantile(0.5), tally.quantile(0.99), tally.quantile(1)))
                .containsOnly(7L);
    }

    @Test
    void tiersThatServedNothingAreThereInOrder() {
        Tally tally = new Tally(1, List.of("local", "clusterset"));
        tally.served("clusterset", 1);

        assertThat(tally.tiers()).isEqualTo(Map.of("local", 0L, "clusterset", 1L));
        assertThat(tally.tiers().keySet()).containsExactly("local", "clusterset");
    }

    @Test
    void onlySoManyReasonsAreKeptApart() {
        Tally tally = new Tally(100, List.of());
        for (int i = 0; i < 100; i++) {
            tally.failed("reason " + i, 1);
        }

        assertThat(tally.errors()).hasSize(21).containsEntry("other reasons", 80L);
        assertThat(tally.failures()).isEqualTo(100);
    }
}
