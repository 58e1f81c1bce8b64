package io.clusterset.examples.cli;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.TimedCall;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One call and the attempts it took.
 *
 * @param path what was got
 * @param attempts in the order they were made
 * @param took how long all of it took
 * @param error why it failed; empty if it did not
 */
record TracedCall(String path, List<Tried> attempts, Duration took, Optional<String> error) {

    /**
     * An attempt.
     *
     * @param endpoint whom it went to
     * @param said {@code HTTP 200}, or why it failed
     * @param took how long it took
     */
    record Tried(Endpoint endpoint, String said, Duration took) {}

    /** Makes the call. */
    static TracedCall of(Service service, HttpGet get, Duration timeout) {
        List<Tried> attempts = new ArrayList<>(); // one after the other, on this thread
        long begun = System.nanoTime();
        TimedCall<HttpGet.Answer, IOException> traced = (endpoint, left) -> {
            long began = System.nanoTime();
            try {
                HttpGet.Answer answer = get.on(endpoint, left);
                attempts.add(new Tried(endpoint, "HTTP " + answer.status(), since(began)));
                return answer;
            } catch (IOException failed) {
                attempts.add(new Tried(endpoint, LoadRunner.reason(failed), since(began)));
                throw failed;
            }
        };
        Optional<String> error = Optional.empty();
        try {
            service.call(Call.idempotent().deadline(timeout).classify(HttpGet::judge), traced);
        } catch (IOException | RuntimeException failed) {
            error = Optional.of(service + ": GET " + get.path() + " failed: " + LoadRunner.reason(failed));
        }
        return new TracedCall(get.path(), List.copyOf(attempts), since(begun), error);
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** For a program. */
    Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("path", path);
        document.put("ok", error.isEmpty());
        document.put("tookMillis", Figures.millis(took.toNanos()));
        document.put(
                "attempts",
                attempts.stream()
                        .map(tried -> {
                            Map<String, Object> fields = new LinkedHashMap<>();
                            fields.put("address", tried.endpoint().host());
                            fields.put("port", tried.endpoint().port());
                            fields.put("tier", tried.endpoint().tier());
                            fields.put("said", tried.said());
                            fields.put("tookMillis", Figures.millis(tried.took().toNanos()));
                            return fields;
                        })
                        .toList());
        return document;
    }
}
