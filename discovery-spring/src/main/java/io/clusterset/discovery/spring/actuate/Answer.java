package io.clusterset.discovery.spring.actuate;

import java.util.Map;

/**
 * What the endpoint says: a document of maps, lists, texts and numbers, and its HTTP status. One that is no success has an {@code
 * error} in it.
 *
 * @param status 200, or why not
 * @param document as JSON has it
 */
record Answer(int status, Map<String, Object> document) {

    static final int OK = 200;
    static final int BAD_REQUEST = 400;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int UNAVAILABLE = 503;

    static Answer error(int status, String message) {
        return new Answer(status, Map.of("error", message));
    }
}
