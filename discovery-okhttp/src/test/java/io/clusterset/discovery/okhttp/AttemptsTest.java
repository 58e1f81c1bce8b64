package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.Test;

class AttemptsTest {

    private static final Failure REFUSED = Failure.of(new ConnectException("Connection refused"));
    private static final Failure RESET = Failure.of(new IOException("Connection reset"));
    private static final Failure TIMED_OUT = Failure.of(new SocketTimeoutException("connect timed out"));

    private static Endpoint endpoint(int n) {
        return Endpoint.parse("10.0.0." + n + ":80");
    }

    private static void fail(Attempts attempts, int from, int until, Failure how) {
        for (int n = from; n <= until; n++) {
            assertThat(attempts.begin(endpoint(n))).isEqualTo(n);
            attempts.failed(how);
        }
    }

    @Test
    void whatWasSentOrTookItsTimeIsCounted() {
        for (Failure how : new Failure[] {RESET, TIMED_OUT, Failure.soft("HTTP 503")}) {
            Attempts attempts = new Attempts(3);
            fail(attempts, 1, 2, how);
            attempts.begin(endpoint(3));
            assertThat(attempts.mayBeFollowed()).as("%s", how).isFalse();
        }
    }

    @Test
    void whatWasRefusedIsNot() {
        Attempts attempts = new Attempts(3);
        fail(attempts, 1, 2, REFUSED);
        attempts.begin(endpoint(3));
        assertThat(attempts.mayBeFollowed()).isTrue();
        attempts.failed(RESET);
        fail(attempts, 4, 4, RESET);
        attempts.begin(endpoint(5));
        assertThat(attempts.mayBeFollowed()).as("the third that counts").isFalse();
    }

    @Test
    void tenAtMost() {
        Attempts attempts = new Attempts(3);
        fail(attempts, 1, 8, REFUSED);
        attempts.begin(endpoint(9));
        assertThat(attempts.mayBeFollowed()).isTrue();
        attempts.failed(REFUSED);
        attempts.begin(endpoint(10));
        assertThat(attempts.mayBeFollowed()).isFalse();
    }

    @Test
    void inAFurtherRoundAllAre() {
        Attempts attempts = new Attempts(3);
        fail(attempts, 1, 2, REFUSED);
        attempts.begin(endpoint(1));
        assertThat(attempts.mayBeFollowed()).isFalse();
    }

    @Test
    void whoAsksForOneGetsOne() {
        Attempts attempts = new Attempts(1);
        assertThat(attempts.anyBegun()).isFalse();
        fail(attempts, 1, 1, REFUSED);
        assertThat(attempts.anyBegun()).isTrue();
        assertThat(attempts.mayBeFollowed()).isFalse();
    }
}
