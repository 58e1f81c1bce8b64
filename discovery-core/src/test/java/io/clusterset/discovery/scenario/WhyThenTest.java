package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.observe.Explanation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/** "Why did calls leave at three?", asked at nine. */
class WhyThenTest {

    private static final String[] LOCAL = {"10.0.0.1:80", "10.0.0.2:80"};

    private final World world = new World();

    private Service nightWithAnOutage() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(60_000);
        world.kill(LOCAL);
        for (int i = 0; i < 20; i++) {
            world.call(orders);
            world.pass(50);
        }
        keepInUse(orders, 10);
        world.down.clear();
        keepInUse(orders, 30);
        return orders;
    }

    private void keepInUse(Service service, int minutes) {
        for (int minute = 0; minute < minutes; minute++) {
            world.pass(60_000);
            world.call(service);
        }
    }

    @Test
    void theOutageCanBeExplainedWhenItIsLongOver() {
        Service orders = nightWithAnOutage();
        assertThat(orders.explain().toString()).startsWith("orders.shop: local 100 %, clusterset 0 %");
        String then = orders.explainPast(Duration.ofMinutes(35)).toString();
        assertThat(then)
                .startsWith("orders.shop: local 0 %, clusterset 100 %\n  (35 min ago, as it was from 40 min to")
                .contains("local          0 %  0 of 2 healthy (connection refused)")
                .contains("endpoint  10.0.0.1:80              0.0 %  unhealthy: connection refused")
                .contains("orders.shop: local 0 of 2 healthy");
        assertThat(then).as("what came later was not known then").doesNotContain("returning: step");
    }

    @Test
    void whatHeldBeforeStandsInTheExplanationOfNow() {
        Service orders = nightWithAnOutage();
        Explanation now = orders.explain();
        assertThat(now.toString())
                .contains("  before\n")
                .containsPattern("    40 min ago, for 10 min: local 0 %, clusterset 100 % \\(local: 0 of 2 healthy");
        List<String> loads = now.before().stream()
                .map(past -> past.decision().tiers().get(0).load().percent() + "")
                .distinct()
                .collect(Collectors.toList());
        assertThat(loads).containsSubsequence("0", "5", "25", "50");
    }

    @Test
    void ofATimeBeforeEverythingNothingIsKnownAndThatIsSaid() {
        Service orders = nightWithAnOutage();
        assertThat(orders.explainPast(Duration.ofDays(1)).toString())
                .contains("(nothing is remembered of 24 h 0 min ago: ")
                .contains("this is 41 min ago, as it was from");
        assertThat(orders.explainPast(Duration.ofSeconds(Long.MAX_VALUE)).toString())
                .contains("nothing is remembered of ");
        World young = new World();
        young.local.says(World.found(LOCAL));
        young.clusterset.says(World.found("10.1.0.1:80"));
        assertThat(young.orders().explainPast(Duration.ofHours(8)).toString())
                .contains("(nothing is remembered of 8 h 0 min ago: ")
                .contains("this is how it is now)");
    }

    @Test
    void whatHeldBeforeItRestedIsRememberedAndTheRestIsNotTakenForIt() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        keepInUse(orders, 10);
        world.pass(Duration.ofMinutes(60).toMillis());
        world.call(orders);
        world.pass(1_000);
        assertThat(orders.explainPast(Duration.ofMinutes(65)).toString()).contains("as it was from 1 h 10 min to");
        assertThat(orders.explainPast(Duration.ofMinutes(10)).toString())
                .contains("(nothing is remembered of 10 min ago: the service was not used");
    }

    @Test
    void whatHeldBeforeItWasSwitchedOffIsRememberedToo() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        keepInUse(orders, 10);
        world.discovery.enabled(false);
        world.pass(600_000);
        world.discovery.enabled(true);
        world.pass(60_000);
        world.call(orders);
        assertThat(orders.explainPast(Duration.ofMinutes(15)).toString())
                .contains("as it was from 21 min to 11 min ago");
        assertThat(orders.explainPast(Duration.ofMinutes(5)).toString())
                .contains("(nothing is remembered of 5 min ago: ");
    }

    @Test
    void nowAndWhatHasHeldSinceAreTheSame() {
        Service orders = nightWithAnOutage();
        assertThat(orders.explainPast(Duration.ZERO).toString())
                .isEqualTo(orders.explain().toString());
        assertThat(orders.explainPast(Duration.ofMinutes(20)).toString())
                .isEqualTo(orders.explain().toString());
        assertThatThrownBy(() -> orders.explainPast(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("explainPast: PT-1S ago (expected: >= 0)");
    }

    @Test
    void aServiceThatNothingHappensToRemembersNothing() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        keepInUse(orders, 60);
        assertThat(orders.explain().before()).hasSizeLessThanOrEqualTo(2);
    }

    @Test
    void theAgeOfWhatIsKeptIsToldHoweverLongAgoItWasFound() {
        world.local.says(World.found(LOCAL));
        world.clusterset.says(World.found("10.1.0.1:80"));
        Service orders = world.orders();
        world.pass(1_000);
        world.local.says(World.servfail());
        keepInUse(orders, 90);
        assertThat(orders.explain().toString())
                .containsPattern("SERVFAIL from 10.96.0.10, stale endpoints kept, found 1 h 30 min ago");
    }

    @Test
    void theDocumentSaysWhatTheTextSays() {
        Service orders = nightWithAnOutage();
        Map<String, Object> document =
                orders.explainPast(Duration.ofMinutes(35)).document();
        assertThat(document)
                .containsEntry("service", "orders")
                .containsEntry("namespace", "shop")
                .containsEntry("load", Map.of("local", 0, "clusterset", 100))
                .containsKeys("tiers", "notes", "next", "recent", "before", "settings");
        assertThat(document.get("tiers"))
                .asInstanceOf(InstanceOfAssertFactories.list(Map.class))
                .first()
                .asInstanceOf(InstanceOfAssertFactories.map(String.class, Object.class))
                .containsEntry("reason", "0 of 2 healthy (connection refused)")
                .containsEntry("outcome", "found")
                .containsEntry("stale", false)
                .containsEntry("panic", false);
    }

    @Test
    void aFlappingHomeDoesNotPushTheNightOut() {
        Service orders = nightWithAnOutage();
        IntStream.range(0, 200).forEach(i -> {
            world.local.says(i % 2 == 0 ? World.empty() : World.found(LOCAL));
            world.pass(200);
        });
        assertThat(orders.explain().before()).hasSizeLessThanOrEqualTo(32);
    }
}
