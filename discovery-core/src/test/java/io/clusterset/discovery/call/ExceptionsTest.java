package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an exception says of the endpoint that was asked. */
class ExceptionsTest {

    @Test
    void theTableOfExceptions() {
        assertThat(Failure.of(new ConnectException("Connection refused")).sent())
                .isFalse();
        assertThat(Failure.of(new RuntimeException(new IOException(new ConnectException("Connection refused"))))
                        .outcome())
                .isEqualTo(new Outcome.FailedHard("connection refused", false));
        assertThat(Failure.of(new NoRouteToHostException("No route to host")).sent())
                .isFalse();
        assertThat(Failure.of(new SocketException("Network is unreachable")).sent())
                .isFalse();
        assertThat(Failure.of(new SocketTimeoutException("connect timed out")).outcome())
                .isEqualTo(new Outcome.FailedHard("connect timeout", true));
        assertThat(Failure.of(new java.net.http.HttpConnectTimeoutException("HTTP connect timed out"))
                        .outcome())
                .isEqualTo(new Outcome.FailedHard("connect timeout", true));
        assertThat(Failure.of(new SocketTimeoutException("Read timed out")).sent())
                .isTrue();
        assertThat(Failure.of(new SocketException("Connection reset")))
                .isEqualTo(new Failure(new Outcome.FailedHard("connection reset", false), true));
        assertThat(Failure.of(new SocketException("Broken pipe")))
                .isEqualTo(new Failure(new Outcome.FailedHard("connection reset", false), true));
        assertThat(Failure.of(new IOException("HTTP/1.1 header parser received no bytes")))
                .isEqualTo(new Failure(new Outcome.FailedHard("connection closed before an answer", false), true));
        assertThat(Failure.of(new SocketException("Unexpected end of file from server"))
                        .sent())
                .isTrue();
        assertThat(Failure.of(new java.net.http.HttpTimeoutException("request timed out"))
                        .outcome())
                .isInstanceOf(Outcome.FailedSoft.class);
        assertThat(Failure.of(new RuntimeException(new InterruptedException())).outcome())
                .isInstanceOf(Outcome.Abandoned.class);
        assertThat(Failure.of(new IOException("Hostname orders.shop not verified:\n    DN: CN=pods")))
                .isEqualTo(Failure.soft("Hostname orders.shop not verified: DN: CN=pods"));
        IOException loop = new IOException("loop");
        loop.initCause(new IOException(loop));
        assertThat(Failure.of(loop).sent()).isTrue();
    }

    /** What JDK, Apache and OkHttp clients threw when they were asked. */
    @Test
    void timeoutsOfClientsAreNotTheCallersWishAndWhatThisProcessLacksIsNotTheEndpointsFault() {
        Failure apache = Failure.of(new InterruptedIOException("Connect to 10.0.0.1:80 failed: connect timed out"));
        assertThat(apache).isEqualTo(new Failure(new Outcome.FailedHard("connect timeout", true), false));
        assertThat(Failure.of(new InterruptedIOException("timeout"))).isEqualTo(Failure.late("timeout"));
        assertThat(Failure.of(new InterruptedIOException("thread interrupted")).outcome())
                .isEqualTo(new Outcome.Abandoned());
        assertThat(Failure.of(new IOException(new ClosedByInterruptException())).outcome())
                .isEqualTo(new Outcome.Abandoned());
        for (IOException own : List.of(
                new BindException("Cannot assign requested address"), new SocketException("Too many open files"))) {
            assertThat(Failure.of(own).outcome()).isInstanceOf(Outcome.FailedOtherwise.class);
            assertThat(Failure.of(own).sent()).isFalse();
        }
    }

    @Test
    void aRefusalIsOverBeforeItBegan() {
        assertThat(Failure.of(new ConnectException("Connection refused")).isRefusal())
                .isTrue();
        assertThat(Failure.of(new NoRouteToHostException("No route to host")).isRefusal())
                .isTrue();
        assertThat(Failure.of(new SocketTimeoutException("connect timed out")).isRefusal())
                .as("it took its time")
                .isFalse();
        assertThat(Failure.of(new IOException("Connection reset")).isRefusal())
                .as("it may have been sent")
                .isFalse();
        assertThat(new Failure(new Outcome.FailedSoft("stream refused"), false).isRefusal())
                .as("somebody was there")
                .isFalse();
    }

