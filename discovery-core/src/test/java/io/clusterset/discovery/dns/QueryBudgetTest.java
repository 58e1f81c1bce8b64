package io.clusterset.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueryBudgetTest {

    private final ManualTime time = new ManualTime();
    private final QueryBudget budget = new QueryBudget(time);

    private int drained() {
        int taken = 0;
        while (budget.take(1)) {
            taken++;
        }
        return taken;
    }

    @Test
    void sixHundredMayGoAtOnceAndNoMore() {
        assertThat(drained()).isEqualTo(600);
        assertThat(budget.take(1)).isFalse();
        assertThat(budget.until(1)).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aHundredComeBackEverySecond() {
        drained();
        time.advance(Duration.ofSeconds(1));
        assertThat(drained()).isEqualTo(100);
        int inAMinute = 0;
        for (int tick = 0; tick < 60_000 / 7; tick++) {
            time.advance(Duration.ofMillis(7));
            inAMinute += drained();
        }
        assertThat(inAMinute).isBetween(5_990, 6_000);
    }

    @Test
    void whatIsNotUsedIsNotSavedBeyondTheBurst() {
        time.advance(Duration.ofDays(400));
        assertThat(drained()).isEqualTo(600);
    }

    @Test
    void aQuestionThatIsTooDearTakesNothing() {
        assertThat(budget.take(599)).isTrue();
        assertThat(budget.take(2)).isFalse();
        assertThat(budget.take(1)).isTrue();
        assertThat(budget.until(2)).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void whatWasSentUnaskedIsPaidForByThoseThatCome() {
        drained();
        budget.spent(50);
        assertThat(budget.until(1)).isEqualTo(Duration.ofMillis(510));
        time.advance(Duration.ofMillis(500));
        assertThat(budget.take(1)).isFalse();
        time.advance(Duration.ofMillis(10));
        assertThat(budget.take(1)).isTrue();
    }

    @Test
    void whatIsGivenBackMakesNoMoreThanTheBurst() {
        budget.spent(-64);
        assertThat(drained()).isEqualTo(600);
    }

    @Test
    void whoWaitsAsLongAsIsSaidMayGo() {
        for (int queries = 1; queries <= 64; queries++) {
            drained();
            time.advance(budget.until(queries));
            assertThat(budget.take(queries)).as("%d queries", queries).isTrue();
        }
        assertThat(budget.until(0)).isZero();
    }
}
