package io.clusterset.discovery.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Anything may happen: endpoints die and live, sources find, lose, forget and go blind, calls go on. What must hold all the
 * time is held against a model that knows nothing but who is up and what each source last said.
 */
class RandomStoriesTest {

    private static final int STORIES = 300;
    private static final Duration LONG = Duration.ofMinutes(4);

    @Test
    void whateverHappensNoCallFailsThatSomebodyCouldHaveServed() {
        for (int seed = 0; seed < STORIES; seed++) {
            new Story(seed).run();
        }
    }

    @Test
    void theSameSeedTellsTheSameStory() {
        for (int seed = 0; seed < 10; seed++) {
            List<String> once = new Story(seed).run();
            assertThat(new Story(seed).run()).isEqualTo(once).hasSizeGreaterThan(10);
            assertThat(new Story(seed + STORIES).run()).isNotEqualTo(once);
        }
    }

    /** One client's minutes. */
    private static final class Story {
        private static final int MOST_ATTEMPTS = 10; // more than there are endpoints
        private static final long SETTLED = 101; // milliseconds: rebuilds are at most so far apart

        private final int seed;
        private final Random random;
        private final Ground ground = new Ground();
        private final List<String> pool;
        private final Client client;
        private final boolean softly; // whether endpoints may also answer with errors, which no model can foresee
        private final Map<Script, Map<InetSocketAddress, Long>> known =
                new HashMap<>(); // who was last named, since when

        Story(int seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.softly = seed % 3 == 0;
            List<String> homes = Ground.home(1 + random.nextInt(4));
            List<String> aways = Ground.away(1 + random.nextInt(4));
            this.pool = Stream.concat(homes.stream(), aways.stream()).toList();
            this.client = new Client(ground, seed);
            says(client.home, Script.found(homes));
            says(client.away, Script.found(aways));
        }

        List<String> run() {
            while (ground.millis() < LONG.toMillis()) {
                if (random.nextInt(20) == 0) {
                    happen();
                }
                call();
                ground.passMillis(random.nextInt(200));
            }
            everythingIsMended();
            client.close();
            assertThat(client.splits()).as("seed %d", seed).allSatisfy(this::holds);
            assertThat(client.events).as("seed %d", seed).noneMatch(Story::isInternal);
            return client.events.stream()
                    .map(moment -> moment.millis() + " " + moment.event())
                    .toList();
        }

        private static boolean isInternal(Client.Moment moment) {
            return moment.event() instanceof Event.Trouble
                    && moment.event().toString().contains("internal");
        }

        private void happen() {
            Script source = random.nextBoolean() ? client.home : client.away;
            switch (random.nextInt(9)) {
                case 0, 1 -> ground.turn(some(), Ground.State.REFUSING);
                case 2 -> ground.turn(some(), Ground.State.SILENT);
                case 3, 4 -> ground.turn(some(), Ground.State.UP);
                case 5 -> ground.turn(some(), softly ? Ground.State.FAILING : Ground.State.UP);
                case 6 -> says(source, Script.unknown());
                case 7 -> says(source, random.nextBoolean() ? Script.empty() : Script.noSuchName());
                default -> says(source, Script.found(some()));
            }
        }

        /** At least one of all endpoints, whichever tier they began in. */
        private List<String> some() {
            List<String> some = new ArrayList<>(pool);
            some.removeIf(endpoint -> random.nextBoolean());
            return some.isEmpty() ? List.of(pool.get(random.nextInt(pool.size()))) : some;
        }

        private void says(Script source, Resolution answer) {
            if (!(answer instanceof Resolution.Unknown)) { // which changes nothing that is known
                Map<InetSocketAddress, Long> before = known.getOrDefault(source, Map.of());
                Map<InetSocketAddress, Long> now = new HashMap<>();
                for (Endpoint endpoint : answer.endpoints()) {
                    InetSocketAddress address = endpoint.socketAddress();
                    now.put(address, before.getOrDefault(address, ground.millis()));
                }
                known.put(source, now);
            }
            source.says(answer);
        }

        private boolean somebodyCould() {
            return known.values().stream()
                    .flatMap(endpoints -> endpoints.entrySet().stream())
                    .anyMatch(endpoint -> ground.millis() - endpoint.getValue() >= SETTLED
                            && ground.state(endpoint.getKey()) == Ground.State.UP);
        }

        private void call() {
            boolean could = somebodyCould();
            long bad = pool.stream()
                    .filter(endpoint -> ground.state(endpoint) != Ground.State.UP)
                    .count();
            Call call =
                    random.nextBoolean() ? Call.idempotent() : Call.idempotent().attempts(MOST_ATTEMPTS);
            boolean served = client.call(call).isPresent();
            if (could && !softly && bad < call.attempts() && !served) {
                fail("seed %d, at %d ms: %s", seed, ground.millis(), client.orders.explain());
            }
        }

        private void holds(Client.Split split) {
            int sum = split.loads().stream().mapToInt(TierLoad::percent).sum();
            assertThat(sum).as(split.toString()).isIn(0, 100);
            assertThat(split.loads())
                    .as(split.toString())
                    .noneMatch(tier -> tier.health() == 0 && tier.percent() > 0 && !tier.panic());
            boolean anybody = split.loads().stream().anyMatch(tier -> tier.health() > 0);
            assertThat(!anybody || sum == 100).as(split.toString()).isTrue();
        }

        /** However it went, home has all of its traffic again: the longest dwell, the steps and two probes later at most. */
        private void everythingIsMended() {
            ground.turn(pool, Ground.State.UP);
            says(client.home, Script.found(pool.subList(0, 1)));
            says(client.away, Script.found(pool.subList(1, pool.size())));
            int patience = softly ? 15 * 60 : 6 * 60 + 60 + 15;
            for (int seconds = 0; seconds < patience && client.homeLoad() < 100; seconds++) {
                client.call();
                ground.passMillis(1_000);
            }
            if (client.homeLoad() < 100) {
                fail("seed %d: %s", seed, client.orders.explain());
            }
        }
    }
}
