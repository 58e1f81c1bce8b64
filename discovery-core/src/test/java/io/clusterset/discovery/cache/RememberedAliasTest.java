package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.EndpointSource.Watch;
import io.clusterset.discovery.time.ManualTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a name is an alias of one outside must not get lost on the way to who asks. */
class RememberedAliasTest {

    private static final String TARGET = "db.example.com";

    private final ManualTime time = new ManualTime();

    @TempDir
    private Path directory;

    private static Resolution alias(Duration freshFor) {
        return new Resolution.Empty(freshFor, Evidence.NONE, Optional.of(TARGET));
    }

    private static Optional<String> outside(Resolution answer) {
        return answer instanceof Resolution.Empty empty ? empty.outside() : Optional.empty();
    }

    @Test
    void inEveryCopyOfTheAnswer() {
        Resolution alias = alias(Duration.ofSeconds(5));
        assertThat(outside(alias.freshFor(Duration.ofSeconds(1)))).contains(TARGET);
        assertThat(outside(alias.withEvidence(Evidence.of("more")))).contains(TARGET);
        assertThat(alias).isNotEqualTo(Life.empty());
        assertThat(new Resolution.Empty(Duration.ZERO, Evidence.NONE, Optional.of("a\nb")).outside())
                .hasValueSatisfying(safe -> assertThat(safe).doesNotContain("\n")); // it is logged
    }

    @Test
    void withAnotherTimeToLiveForWhoComesLaterAndForWhoComesBack() {
        Life life = Life.in(directory, time).begin().watching(Life.ORDERS);
        life.hearing(Life.ORDERS, alias(Duration.ofDays(1))); // five seconds at most
        assertThat(outside(life.latest())).contains(TARGET);
        assertThat(life.latest().freshFor()).isEqualTo(Duration.ofSeconds(5));
        time.advance(Duration.ofSeconds(2));
        life.watching(Life.ORDERS);
        assertThat(life.latest().freshFor()).isEqualTo(Duration.ofSeconds(3));
        assertThat(outside(life.latest())).contains(TARGET);

        EndpointSource.Listener once = life.heard::add;
        Watch watch = life.cache.watch(Life.CARTS, once);
        life.hearing(Life.CARTS, alias(Duration.ofSeconds(5)));
        watch.close();
        life.heard.clear();
        time.advance(Duration.ofMinutes(20));
        life.watching(Life.CARTS);
        assertThat(life.heard)
                .hasSize(1)
                .allSatisfy(answer -> assertThat(outside(answer)).contains(TARGET));
        life.end();
    }

    @Test
    void whenItHadEndpointsAndTheAnswerIsConfirmed() {
        Life life = Life.in(directory, time).begin().watching(Life.ORDERS);
        life.hearing(Life.ORDERS, Life.found("10.0.0.1:80", "10.0.0.2:80"));
        life.hearing(Life.ORDERS, alias(Duration.ofSeconds(5)));
        assertThat(life.confirmed).isEqualTo(1);
        assertThat(life.latest().endpoints()).hasSize(2);
        life.hearing(Life.ORDERS, alias(Duration.ofSeconds(5)));
        assertThat(outside(life.latest())).contains(TARGET);
        life.end();
    }

    @Test
    void whenItHadEndpointsBeforeARestart() {
        Life before = Life.in(directory, time).begin().watching(Life.ORDERS);
        before.hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        before.end();
        Life after = Life.in(directory, time).id("b").begin().watching(Life.ORDERS);
        assertThat(after.latest().endpoints()).hasSize(1);
        after.hearing(Life.ORDERS, alias(Duration.ofSeconds(5)));
        assertThat(outside(after.latest())).contains(TARGET);
        after.end();
        Life then = Life.in(directory, time).id("c").begin().watching(Life.ORDERS);
        assertThat(then.heard).allMatch(answer -> answer.endpoints().isEmpty());
        then.hearing(Life.ORDERS, alias(Duration.ofSeconds(5)));
        assertThat(outside(then.latest())).contains(TARGET);
        then.end();
    }
}
