package io.clusterset.discovery.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a {@link FakeApiServer} does with some requests instead of answering them. Immutable.
 *
 * <pre>{@code
 * server.fail(ApiFault.status(403).on(ApiVerb.LIST, ApiVerb.WATCH).of("serviceimports"));
 * server.fail(ApiFault.status(429).retryAfter(Duration.ofSeconds(2)).times(3));
 * server.fail(ApiFault.status(500).on(ApiVerb.LIST).after(2).times(1));             // the third page
 * }</pre>
 */
public final class ApiFault {

    /** What it does. */
    enum Kind {
        STATUS,
        SILENCE,
        CUT,
        RESET
    }

    private final Kind kind;
    private final int status;
    private final Optional<Duration> retryAfter;
    private final Predicate<ApiRequest> requests;
    private final int after;
    private final int times;

    private ApiFault(
            Kind kind,
            int status,
            Optional<Duration> retryAfter,
            Predicate<ApiRequest> requests,
            int after,
            int times) {
        this.kind = kind;
        this.status = status;
        this.retryAfter = retryAfter;
        this.requests = requests;
        this.after = after;
        this.times = times;
    }

    private static ApiFault of(Kind kind, int status) {
        return new ApiFault(kind, status, Optional.empty(), request -> true, 0, Integer.MAX_VALUE);
    }

    /**
     * Answers with a status, and a Status object with the words of an API server.
     *
     * @param status 400 to 599
     * @throws IllegalArgumentException if it is not in that range
     */
    public static ApiFault status(int status) {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status: " + status + " (expected: 400...599)");
        }
        return of(Kind.STATUS, status);
    }

    /** Answers nothing, and keeps the connection, until {@link FakeApiServer#healthy()}. */
    public static ApiFault silence() {
        return of(Kind.SILENCE, 0);
    }

    /** Answers as ever, but closes the connection after half of the document. Watches are not cut. */
    public static ApiFault cut() {
        return of(Kind.CUT, 0);
    }

    /** Resets the connection. */
    public static ApiFault reset() {
        return of(Kind.RESET, 0);
    }

    /**
     * Says when to come again, in a header {@code Retry-After} and in the Status object.
     *
     * @param time rounded down to seconds
     * @throws IllegalArgumentException if it is negative
     */
    public ApiFault retryAfter(Duration time) {
        Durations.requireNotNegative("retryAfter", time);
        return new ApiFault(kind, status, Optional.of(time), requests, after, times);
    }

    /** Only requests that want one of these. */
    public ApiFault on(ApiVerb... verbs) {
        Set<ApiVerb> wanted = Arrays.stream(verbs).collect(Collectors.toUnmodifiableSet());
        return matching(request -> wanted.contains(request.verb()));
    }

    /**
     * Only requests about one resource.
     *
     * @param resource such as {@code endpointslices}
     */
    public ApiFault of(String resource) {
        return matching(request -> request.resource().equals(resource));
    }

    /** Only requests for which this holds too. It is called on the server's thread and must not block. */
    public ApiFault matching(Predicate<ApiRequest> condition) {
        return new ApiFault(kind, status, retryAfter, requests.and(condition), after, times);
    }

    /**
     * Lets this many of its requests through first.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ApiFault after(int count) {
        requireNotNegative("after", count);
        return new ApiFault(kind, status, retryAfter, requests, count, times);
    }

    /**
     * Is over after this many of its requests.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public ApiFault times(int count) {
        requireNotNegative("times", count);
        return new ApiFault(kind, status, retryAfter, requests, after, count);
    }

    private static void requireNotNegative(String what, int count) {
        if (count < 0) {
            throw new IllegalArgumentException(what + ": " + count + " (expected: >= 0)");
        }
    }

    /** A fault that is in force, and counts. Thread-safe. */
    static final class Active {

        private final ApiFault fault;
        private long met;

        Active(ApiFault fault) {
            this.fault = fault;
        }

        ApiFault fault() {
            return fault;
        }

        /** Whether it is for this request; counts it. */
        synchronized boolean meets(ApiRequest request) {
            if (!fault.requests.test(request)) {
                return false;
            }
            met++;
            return met > fault.after && met - fault.after <= fault.times;
        }
    }

    Kind kind() {
        return kind;
    }

    ApiStatus answer(ApiRequest request) {
        ApiStatus answer = ApiStatus.of(status, request);
        return retryAfter.map(answer::retryAfter).orElse(answer);
    }

    /** The header lines that go with it. */
    String fields() {
        return retryAfter
                .map(time -> "Retry-After: " + time.toSeconds() + "\r\n")
                .orElse("");
    }
}
