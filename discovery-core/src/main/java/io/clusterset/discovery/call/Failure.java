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
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/**
 * What an exception says of the attempt it ended.
 *
 * <table>
 * <caption>Exceptions, looked for along the chain of causes</caption>
 * <tr><th>exception</th><th>means</th><th>was anything sent</th></tr>
 * <tr><td>{@code ConnectException}</td><td>hard: connection refused, or as it says</td><td>no</td></tr>
 * <tr><td>{@code IOException: Error while acquiring from} a pool (Reactor Netty), whose connections had been closed</td><td>hard: closed before they were
 *     used</td><td>no</td></tr>
 * <tr><td>{@code NoRouteToHostException}, {@code PortUnreachableException}</td><td>hard: unreachable</td><td>no</td></tr>
 * <tr><td>{@code SocketException: Network is unreachable}</td><td>hard: unreachable</td><td>no</td></tr>
 * <tr><td>{@code SocketTimeoutException} or another {@code InterruptedIOException: connect timed out} (Apache's client),
 *     {@code HttpConnectTimeoutException}, {@code SocketTimeoutException: Connect Timeout} (Jetty)</td>
 *     <td>hard: connect timeout</td><td>no</td></tr>
 * <tr><td>{@code IOException: Connection reset}, {@code Broken pipe}, and those by which clients say that the connection was closed before an answer
 *     (JDK, OkHttp, Reactor Netty, Apache)</td>
 *     <td>hard: closed before an answer</td><td>yes, to be safe</td></tr>
 * <tr><td>{@code IOException: … REFUSED_STREAM}, {@code … RST_STREAM: Stream not processed} (RFC 9113 section 8.7)</td><td>soft: stream refused</td><td>no</td></tr>
 * <tr><td>{@code InterruptedException}, {@code ClosedByInterruptException}, {@code SocketException: Closed by interrupt} (a virtual
 *     thread's), {@code CancellationException}, {@code InterruptedIOException} that speaks of no timeout</td><td>nothing: the caller went away</td><td>–</td></tr>
 * <tr><td>{@code BindException}, {@code SocketException: Too many open files}, a timeout of waiting for a connection of the
 *     client's own pool (Apache, Reactor Netty)</td><td>nothing: this process has no port, file descriptor or connection left</td><td>no</td></tr>
 * <tr><td>{@code TimeoutException}, {@code HttpTimeoutException}, Netty's {@code ReadTimeoutException}, any other {@code SocketTimeoutException} or {@code
 *     InterruptedIOException} that speaks of a timeout</td><td>soft: no answer in time</td><td>yes, to be safe</td></tr>
 * <tr><td>any other {@code IOException}</td><td>soft</td><td>yes, to be safe</td></tr>
 * <tr><td>anything else</td><td>nothing: the application's own business. If 5xx and 429 come as exceptions of another kind,
 *     say so with {@link Call#classify}</td><td>yes, to be safe</td></tr>
 * </table>
 *
 * @param outcome what it says of the endpoint
 * @param sent whether the endpoint may have seen the request: if not, even a call that must not be done twice may go elsewhere
 * @param notBefore how long the endpoint wishes not to be asked again ({@code Retry-After}, RFC 9110 section 10.2.3), zero if it
 *     said nothing: another endpoint may be asked at once, this one not before
 */
public record Failure(Outcome outcome, boolean sent, Duration notBefore) {

    private static final int DEEPEST = 16;
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /** How the JDK's two clients, OkHttp, Reactor Netty and Apache's client say it. */
    private static final List<String> CLOSED = List.of(
            "received no bytes",
            "end of file from server",
            "unexpected end of stream on ",
            "closed before response",
            "failed to respond");

    /** How the JDK and Apache's clients, the system and Netty, and Jetty say it. */
    private static final List<String> CONNECT_TIMEOUT =
            List.of("connect timed out", "connection timed out", "connect timeout");

    /** How Apache's clients and Reactor Netty name it: by their simple names, since Reactor's pool is shaded. */
    private static final Set<String> POOL = Set.of(
            "ConnectionRequestTimeoutException", "ConnectionPoolTimeoutException", "PoolAcquireTimeoutException");

