package io.clusterset.discovery.realservers;

import static io.clusterset.discovery.realservers.Zones.CLUSTERSET;
import static io.clusterset.discovery.realservers.Zones.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names with more addresses than a datagram holds, and than a message holds. */
class LargeAnswersIT {

    private static final Duration GENEROUS = Duration.ofSeconds(10);

    /** A message of 65,535 bytes holds about this many A records. */
    private static final int FULL_MESSAGE = 4_093;

    private static Zones big(int count) {
        return Zones.both()
                .with(LOCAL, "big", 1, Zones.addresses(11, count))
                .with(CLUSTERSET, "big", 1, List.of("10.2.0.1"));
    }

    private static Set<String> addresses(Service service) {
        return service.endpoints().stream()
                .filter(endpoint -> endpoint.tier().equals("local"))
                .map(endpoint -> endpoint.address().getHostAddress())
                .collect(Collectors.toSet());
    }

    private static Resolution home(Service service) {
        return service.snapshot().tiers().get(0).resolution();
    }

    @ParameterizedTest
    @CsvSource({"KNOT,200", "BIND,200", "UNBOUND,200", "KNOT,4000", "BIND,4000", "UNBOUND,4000"})
    void everyAddressIsSeenByTcp(RealDns.Kind kind, int count) throws Exception {
        try (RealDns dns = RealDns.start(kind, big(count));
                Discovery discovery = dns.discovery().build()) {
            Service big = discovery.service("big.shop");
            assertThat(big.next().endpoint().tier()).isEqualTo("local");
            Await.until(
                    GENEROUS,
                    () -> addresses(big).size() == count,
                    () -> big.explain().toString());
            assertThat(addresses(big)).containsExactlyInAnyOrderElementsOf(Zones.addresses(11, count));
            dns.stopAndExpectOnlyOurNames();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNameThatOutgrowsWhatAMessageHoldsLosesNobody(RealDns.Kind kind) throws Exception {
        Set<String> before = Set.copyOf(Zones.addresses(11, 4_000));
        try (RealDns dns = RealDns.start(kind, big(4_000));
                Discovery discovery = dns.discovery().build()) {
            Service big = discovery.service("big.shop");
            assertThat(big.next().endpoint().tier()).isEqualTo("local");
            Await.until(
                    GENEROUS,
                    () -> addresses(big).equals(before),
                    () -> big.explain().toString());
            Callers callers = Callers.of(big);
            dns.restart(big(5_000));
            Await.until(
                    Duration.ofSeconds(20),
                    () -> isShort(home(big)),
                    () -> big.explain().toString());
            Await.pause(Duration.ofSeconds(3)); // and is asked again
            Callers.Report report = callers.stop();
            assertThat(report.errors()).isEmpty();
            assertThat(report.tiers()).containsOnlyKeys("local");
            assertThat(addresses(big)).containsAll(before);
            dns.stopAndExpectOnlyOurNames();
        }
    }

    /** A part of the answer, or an answer that tells nothing; a dead socket's has no code at all. */
    private static boolean isShort(Resolution home) {
        return home instanceof Resolution.Found found
                ? !found.complete()
                : !home.evidence().rcode().isEmpty();
    }

    /** BIND gives what fits, marked as cut; knot gives nothing; so does a cache in front of the former. */
    @ParameterizedTest
    @EnumSource
    void aColdNameOfWhichAMessageHoldsAPartIsCalledSomewhere(RealDns.Kind kind) throws Exception {
        try (RealDns dns = RealDns.start(kind, big(5_000));
                Discovery discovery = dns.discovery().build()) {
            Service big = discovery.service("big.shop");
            String tier = big.next().endpoint().tier();
            if (kind == RealDns.Kind.BIND) {
                assertThat(tier).isEqualTo("local");
                assertThat(addresses(big)).hasSizeBetween(FULL_MESSAGE - 10, FULL_MESSAGE + 10);
            } else {
                assertThat(tier).isIn("local", "clusterset");
            }
        }
    }

    /** BIND as it comes does not answer for more than a hundred records of a name. */
    @Test
    void aServersOwnLimitIsAnUnknownAnswer() throws Exception {
        Zones zones = big(200).notLoading(LOCAL);
        try (RealDns dns = RealDns.start(RealDns.Kind.BIND, Bind.asItComes(zones), zones);
                Discovery discovery = dns.discovery().build()) {
            Service big = discovery.service("big.shop");
            assertThat(big.next().endpoint().tier()).isEqualTo("clusterset");
            assertThat(home(big).evidence().rcode()).isEqualTo("SERVFAIL");
        }
    }
}
