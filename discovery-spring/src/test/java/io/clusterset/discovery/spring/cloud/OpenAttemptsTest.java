package io.clusterset.discovery.spring.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Pick;
import io.clusterset.discovery.Wish;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenAttemptsTest {

    private final TwoClusters clusters = new TwoClusters();
    private final ManualTime time = new ManualTime();
    private final OpenAttempts attempts = new OpenAttempts(time);
    private final Pick pick = clusters.discovery.service(TwoClusters.ORDERS).pick(Wish.none());

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void whatNobodyEndsIsAbandonedAfterAMinute() {
        attempts.begin(pick);
        time.advance(Duration.ofSeconds(59));
        attempts.begin(pick);
        assertThat(attempts.count()).isEqualTo(2);
        time.advance(Duration.ofSeconds(1));
        attempts.begin(pick);
        assertThat(attempts.count()).isEqualTo(2);
        assertThat(clusters.attempts("local").abandoned()).isEqualTo(1);
    }

    @Test
    void whatHasEndedIsNotKept() {
        Attempt attempt = attempts.begin(pick);
        attempts.end(attempt, new Outcome.Succeeded());
        assertThat(attempts.count()).isZero();
        time.advance(Duration.ofMinutes(2));
        attempts.end(attempts.begin(pick), new Outcome.FailedSoft("HTTP 503"));
        assertThat(clusters.attempts("local").succeeded()).isEqualTo(1);
        assertThat(clusters.attempts("local").failedSoft()).isEqualTo(1);
        assertThat(clusters.attempts("local").abandoned()).isZero();
    }
}
