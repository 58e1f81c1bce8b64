package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JoinTest {

    private static final Tier LOCAL = Tier.of("local", "cluster.local");
    private static final Tier CLUSTERSET = Tier.of("clusterset", "clusterset.local");

    private static Join join() {
        return new Join(Port.unspecified(), 80, new Places());
    }

    private static List<Endpoint> endpoints(int from, int to) {
        return IntStream.range(from, to).mapToObj(JoinTest::endpoint).toList();
    }

    private static Endpoint endpoint(int n) {
        return Endpoint.parse("10." + n / 65_536 + "." + n / 256 % 256 + "." + n % 256 + ":1")
                .withPort(0)
                .withLocality(new Locality("", "zone-" + n % 3, ""));
    }

    private static List<Decider.Known> known(List<Endpoint> local, List<Endpoint> clusterset) {
        return List.of(known(LOCAL, local), known(CLUSTERSET, clusterset));
    }

    private static Decider.Known known(Tier tier, List<Endpoint> endpoints) {
        Resolution answer = endpoints.isEmpty()
                ? new Resolution.Empty(Duration.ZERO, Evidence.NONE)
                : new Resolution.Found(endpoints, Duration.ZERO, Evidence.NONE);
        return new Decider.Known(tier, answer, 0, 0, List.of(), 0);
    }

    private static List<TierView> views(Join join, List<Decider.Known> tiers) {
        return join.views(tiers, one -> one.answer().endpoints());
    }

    /** Whatever changes from view to view: it comes to what somebody sees who had never looked before. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void aViewDoesNotDependOnTheViewsBefore(long seed) {
        Random random = new Random(seed);
        Join lasting = join();
        List<Endpoint> local = new ArrayList<>(endpoints(0, random.nextInt(60)));
        List<Endpoint> clusterset = new ArrayList<>(endpoints(40, 40 + random.nextInt(60)));
        for (int round = 0; round < 400; round++) {
            edit(random.nextBoolean() ? local : clusterset, random);
            List<Decider.Known> tiers = known(local, clusterset);
            assertThat(views(lasting, tiers)).as("round " + round).isEqualTo(views(join(), tiers));
        }
    }

    private static void edit(List<Endpoint> list, Random random) {
        switch (random.nextInt(6)) {
            case 0 -> Collections.shuffle(list, random);
            case 1 -> list.addAll(endpoints(random.nextInt(80), 80 + random.nextInt(20)));
            case 2 -> list.subList(random.nextInt(list.size() + 1), list.size()).clear();
            case 3 -> list.add(random.nextInt(list.size() + 1), endpoint(random.nextInt(200)));
            case 4 -> {
                if (!list.isEmpty()) {
                    list.set(random.nextInt(list.size()), endpoint(random.nextInt(200)));
                }
            }
            default -> {} // asked again, said the same
        }
    }

    @Test
    void whatStaysIsTheSameObject() {
        Join join = join();
        List<Endpoint> before =
                views(join, known(endpoints(0, 50), List.of())).get(0).endpoints();
        List<Endpoint> answer = new ArrayList<>(endpoints(0, 50));
        answer.set(20, endpoint(99));
        answer.add(endpoint(98));
        List<Endpoint> after = views(join, known(answer, List.of())).get(0).endpoints();
        assertThat(after).hasSize(51);
        for (int i = 0; i < 50; i++) {
            if (i != 20) {
                assertThat(after.get(i)).isSameAs(before.get(i));
            }
        }
    }

    @Test
    void oneTooManyIsCutThoughOnlyItIsNew() {
        Join join = join();
        views(join, known(endpoints(0, 10_000), List.of()));
        TierView view = views(join, known(endpoints(0, 10_001), List.of())).get(0);
        assertThat(view.endpoints()).hasSize(10_000);
        assertThat(view.dropped()).hasSize(1).allMatch(dropped -> dropped.rule().equals(Join.TOO_MANY));
    }
}
