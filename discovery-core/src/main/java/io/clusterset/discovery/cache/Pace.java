package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.time.Backoff;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * For how long one question's answers are believed, and so when it is asked again: TTLs within bounds, what could not be told with
 * backoff, "nothing here" ever more rarely while nobody needs it. Counts what came in a row. Used on the serial executor.
 */
final class Pace {

    private static final Duration SHORTEST_NEGATIVE = Duration.ofSeconds(1);
    private static final Backoff KNOWN_RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);
    private static final Backoff COLD_RETRY = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(5), 0.2);
    private static final Backoff STANDBY_RETRY = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5), 0.2);

    private final Supplier<CacheOptions> options;
    private final RandomGenerator random;
    private int failures;
    private int negatives;

    /** With the options as they are at any time. */
    Pace(Supplier<CacheOptions> options, RandomGenerator random) {
        this.options = options;
        this.random = random;
    }

    /** Fresh for longer than any TTL: a source that says so tells of changes by itself. */
    static boolean pushed(Resolution answer) {
        return answer.freshFor().compareTo(EndpointSource.PUSHED) > 0;
    }

    /** As if nothing had been answered yet. */
    void restart() {
        failures = 0;
        negatives = 0;
    }

    /** It is needed again: "nothing here" is asked as soon as at first. */
    void hurry() {
        negatives = 0;
    }

    Duration found(Resolution.Found found) {
        restart();
        return pushed(found)
                ? found.freshFor()
                : clamp(found.freshFor(), options.get().minTtl(), options.get().maxTtl());
    }

    /**
     * Who could tell was not heard.
     *
     * @param known whether there is something to go on with meanwhile
     */
    Duration unknown(Resolution.Unknown unknown, boolean known) {
        failures++;
        Backoff retry = known ? KNOWN_RETRY : COLD_RETRY;
        return pushed(unknown) ? unknown.freshFor() : retry.after(failures, random);
    }

    /**
     * Nothing here.
     *
     * @param standingBy whether nobody needs its tier now
     */
    Duration negative(Resolution answer, boolean standingBy) {
        failures = 0;
        negatives++;
        if (pushed(answer)) {
            return answer.freshFor();
        }
        Duration ttl = clamp(answer.freshFor(), SHORTEST_NEGATIVE, options.get().maxNegativeTtl());
        Duration rare = STANDBY_RETRY.after(negatives, random);
        return standingBy && rare.compareTo(ttl) > 0 ? rare : ttl;
    }

    /** Found answers are asked for again a little before they end, the others when they end. */
    Duration untilAsked(Resolution answer) {
        if (answer instanceof Resolution.Found) {
            double part = 0.8 + 0.1 * random.nextDouble();
            Duration ahead = Duration.ofNanos((long) (answer.freshFor().toNanos() * part));
            return ahead.compareTo(options.get().minTtl()) < 0
                    ? options.get().minTtl()
                    : ahead; // at most one query a floor
        }
        return answer.freshFor();
    }

    private static Duration clamp(Duration value, Duration least, Duration most) {
        return value.compareTo(least) < 0 ? least : value.compareTo(most) > 0 ? most : value;
    }
}
