package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource.Watch;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers of a source that tells of changes by itself. */
class PushedTest {

    private static final Duration FOREVER = Duration.ofDays(3650);
    private static final Question QUESTION = new Question("local", "orders.shop", "", Optional.empty());
    private static final Resolution FOUND =
            new Resolution.Found(List.of(Endpoint.parse("10.0.0.1:80")), FOREVER, Evidence.NONE);
    private static final Resolution UNKNOWN = new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.NONE);

    private final ManualTime time = new ManualTime();
    private final StaticSource source = StaticSource.of(FOUND);
    private final CachingSource cache =
            new CachingSource(source, CacheOptions::defaults, time, time, Runnable::run, new Random(1));
    private final List<Resolution> told = new ArrayList<>();

    @AfterEach
    void close() {
        cache.close();
    }

    private Resolution last() {
        return told.get(told.size() - 1);
    }

    @Test
    void aNegativeAnswerIsNotAskedForAgain() {
        source.publish(new Resolution.NoSuchName(FOREVER, Evidence.NONE));
        cache.watch(QUESTION, told::add);
        time.advance(Duration.ofMinutes(10));
        assertThat(source.asked()).isEqualTo(1);
    }

    /** Nobody has told of a change for a month: there was none, and the day of grace begins when nobody can tell any more. */
    @Test
    void whatWasFoundIsAsOldAsTheMomentNobodyCanTellAnyMore() {
        cache.watch(QUESTION, told::add);
        time.advance(Duration.ofDays(30));
        long lost = time.nanos();
        source.publish(UNKNOWN);
        assertThat(last()).isInstanceOf(Resolution.Unknown.class);
        assertThat(last().endpoints()).isEqualTo(FOUND.endpoints());
        assertThat(cache.foundAt(QUESTION)).hasValue(lost);

        time.advance(Duration.ofHours(23));
        source.publish(UNKNOWN);
        assertThat(last().endpoints()).isEqualTo(FOUND.endpoints());
        assertThat(cache.foundAt(QUESTION)).hasValue(lost);

        time.advance(Duration.ofHours(2));
        source.publish(UNKNOWN);
        assertThat(last().endpoints()).isEmpty();
    }

    @Test
    void whatIsWrittenDownAndWhatIsKeptAtRestIsAsFreshAsItWas() {
        Watch watch = cache.watch(QUESTION, told::add);
        time.advance(Duration.ofDays(30));
        assertThat(cache.lastFound()).extracting(LastFound::at).containsExactly(time.nanos());
        watch.close();
        time.advance(Duration.ofHours(1));
        source.publish(UNKNOWN);
        cache.watch(QUESTION, told::add);
        assertThat(told.get(1).endpoints()).isEqualTo(FOUND.endpoints());
    }
}