    /** Who gets no answer learns of silence; who waits for a connection of a pool that others use up learns nothing. */
    @Test
    void aTimeoutSaysWhatWasWaitedFor() {
        assertThat(Failure.of(new SocketTimeoutException("Read timed out"))).isEqualTo(Failure.late("Read timed out"));
        assertThat(Failure.of(new RuntimeException(new HttpTimeoutException("request timed out")))
                        .outcome())
                .isInstanceOfSatisfying(
                        Outcome.FailedSoft.class,
                        soft -> assertThat(soft.timedOut()).isTrue());
        assertThat(Failure.of(new IOException(new TimeoutException("Idle timeout expired")))
                        .outcome())
                .isInstanceOfSatisfying(
                        Outcome.FailedSoft.class,
                        soft -> assertThat(soft.timedOut()).isTrue());
        assertThat(Failure.of(new IOException("stream closed")).outcome())
                .isEqualTo(new Outcome.FailedSoft("stream closed", false));
        for (Exception pool : List.of(
                new ConnectionRequestTimeoutException("Timeout deadline: 500 MILLISECONDS"),
                new IOException(new PoolAcquireTimeoutException("Pool#acquire(Duration) has been pending")))) {
            assertThat(Failure.of(pool).outcome()).isInstanceOf(Outcome.FailedOtherwise.class);
            assertThat(Failure.of(pool).sent()).isFalse();
        }
    }

    /** The JDK's client, asked with sendAsync, now and then: its own closing of the connection is noticed first. */
    @Test
    void whatATimeoutClosedOrCancelledIsATimeout() {
        for (Exception below : List.of(
                new IOException(
                        "subscription is finished", new IOException("HTTP/1.1 header parser received no bytes")),
                new IOException("Connection reset by peer"),
                new CancellationException(),
                new InterruptedIOException("Request aborted"))) {
            Failure read = Failure.of(caused(new HttpTimeoutException("request timed out"), below));
            assertThat(read).as("%s", below).isEqualTo(Failure.late("request timed out"));
        }
        assertThat(Failure.of(caused(new HttpTimeoutException("request timed out"), new ConnectException("refused"))))
                .as("nobody was there for as long as the timeout was")
                .isEqualTo(Failure.hard("connection refused"));
    }

    /** The JDK's sockets, OkHttp's and Apache's waits, and libraries that waited and say that they did not wait long enough. */
    @Test
    void anInterruptIsTheCallersWishEvenBelowATimeout() {
        for (Exception interrupt : List.of(
                new InterruptedException(),
                new ClosedByInterruptException(),
                new InterruptedIOException("thread interrupted"),
                new SocketException("Closed by interrupt"))) {
            assertThat(Failure.of(new IOException(interrupt)).outcome())
                    .as("%s", interrupt)
                    .isEqualTo(new Outcome.Abandoned());
            for (Exception timeout : List.of(new TimeoutException(), new SocketTimeoutException("timeout"))) {
                assertThat(Failure.of(caused(timeout, interrupt)).outcome())
                        .as("%s because of %s", timeout, interrupt)
                        .isEqualTo(new Outcome.Abandoned());
            }
        }
    }

    /** As Spring has Netty's read timeout: who reads the event at night learns nothing from {@code java.io.IOException}. */
    @Test
    void whatSaysNothingIsToldByItsCause() {
        assertThat(Failure.of(new IOException(null, new IOException(null, new TimeoutException())))
                        .outcome())
                .isEqualTo(new Outcome.FailedSoft("java.util.concurrent.TimeoutException", true));
        assertThat(Failure.of(new IOException(null, new IOException("stream closed"))))
                .isEqualTo(Failure.soft("stream closed"));
        assertThat(Failure.of(new IOException())).isEqualTo(Failure.soft("java.io.IOException"));
    }

    /** As Reactor Netty has it: an endpoint that dies between a connect's two halves has seen nothing of the request. */
    @Test
    void aConnectThatWasResetSentNothing() {
        String reset = "finishConnect(..) failed with error(-104): Connection reset by peer";
        Failure read = Failure.of(caused(new ConnectException(reset + ": /10.0.0.1:80"), new ConnectException(reset)));
        assertThat(read.outcome()).isInstanceOf(Outcome.FailedHard.class);
        assertThat(read.isRefusal()).isTrue();
        Failure dead = Failure.of(new IOException("Error while acquiring from reactor.pool.SimpleDequePool@1f"));
        assertThat(dead.isRefusal())
                .as("nor did connections that had been closed in its pool")
                .isTrue();
    }

    private static Exception caused(Exception thrown, Exception cause) {
        thrown.initCause(cause);
        return thrown;
    }

