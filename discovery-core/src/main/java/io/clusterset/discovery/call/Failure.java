package io.clusterset.discovery.call;

import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/**
 * What an exception says of the attempt it ended.
 *
 * <table>
 * <caption>Exceptions, looked for along the chain of causes</caption>
 * <tr><th>exception</th><th>means</th><th>was anything sent</th></tr>
 * <tr><td>{@code ConnectException}</td><td>hard: connection refused</td><td>no</td></tr>
 * <tr><td>{@code NoRouteToHostException}, {@code PortUnreachableException}</td><td>hard: unreachable</td><td>no</td></tr>
 * <tr><td>{@code SocketException: Network is unreachable}</td><td>hard: unreachable</td><td>no</td></tr>
 * <tr><td>{@code SocketTimeoutException} or another {@code InterruptedIOException: connect timed out} (Apache's client),
 *     {@code HttpConnectTimeoutException}</td>
 *     <td>hard: connect timeout</td><td>no</td></tr>
 * <tr><td>{@code IOException: Connection reset}, {@code … received no bytes}, {@code Unexpected end of file from server}</td>
 *     <td>hard: closed before an answer</td><td>yes, to be safe</td></tr>
 * <tr><td>{@code InterruptedException}, {@code ClosedByInterruptException}, {@code CancellationException}, {@code
 *     InterruptedIOException} that speaks of no timeout</td><td>nothing: the caller went away</td><td>–</td></tr>
 * <tr><td>{@code BindException}, {@code SocketException: Too many open files}</td><td>nothing: this process has no port or
 *     file descriptor left</td><td>no</td></tr>
 * <tr><td>any other {@code IOException}, {@code TimeoutException}</td><td>soft</td><td>yes, to be safe</td></tr>
 * <tr><td>anything else</td><td>nothing: the application's own business. If 5xx and 429 come as exceptions of another kind,
 *     say so with {@link Call#classify}</td><td>yes, to be safe</td></tr>
 * </table>
 *
 * @param outcome what it says of the endpoint
 * @param sent whether the endpoint may have seen the request: if not, even a call that must not be done twice may go elsewhere
 */
public record Failure(Outcome outcome, boolean sent) {

    private static final int DEEPEST = 16;

    /** The endpoint was reached and did not do its work: 5xx, 429, too late. The request was sent. */
    public static Failure soft(String reason) {
        return new Failure(new Outcome.FailedSoft(reason), true);
    }

    /** Nothing listens there, or nothing was sent: another endpoint may be tried even by a call that must not be done twice. */
    public static Failure hard(String reason) {
        return hard(reason, false);
    }

    /** It failed, and that says nothing of the endpoint. The request was sent. */
    public static Failure otherwise(String reason) {
        return new Failure(new Outcome.FailedOtherwise(reason), true);
    }

    /** Reads an exception and its causes. */
    public static Failure of(Throwable thrown) {
        boolean io = false;
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            String text = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            if (isConnectTimeout(at, text)) {
                return hard("connect timeout", true);
            } else if (at instanceof ConnectException) {
                return hard(text.contains("refused") || text.equals("null") ? "connection refused" : text, false);
            } else if (at instanceof NoRouteToHostException
                    || at instanceof PortUnreachableException
                    || (at instanceof SocketException && text.contains("unreachable"))) {
                return hard("unreachable", false);
            } else if (at instanceof IOException && text.contains("connection reset")) {
                return new Failure(new Outcome.FailedHard("connection reset", false), true);
            } else if (at instanceof IOException && (text.contains("no bytes") || text.contains("end of file from"))) {
                return new Failure(new Outcome.FailedHard("connection closed before an answer", false), true);
            } else if (wentAway(at, text)) {
                return new Failure(new Outcome.Abandoned(), true);
            } else if (at instanceof BindException
                    || (at instanceof SocketException && text.contains("too many open files"))) {
                return new Failure(new Outcome.FailedOtherwise(text), false);
            }
            io |= at instanceof IOException || at instanceof TimeoutException;
        }
        String message = thrown.getMessage();
        String text = thrown instanceof IOException && message != null ? message : thrown.toString();
        return io ? soft(text) : otherwise(text);
    }

    private static boolean isConnectTimeout(Throwable at, String text) {
        boolean jdkClient = at.getClass().getName().equals("java.net.http.HttpConnectTimeoutException");
        boolean phrase = text.contains("connect timed out") || text.contains("connection timed out");
        return jdkClient || ((at instanceof InterruptedIOException || at instanceof ConnectException) && phrase);
    }

    /** Clients make timeouts of their own of InterruptedIOException: those are no wish of the caller. */
    private static boolean wentAway(Throwable at, String text) {
        boolean timeout =
                at instanceof SocketTimeoutException || text.contains("timeout") || text.contains("timed out");
        return at instanceof InterruptedException
                || (at instanceof InterruptedIOException && !timeout)
                || at instanceof ClosedByInterruptException
                || at instanceof CancellationException;
    }

    private static Failure hard(String reason, boolean timedOut) {
        return new Failure(new Outcome.FailedHard(reason, timedOut), false);
    }
}
