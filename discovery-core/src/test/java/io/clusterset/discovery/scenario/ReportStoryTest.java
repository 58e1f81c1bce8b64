package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.observe.Figures;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients that choose among addresses themselves tell how it went. */
class ReportStoryTest {

    private static final Outcome SUCCEEDED = new Outcome.Succeeded();
    private static final Outcome REFUSED = new Outcome.FailedHard("connection refused", false);

    private final World world = new World();
    private final Service orders = world.orders();

    ReportStoryTest() {
        world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80", "[fd00::1]:80"));
        world.clusterset.says(World.found("10.1.0.1:80", "10.0.0.1:80"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static InetSocketAddress at(String literal, int port) {
        return new InetSocketAddress(literal, port);
    }

    /** As health has it. */
    private List<String> verdicts() {
        world.pass(200);
        return orders.decision().tiers().stream()
                .flatMap(tier -> tier.candidates().stream())
                .filter(candidate -> !candidate.verdict().countsAsHealthy() || !candidate.isGood())
                .map(Candidate::endpoint)
                .map(endpoint -> endpoint.tier() + " " + endpoint.authority())
                .toList();
    }

    private long attempts(String tier) {
        return world.discovery.figures().services().get(0).tiers().stream()
                .filter(one -> one.tier().equals(tier))
                .mapToLong(one -> one.attempts().succeeded() + one.attempts().failedHard())
                .sum();
    }

    @Test
    void itCountsAsAnAttempt() {
        world.kill("10.0.0.1:80"); // so says the probe, too
        for (int i = 0; i < 3; i++) {
            orders.report(at("10.0.0.1", 80), REFUSED);
        }
        orders.report(at("fd00::1", 80), SUCCEEDED);
        orders.report(at("10.1.0.1", 80), SUCCEEDED);
        assertThat(verdicts()).containsExactly("local 10.0.0.1:80");
        assertThat(orders.explain().toString()).contains("unhealthy: connection refused");
        assertThat(attempts("local")).isEqualTo(4); // an address of both tiers is the first one's
        assertThat(attempts("clusterset")).isEqualTo(1);
    }

    @Test
    void ofAnAddressThatIsNotKnownItIsNotHeard() {
        world.kill("10.0.0.1:80");
        for (int i = 0; i < 5; i++) {
            orders.report(at("10.0.0.1", 81), REFUSED);
            orders.report(at("10.0.0.9", 80), REFUSED);
            orders.report(InetSocketAddress.createUnresolved("10.0.0.1", 80), REFUSED);
            orders.report(at("10.0.0.1", 0), REFUSED);
        }
        assertThat(verdicts()).isEmpty();
        assertThat(attempts("local")).isZero();
    }

    @Test
    void whoGoneIsIsNotJudgedAnyMore() {
        orders.report(at("10.0.0.2", 80), SUCCEEDED);
        world.local.says(World.found("10.0.0.1:80", "[fd00::1]:80"));
        world.pass(6_000);
        orders.report(at("10.0.0.2", 80), REFUSED);
        assertThat(verdicts()).isEmpty();
        assertThat(attempts("local")).isEqualTo(1);
    }

    @Test
    void whoReportsUsesIt() {
        for (int minute = 0; minute < 60; minute++) {
            world.pass(60_000);
            orders.report(at("10.0.0.1", 80), SUCCEEDED);
        }
        assertThat(world.local.watches()).isEqualTo(1);
        world.time.advance(Duration.ofMinutes(25));
        assertThat(world.local.watches()).isZero();
        orders.report(at("10.0.0.1", 80), SUCCEEDED); // wakes it
        assertThat(world.local.watches()).isEqualTo(1);
    }

    @Test
    void switchedOffOrClosedNobodyListensAndNothingBreaks() {
        world.discovery.enabled(false);
        orders.report(at("10.0.0.1", 80), REFUSED);
        world.discovery.enabled(true);
        world.pass(200);
        assertThat(attempts("local")).isZero();
        world.close();
        orders.report(at("10.0.0.1", 80), REFUSED);
        Figures last = world.discovery.figures();
        assertThat(last.services().get(0).tiers())
                .allMatch(tier -> tier.attempts().failedHard() == 0);
    }
}
