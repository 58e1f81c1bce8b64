package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An answer and when it came.
 *
 * @param resolution as delivered: its {@code freshFor} counts from {@code at}
 * @param at ticker nanoseconds
 * @param foundAt when endpoints were last confirmed
 * @param had whether it, or one before it, had endpoints
 * @param unconfirmed whether these are from before a restart
 */
record Answer(Resolution resolution, long at, long foundAt, boolean had, boolean unconfirmed) {

    static Answer unconfirmed(List<Endpoint> endpoints, long foundAt, long now) {
        String age = Text.time(Duration.ofNanos(now - foundAt));
        return new Answer(
                new Resolution.Unknown(
                        endpoints, Duration.ZERO, Evidence.of("from before the restart, found " + age + " ago")),
                now,
                foundAt,
                true,
                true);
    }

    /** As it is given to who asks now: what is from before a restart is not used for ever. */
    Optional<Answer> recalled(long now) {
        if (!unconfirmed) {
            return Optional.of(this);
        }
        List<Endpoint> endpoints = resolution.endpoints();
        boolean old = now - foundAt > Remembered.oldest(endpoints).toNanos();
        return endpoints.isEmpty() || old ? Optional.empty() : Optional.of(unconfirmed(endpoints, foundAt, now));
    }

    /** Found again just now, as far as who tells of changes has told of none. */
    Answer stillTrue(long now) {
        return new Answer(resolution, now, now, had, unconfirmed);
    }

    boolean isOlder(Duration most, long now) {
        return now - (resolution.endpoints().isEmpty() ? at : foundAt) > most.toNanos();
    }

    Resolution aged(long now) {
        Duration left = resolution.freshFor().minusNanos(now - at);
        return resolution.freshFor(left.isNegative() ? Duration.ZERO : left);
    }

    boolean tellsNothing() {
        return resolution instanceof Resolution.Unknown unknown
                && unknown.kept().isEmpty();
    }

    void lastFound(Question question, Consumer<LastFound> taker) {
        if (had && !tellsNothing()) {
            List<Endpoint> endpoints = resolution.endpoints();
            taker.accept(new LastFound(question, endpoints, endpoints.isEmpty() ? at : foundAt));
        }
    }
}