    /** As Apache's client has it. */
    private static final class ConnectionRequestTimeoutException extends InterruptedIOException {
        private static final long serialVersionUID = 1;

        ConnectionRequestTimeoutException(String message) {
            super(message);
        }
    }

    /** As Reactor Netty has it. */
    private static final class PoolAcquireTimeoutException extends TimeoutException {
        private static final long serialVersionUID = 1;

        PoolAcquireTimeoutException(String message) {
            super(message);
        }
    }

    private static final class ResetStream extends IOException {
        private static final long serialVersionUID = 1;

        private ResetStream() {
            super("stream was reset: REFUSED_STREAM"); // OkHttp's StreamResetException
        }
    }

    /** The very words of clients. */
    static List<Arguments> wordsOfClients() {
        ConnectException inner = new ConnectException("Connection refused");
        ConnectException okhttp = new ConnectException("Failed to connect to /10.0.0.1:80");
        okhttp.initCause(inner);
        ConnectException netty = new ConnectException("Connection refused: /10.0.0.1:80");
        netty.initCause(inner);
        ConnectException unreachable = new ConnectException("Connect to http://10.0.0.1:80 failed: no route");
        unreachable.initCause(new NoRouteToHostException("No route to host"));
        ConnectException slow = new ConnectException("Failed to connect to /10.0.0.1:80");
        slow.initCause(new ConnectException("Connection timed out"));
        ConnectException jdk = new ConnectException();
        jdk.initCause(new ConnectException());
        Failure closed = new Failure(new Outcome.FailedHard("connection closed before an answer", false), true);
        Failure refused = Failure.hard("connection refused");
        Failure notProcessed = new Failure(new Outcome.FailedSoft("stream refused"), false);
        return List.of(
                Arguments.of("OkHttp", okhttp, refused),
                Arguments.of("Netty", netty, refused),
                Arguments.of("JDK", jdk, refused),
                Arguments.of(
                        "not another ConnectException",
                        unreachable,
                        Failure.hard("connect to http://10.0.0.1:80 failed: no route")),
                Arguments.of(
                        "told by the system",
                        slow,
                        new Failure(new Outcome.FailedHard("connect timeout", true), false)),
                Arguments.of(
                        "Jetty's timeout",
                        new SocketTimeoutException("Connect Timeout"),
                        new Failure(new Outcome.FailedHard("connect timeout", true), false)),
                Arguments.of(
                        "Netty's timeout",
                        new ConnectException("connection timed out after 500 ms: /10.0.0.1:80"),
                        new Failure(new Outcome.FailedHard("connect timeout", true), false)),
                Arguments.of(
                        "OkHttp",
                        new IOException("unexpected end of stream on http://10.0.0.1/...", new EOFException()),
                        closed),
                Arguments.of(
                        "OkHttp, of a body",
                        new IOException("unexpected end of stream"),
                        Failure.soft("unexpected end of stream")),
                Arguments.of("Reactor Netty", new IOException("Connection prematurely closed BEFORE response"), closed),
                Arguments.of(
                        "Reactor Netty, of a body",
                        new IOException("Connection prematurely closed DURING response"),
                        Failure.soft("Connection prematurely closed DURING response")),
                Arguments.of(
                        "Reactor Netty, request under way",
                        new IOException("Connection has been closed BEFORE response, while sending request body"),
                        closed),
                Arguments.of("JDK, URL", new SocketException("Unexpected end of file from server"), closed),
                Arguments.of("Apache 4", new IOException("10.0.0.1:80 failed to respond"), closed),
                Arguments.of("Apache 5", new IOException("The target server failed to respond"), closed),
                Arguments.of("OkHttp, HTTP/2", new ResetStream(), notProcessed),
                Arguments.of(
                        "JDK, HTTP/2",
                        new ExecutionException(new IOException("Received RST_STREAM: Stream not processed")),
                        notProcessed),
                Arguments.of(
                        "JDK, HTTP/2, otherwise",
                        new IOException("Received RST_STREAM: Internal error"),
                        Failure.soft("Received RST_STREAM: Internal error")),
                Arguments.of(
                        "the application's",
                        new IllegalStateException("REFUSED_STREAM failed to respond"),
                        Failure.otherwise("java.lang.IllegalStateException: REFUSED_STREAM failed to respond")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wordsOfClients")
    void whatClientsSayMeansThis(String who, Exception thrown, Failure meant) {
        assertThat(Failure.of(thrown)).as(who).isEqualTo(meant);
    }
}