    /** How Reactor Netty says that a connection of its pool had been closed before it could be used, and the one after it, too. */
    private static final String DEAD_IN_POOL = "error while acquiring from ";

    /** Neither is seen from here: not every JDK image has the one's module, and the other is no IOException. */
    private static final Set<String> TIMEOUTS =
            Set.of("java.net.http.HttpTimeoutException", "io.netty.handler.timeout.ReadTimeoutException");

    /** How OkHttp and the JDK's client say it. */
    private static final List<String> REFUSED = List.of("refused_stream", "rst_stream: stream not processed");

    /**
     * Checks the duration.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Failure {
        if (notBefore.isNegative()) {
            throw new IllegalArgumentException("notBefore: " + notBefore + " (expected: >= 0)");
        }
    }

    /** Of an endpoint that says nothing of when to ask it again. */
    public Failure(Outcome outcome, boolean sent) {
        this(outcome, sent, Duration.ZERO);
    }

    /**
     * The same failure of an endpoint that wishes not to be asked again for so long.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public Failure notBefore(Duration wish) {
        return new Failure(outcome, sent, wish);
    }

    /**
     * Whether it was over before it began: nobody was there, nothing was sent, and no time was lost with waiting. Such an attempt is
     * not counted while there is an endpoint that the call has not met ({@link Call#attempts(int)}).
     */
    public boolean isRefusal() {
        return outcome instanceof Outcome.FailedHard hard && !hard.timedOut() && !sent;
    }

    /** The endpoint was reached and did not do its work: 5xx, 429. The request was sent. */
    public static Failure soft(String reason) {
        return new Failure(new Outcome.FailedSoft(reason), true);
    }

    /** No answer came for as long as it was waited for: a read timeout, a deadline. The request was sent. */
    public static Failure late(String reason) {
        return new Failure(new Outcome.FailedSoft(reason, true), true);
    }

    /**
     * What an HTTP response says of the endpoint; empty if it did its work. 5xx and 429 are failures, but for 501 and 505: not
     * implemented is not broken.
     *
     * @param retryAfter the header {@code Retry-After}: seconds or a date (RFC 9110 section 10.2.3); passed over if it is neither
     * @param date the header {@code Date}, by whose clock that date is read; without it no date is heeded
     */
    public static Optional<Failure> ofResponse(int status, Optional<String> retryAfter, Optional<String> date) {
        if (status != 429 && (status < 500 || status == 501 || status == 505)) {
            return Optional.empty();
        }
        Duration wish = retryAfter.map(text -> wish(text.strip(), date)).orElse(Duration.ZERO);
        return Optional.of(soft("HTTP " + status).notBefore(wish));
    }

    private static Duration wish(String text, Optional<String> date) {
        if (SECONDS.matcher(text).matches()) {
            return Duration.ofSeconds(Long.parseLong(text));
        }
        Optional<Duration> until =
                instant(text).flatMap(then -> date.flatMap(Failure::instant).map(now -> Duration.between(now, then)));
        return until.filter(duration -> !duration.isNegative()).orElse(Duration.ZERO);
    }

