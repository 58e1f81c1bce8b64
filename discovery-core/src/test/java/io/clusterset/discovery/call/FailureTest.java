package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an HTTP response says of the endpoint that sent it. */
class FailureTest {

    private static final String NOW = "Wed, 21 Oct 2015 07:28:00 GMT";
    private static final String IN_TWO_MINUTES = "Wed, 21 Oct 2015 07:30:00 GMT";

    private static Duration wish(String retryAfter, Optional<String> date) {
        return Failure.ofResponse(503, Optional.of(retryAfter), date)
                .orElseThrow()
                .notBefore();
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
                new InterruptedException())) {
            Failure read = Failure.of(caused(new HttpTimeoutException("request timed out"), below));
            assertThat(read).as("%s", below).isEqualTo(Failure.late("request timed out"));
        }
        assertThat(Failure.of(caused(new HttpTimeoutException("request timed out"), new ConnectException("refused"))))
                .as("nobody was there for as long as the timeout was")
                .isEqualTo(Failure.hard("connection refused"));
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

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503, 504, 506, 507, 508, 511, 599})
    void anEndpointThatDidNotDoItsWork(int status) {
        assertThat(Failure.ofResponse(status, Optional.empty(), Optional.empty()))
                .contains(Failure.soft("HTTP " + status));
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 200, 204, 301, 304, 400, 401, 404, 408, 418, 428, 430, 431, 499, 501, 505})
    void anEndpointThatDid(int status) {
        assertThat(Failure.ofResponse(status, Optional.empty(), Optional.empty()))
                .isEmpty();
        assertThat(Failure.ofResponse(status, Optional.of("5"), Optional.of(NOW)))
                .as("whatever else it says")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "120, 120", "' 120 ', 120", "007, 7", "999999999, 999999999"})
    void secondsAreReadWithAndWithoutADate(String retryAfter, long seconds) {
        assertThat(wish(retryAfter, Optional.empty())).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(wish(retryAfter, Optional.of(NOW))).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void aBusyEndpointMayWishToo() {
        Failure failure =
                Failure.ofResponse(429, Optional.of("5"), Optional.empty()).orElseThrow();
        assertThat(failure).isEqualTo(Failure.soft("HTTP 429").notBefore(Duration.ofSeconds(5)));
        assertThat(failure.sent()).isTrue();
    }

    /** Its clock may be wrong, and so may ours: what lies between is right. */
    @Test
    void aDateIsReadByTheClockOfTheOneWhoSaysIt() {
        assertThat(wish(IN_TWO_MINUTES, Optional.of(NOW))).isEqualTo(Duration.ofMinutes(2));
        assertThat(wish("Thu, 22 Oct 2099 07:28:00 GMT", Optional.of("Wed, 21 Oct 2099 07:28:00 GMT")))
                .isEqualTo(Duration.ofDays(1));
        assertThat(wish(" " + IN_TWO_MINUTES + " ", Optional.of(NOW))).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aDateWithoutAClockToReadItByIsNotHeeded() {
        assertThat(wish("Thu, 22 Oct 2099 07:28:00 GMT", Optional.empty())).isZero();
        assertThat(wish("Thu, 22 Oct 2099 07:28:00 GMT", Optional.of("noon"))).isZero();
    }

    @Test
    void aDateThatHasPassedIsNoWish() {
        assertThat(wish(NOW, Optional.of(IN_TWO_MINUTES))).isZero();
        assertThat(wish(NOW, Optional.of(NOW))).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "garbage",
                "-1",
                "+5",
                "1.5",
                "5s",
                "PT5S",
                "9999999999",
                "99999999999999999999999999",
                "\u0665",
                "5, 6",
                "2099-10-22T07:28:00Z",
                "Wed, 32 Oct 2015 07:30:00 GMT",
                "Mon, 21 Oct 2015 07:30:00 GMT",
                "Wed, 21 Oct 2015"
            })
    void whatIsNeitherIsPassedOver(String retryAfter) {
        assertThat(Failure.ofResponse(503, Optional.of(retryAfter), Optional.of(NOW)))
                .contains(Failure.soft("HTTP 503"));
        assertThat(Failure.ofResponse(503, Optional.of(retryAfter), Optional.empty()))
                .contains(Failure.soft("HTTP 503"));
    }
}
