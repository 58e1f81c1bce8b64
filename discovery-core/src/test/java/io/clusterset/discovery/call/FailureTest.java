package io.clusterset.discovery.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Outcome;
import java.time.Duration;
import java.util.Optional;
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

    @Test
    void aWishIsNoSooner() {
        assertThatThrownBy(() -> Failure.soft("HTTP 503").notBefore(Duration.ofMillis(-1)))
                .hasMessage("notBefore: PT-0.001S (expected: >= 0)");
        assertThat(Failure.soft("HTTP 503").notBefore(Duration.ofSeconds(2)).outcome())
                .isEqualTo(new Outcome.FailedSoft("HTTP 503"));
        assertThat(Failure.soft("HTTP 503").notBefore()).isZero();
    }
}