    private static Optional<Instant> instant(String text) {
        try {
            return Optional.of(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from));
        } catch (DateTimeParseException malformed) {
            return Optional.empty();
        }
    }

    /** Nothing listens there, or nothing was sent: another endpoint may be tried even by a call that must not be done twice. */
    public static Failure hard(String reason) {
        return hard(reason, false);
    }

    /** It failed, and that says nothing of the endpoint. The request was sent. */
    public static Failure otherwise(String reason) {
        return new Failure(new Outcome.FailedOtherwise(reason), true);
    }

    /**
     * Reads an exception and its causes. What a timeout has among its causes of a connection that was closed, or of something that
     * was cancelled, is its own doing: the JDK's client, asked with {@code sendAsync}, says {@code HttpTimeoutException} because of
     * {@code received no bytes} when it noticed its own closing of the connection first. An interrupted thread never is: no client
     * keeps its time by that, and some say {@code TimeoutException} when the caller's wait was interrupted.
     */
    public static Failure of(Throwable thrown) {
        boolean io = false;
        boolean late = false;
        Throwable at = thrown;
        for (int depth = 0; at != null && depth < DEEPEST; depth++, at = at.getCause()) {
            String text = String.valueOf(at.getMessage()).toLowerCase(Locale.ROOT);
            if (isConnectTimeout(at, text)) {
                return hard("connect timeout", true);
            } else if (at instanceof ConnectException) { // also one that was reset: nothing was sent
                if (!(at.getCause() instanceof ConnectException)) {
                    return hard(text.contains("refused") || text.equals("null") ? "connection refused" : text, false);
                }
            } else if (at instanceof IOException && text.startsWith(DEAD_IN_POOL)) {
                return hard("connections closed before they were used", false);
            } else if (at instanceof NoRouteToHostException
                    || at instanceof PortUnreachableException
                    || (at instanceof SocketException && text.contains("unreachable"))) {
                return hard("unreachable", false);
            } else if (!late
                    && at instanceof IOException
                    && (text.contains("connection reset") || text.contains("broken pipe"))) {
                return new Failure(new Outcome.FailedHard("connection reset", false), true);
            } else if (at instanceof IOException && REFUSED.stream().anyMatch(text::contains)) {
                return new Failure(new Outcome.FailedSoft("stream refused"), false);
            } else if (!late && at instanceof IOException && CLOSED.stream().anyMatch(text::contains)) {
                return new Failure(new Outcome.FailedHard("connection closed before an answer", false), true);
            } else if (isInterrupt(at, text) || (!late && isCancelled(at, text))) {
                return new Failure(new Outcome.Abandoned(), true);
            } else if (POOL.contains(at.getClass().getSimpleName())) {
                return new Failure(new Outcome.FailedOtherwise("no connection of the client's pool: " + text), false);
            } else if (at instanceof BindException
                    || (at instanceof SocketException && text.contains("too many open files"))) {
                return new Failure(new Outcome.FailedOtherwise(text), false);
            }
            late |= isTimeout(at, text);
            io |= at instanceof IOException;
        }
        String line =
                words(thrown).replaceAll("\\s*\\R\\s*", " "); // OkHttp says in four what is wrong with a certificate
        if (late) {
            return late(line);
        }
        return io ? soft(line) : otherwise(line);
    }

    /** What it says; what caused it, if it says nothing: Spring wraps Netty's read timeout so. */
    private static String words(Throwable thrown) {
        Throwable at = thrown;
        for (int depth = 0; depth < DEEPEST && at instanceof IOException && at.getMessage() == null; depth++) {
            Throwable cause = at.getCause();
            if (cause == null) {
                break;
            }
            at = cause;
        }
        String message = at.getMessage();
        return at instanceof IOException && message != null ? message : at.toString();
    }

    private static boolean isConnectTimeout(Throwable at, String text) {
        boolean jdkClient = at.getClass().getName().equals("java.net.http.HttpConnectTimeoutException");
        boolean phrase = CONNECT_TIMEOUT.stream().anyMatch(text::contains);
        return jdkClient || ((at instanceof InterruptedIOException || at instanceof ConnectException) && phrase);
    }

    /** Clients make timeouts of their own of InterruptedIOException: those are no wish of the caller. */
    private static boolean isTimeout(Throwable at, String text) {
        return at instanceof SocketTimeoutException
                || at instanceof TimeoutException
                || TIMEOUTS.contains(at.getClass().getName())
                || (at instanceof InterruptedIOException && (text.contains("timeout") || text.contains("timed out")));
    }

    /** A virtual thread's socket has no type for it. */
    private static boolean isInterrupt(Throwable at, String text) {
        return at instanceof InterruptedException
                || at instanceof ClosedByInterruptException
                || (at instanceof InterruptedIOException && !isTimeout(at, text) && text.contains("interrupted"))
                || (at instanceof SocketException && text.equals("closed by interrupt"));
    }

    private static boolean isCancelled(Throwable at, String text) {
        return at instanceof CancellationException || (at instanceof InterruptedIOException && !isTimeout(at, text));
    }

    private static Failure hard(String reason, boolean timedOut) {
        return new Failure(new Outcome.FailedHard(reason, timedOut), false);
    }
}
