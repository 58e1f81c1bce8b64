package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PushedNegativeTest {

    private static final Duration FOREVER = Duration.ofDays(3650);

    @Test
    void aNegativeAnswerThatIsPushedIsNotAskedForAgain() {
        ManualTime time = new ManualTime();
        StaticSource source = StaticSource.of(new Resolution.NoSuchName(FOREVER, Evidence.NONE));
        CachingSource cache =
                new CachingSource(source, CacheOptions::defaults, time, time, Runnable::run, new Random(1));
        cache.watch(new Question("env", "orders.shop", "", Optional.empty()), answer -> {});
        time.advance(Duration.ofMinutes(10));
        assertThat(source.asked()).isEqualTo(1);
        cache.close();
    }
}
