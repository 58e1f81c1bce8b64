package io.clusterset.discovery.cache;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.Question;
import java.util.List;

/**
 * What a source last found.
 *
 * @param question what it was asked
 * @param endpoints what it found; none if it had found some before and said then that there are none any more
 * @param at when, in ticker nanoseconds
 */
record LastFound(Question question, List<Endpoint> endpoints, long at) {}
