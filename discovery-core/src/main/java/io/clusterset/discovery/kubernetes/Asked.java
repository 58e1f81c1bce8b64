package io.clusterset.discovery.kubernetes;

import java.time.Duration;
import java.util.List;

/**
 * What an answer rests on.
 *
 * @param watched such as {@code endpointslices in shop}
 * @param answeredBy the API server's name
 * @param freshFor how long it may be believed
 */
record Asked(List<String> watched, String answeredBy, Duration freshFor) {

    Asked {
        watched = List.copyOf(watched);
    }
}
