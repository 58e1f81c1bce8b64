package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Outcome;
import org.springframework.http.HttpMethod;

/** Which requests may go to another endpoint after they failed at one. */
final class Repeats {

    private Repeats() {}

    /** Whether the endpoint failed, and the request may be sent twice or has not been sent at all. */
    static boolean allowed(HttpMethod method, boolean anyMethod, Throwable thrown) {
        Failure failure = Failure.of(thrown);
        boolean endpoints =
                failure.outcome() instanceof Outcome.FailedHard || failure.outcome() instanceof Outcome.FailedSoft;
        return endpoints && (anyMethod || Call.ofMethod(method.name()).isIdempotent() || !failure.sent());
    }
}
