package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A line of a snapshot file: what a source last found of a question.
 *
 * @param source the name of the source that was asked
 * @param question what was asked
 * @param endpoints what was found; none if there were some, and then it was said that there are none any more: that only
 *     says that older lines are no longer true
 * @param at when, by the wall clock
 */
record Remembered(String source, Question question, List<Endpoint> endpoints, Instant at) {

    private static final Duration VIP = Duration.ofHours(24);
    private static final Duration PODS = Duration.ofHours(1); // another pod may have the address by then

    Remembered {
        endpoints = List.copyOf(endpoints);
    }

    /** How old endpoints may be when they are brought back. */
    static Duration oldest(List<Endpoint> endpoints) {
        return Known.oneEach(endpoints) ? VIP : PODS;
    }

    /** What it is an answer to. */
    Key key() {
        return new Key(source, question);
    }

    /**
     * A question to one of several sources.
     *
     * @param source its name
     * @param question the question
     */
    record Key(String source, Question question) {}
}
