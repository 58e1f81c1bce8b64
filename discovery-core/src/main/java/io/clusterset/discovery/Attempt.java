package io.clusterset.discovery;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Verdict;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One use of one endpoint, from pick to outcome. Report the outcome once, on any thread: {@link #succeeded()} or {@link
 * #failed(Throwable)}; a {@link #close()} without either means that the attempt was abandoned and says nothing of the
 * endpoint.
 *
 * <pre>{@code
 * try (Attempt attempt = orders.next()) {
 *   try {
 *     return attempt.succeeded(get(attempt.endpoint(), "/list"));
 *   } catch (IOException e) {
 *     attempt.failed(e);
 *     throw e;
 *   }
 * }
 * }</pre>
 */
public final class Attempt implements AutoCloseable {

    private final Candidate candidate;
    private final long mark;
    private final AtomicBoolean reported = new AtomicBoolean();

    Attempt(Candidate candidate) {
        this.candidate = candidate;
        this.mark = candidate.outcomes().began();
    }

    /** The endpoint to call. */
    public Endpoint endpoint() {
        return candidate.endpoint();
    }

    /** What was thought of the endpoint when it was picked. */
    public Verdict verdict() {
        return candidate.verdict();
    }

    /** The endpoint did its work. */
    public void succeeded() {
        report(new Outcome.Succeeded());
    }

    /** The endpoint did its work; hands the result through. */
    public <T> T succeeded(T result) {
        succeeded();
        return result;
    }

    /** The attempt failed; what that says of the endpoint is read off the exception (see {@link Failure}). */
    public void failed(Throwable thrown) {
        report(Failure.of(thrown).outcome());
    }

    /** The attempt ended like this; for callers that know better than an exception can say. Later reports are ignored. */
    public void report(Outcome outcome) {
        if (reported.compareAndSet(false, true)) {
            candidate.outcomes().ended(mark, outcome);
        }
    }

    /** Reports {@link Outcome.Abandoned} if nothing was reported; idempotent. */
    @Override
    public void close() {
        report(new Outcome.Abandoned());
    }

    /** {@code attempt at local 10.0.0.1:80}. */
    @Override
    public String toString() {
        return "attempt at " + endpoint();
    }
}
