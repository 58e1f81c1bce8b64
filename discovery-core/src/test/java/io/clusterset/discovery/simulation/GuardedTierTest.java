package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ten clients lose a home whose stand-in can carry 30 % of their calls: it must not be taken down with it. */
class GuardedTierTest {

    private static final int CLIENTS = 10;
    private static final int CALLS_A_SECOND = 20; // each
    private static final int MAX_LOAD = 30;
    private static final int CAPACITY = CLIENTS * CALLS_A_SECOND * MAX_LOAD / 100;
    private static final int WARM_SECONDS = 10;
    private static final int GRACE_SECONDS = 5;
    private static final int SECONDS = 60;

    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final Ground ground = new Ground();
    private final List<String> home = Ground.home(5);
    private final List<String> away = Ground.away(5);
    private final List<CompletableFuture<String>> calls = new ArrayList<>();
    private final Map<Long, Integer> attemptsAway = new HashMap<>(); // by the second they began in
    private final Map<Integer, Integer> served = new HashMap<>(); // by the second the call began in
    private final List<Failure> failures = new ArrayList<>(); // of calls that began after the grace

    @ParameterizedTest
    @EnumSource(
            value = Ground.State.class,
            names = {"REFUSING", "SILENT"})
    void whatStandsInIsOfferedWhatItCanCarryAndTheRestFailsAtOnceAndSaysWhy(Ground.State how) {
        run(how, Ground.State.UP);
        assertNeverMoreThanItCanCarry();
        for (int second = GRACE_SECONDS; second < SECONDS; second++) {
            assertThat(served.get(second)).as("in second %d", second).isGreaterThanOrEqualTo(CAPACITY * 90 / 100);
        }
        assertThat(failures).isNotEmpty().allSatisfy(failure -> {
            assertThat(failure.millis()).isZero();
            assertThat(failure.why())
                    .isInstanceOf(NoEndpointException.class)
                    .hasMessageContaining("call shed, no tier may take more")
                    .hasMessageContaining("max-load 30 %");
        });
    }

    /** Retries are load too. */
    @ParameterizedTest
    @EnumSource(
            value = Ground.State.class,
            names = {"REFUSING", "FAILING"})
    void itIsNotOfferedMoreEvenIfSomeOfItFailsToo(Ground.State how) {
        run(Ground.State.REFUSING, how);
        assertNeverMoreThanItCanCarry();
    }

    private void assertNeverMoreThanItCanCarry() {
        for (long second = WARM_SECONDS + GRACE_SECONDS; second < WARM_SECONDS + SECONDS; second++) {
            assertThat(attemptsAway.get(second)).as("in second %d", second).isBetween(1, CAPACITY * 110 / 100);
        }
    }

    private void run(Ground.State homeTurns, Ground.State awayTurns) {
        Random story = new Random(5);
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Client client = new Client(
                    ground,
                    story.nextLong(),
                    Tier.of(Client.AWAY, "clusterset.local").withMaxLoad(MAX_LOAD));
            client.home.says(Script.found(home));
            client.away.says(Script.found(away));
            clients.add(client);
        }
        everybodyCalls(clients, Duration.ofSeconds(WARM_SECONDS), story, -1);
        assertThat(attemptsAway).isEmpty();
        ground.turn(home, homeTurns);
        ground.turn(away.subList(0, 2), awayTurns);
        for (int second = 0; second < SECONDS; second++) {
            everybodyCalls(clients, Duration.ofSeconds(1), story, second);
        }
        ground.pass(DEADLINE);
        assertThat(calls).allMatch(CompletableFuture::isDone);
        clients.forEach(Client::close);
    }

    /** Evenly, in another order each time; nobody waits for another's answer. */
    private void everybodyCalls(List<Client> clients, Duration time, Random story, int second) {
        long ends = ground.millis() + time.toMillis();
        List<Client> order = new ArrayList<>(clients);
        while (ground.millis() < ends) {
            Collections.shuffle(order, story);
            for (Client client : order) {
                call(client, second);
                ground.passMillis(1_000 / CALLS_A_SECOND / CLIENTS);
            }
        }
    }

    private void call(Client client, int second) {
        long began = ground.millis();
        calls.add(client.orders
                .callAsync(Call.idempotent().deadline(DEADLINE), endpoint -> {
                    if (endpoint.tier().equals(Client.AWAY)) {
                        attemptsAway.merge(ground.millis() / 1_000, 1, Integer::sum);
                    }
                    return ground.callAsync(endpoint);
                })
                .whenComplete((tier, failure) -> {
                    if (failure == null) {
                        served.merge(second, 1, Integer::sum);
                    } else if (second >= GRACE_SECONDS) {
                        failures.add(new Failure(ground.millis() - began, failure));
                    }
                }));
    }

    /**
     * A call that failed.
     *
     * @param millis how long it took
     * @param why with what
     */
    private record Failure(long millis, Throwable why) {}
}
