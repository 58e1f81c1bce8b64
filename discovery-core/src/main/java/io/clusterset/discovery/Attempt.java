package io.clusterset.discovery;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Verdict;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

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

    private static final Outcome SUCCEEDED = new Outcome.Succeeded();
    private static final Outcome ABANDONED = new Outcome.Abandoned();
    private static final VarHandle REPORTED = reported();

    private final Candidate candidate;
    private final AttemptSink counts;
    private final long mark;

    @SuppressWarnings("UnusedVariable") // by REPORTED: a field costs four octets, an AtomicBoolean twenty
    private volatile boolean reported;

    Attempt(Candidate candidate, AttemptSink counts) {
        this.candidate = candidate;
        this.counts = counts;
        counts.began(candidate.endpoint());
        this.mark = candidate.outcomes().began();
    }

    private static VarHandle reported() {
        try {
            return MethodHandles.lookup().findVarHandle(Attempt.class, "reported", boolean.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
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
        report(SUCCEEDED);
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
        if (REPORTED.compareAndSet(this, false, true)) {
            candidate.outcomes().ended(mark, outcome);
            counts.ended(candidate.endpoint(), outcome);
        }
    }

    /** Reports {@link Outcome.Abandoned} if nothing was reported; idempotent. */
    @Override
    public void close() {
        report(ABANDONED);
    }

    /** {@code attempt at local 10.0.0.1:80}. */
    @Override
    public String toString() {
        return "attempt at " + endpoint();
    }
}
