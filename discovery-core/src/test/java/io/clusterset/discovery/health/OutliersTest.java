package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.health.Outliers.Ended;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutliersTest {

    private final List<Ended<String>> tier = new ArrayList<>();

    private void add(int endpoints, int succeeded, int failed) {
        for (int i = 0; i < endpoints; i++) {
            tier.add(new Ended<>("e" + tier.size(), succeeded, failed));
        }
    }

    private List<String> outliers() {
        return Outliers.of(tier).stream().map(Outliers.Outlier::endpoint).toList();
    }

    @Test
    void oneThatFailsAFifthAmongFiveThatDoNotIsOne() {
        add(5, 100, 0);
        add(1, 80, 20);
        assertThat(outliers()).containsExactly("e5");
        assertThat(Outliers.of(tier).get(0).why()).isEqualTo("80 % of its calls succeeded, its tier's mean is 97 %");
    }

    /** With several of them mean - 1.9 deviations is below zero: an unclamped cut would let all of them escape. */
    @ParameterizedTest
    @CsvSource({"4, 1", "3, 2", "2, 3", "1, 4", "0, 5"})
    void thoseThatAlwaysFailNeverEscape(int good, int bad) {
        add(good, 100, 0);
        add(bad, 0, 100);
        assertThat(outliers()).hasSize(bad).allMatch(name -> Integer.parseInt(name.substring(1)) >= good);
    }

    @Test
    void fewerThanFiveAreNotCompared() {
        add(3, 100, 0);
        add(1, 0, 100);
        assertThat(outliers()).isEmpty();
    }

    @Test
    void thoseWithFewCallsAreNotJudgedAndDoNotCountAsPeers() {
        add(3, 100, 0);
        add(4, 0, 49);
        add(1, 70, 30);
        assertThat(outliers()).isEmpty(); // four have the volume
        add(1, 2, 48); // 96 % of 50 calls
        assertThat(outliers()).containsExactly("e8");
    }

    @Test
    void aHairsBreadthIsNoOutlierHoweverSmallTheSpread() {
        add(9, 1_000, 0);
        add(1, 990, 10);
        assertThat(outliers()).isEmpty();
        add(1, 940, 60);
        assertThat(outliers()).containsExactly("e10");
    }

    @Test
    void whereAllFailAlikeNobodyIsWorse() {
        add(10, 60, 40);
        assertThat(outliers()).isEmpty();
    }
}
