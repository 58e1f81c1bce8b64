package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Viewers are told what changed, soon and not too often, and without viewers nobody looks. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class FeedTest {

    private static final Pattern EVENT = Pattern.compile("event: (\\w+)\ndata: (\\{[^\n]*\\})\n\n");

    private final World world = new World();
    private final List<String> looks = new ArrayList<>();
    private final Feed feed =
            new Feed(world.time, world.time, new Lookout(world.time), name -> counted(name, world.page.looks(name)));
    private Duration cost = Duration.ZERO;

    private Look counted(String name, Look look) {
        return new Look() {
            @Override
            public Parts look() {
                looks.add(name);
                world.time.advance(cost);
                return look.look();
            }

            @Override
            public long now() {
                return look.now();
            }
        };
    }

    private Viewer viewer(String... service) {
        return feed.join(List.of(service).stream().findFirst()).orElseThrow();
    }

    /** What one message says. */
    private record Message(Optional<Told> ofOverview, Optional<Told> ofService) {

        Told overview() {
            return ofOverview.orElseThrow();
        }

        Told service() {
            return ofService.orElseThrow();
        }
    }

    private static Message next(Viewer viewer) throws InterruptedException {
        String text = viewer.next().orElseThrow();
        assertThat(EVENT.matcher(text).replaceAll("")).isEmpty();
        return new Message(told(text, "overview"), told(text, "service"));
    }

    private static Optional<Told> told(String text, String kind) {
        return EVENT.matcher(text)
                .results()
                .filter(event -> event.group(1).equals(kind))
                .map(event -> Told.of(event.group(2)))
                .findFirst();
    }

    @Test
    void aViewerIsToldAllAtFirstAndThenWhatChanged() throws Exception {
        try (world;
                feed) {
            Service orders = world.warm();
            Viewer viewer = viewer("orders.shop");
            Message first = next(viewer);
            assertThat(first.overview().whole()).isTrue();
            assertThat(first.service().whole()).isTrue();
            assertThat(first.service().set()).containsKey("endpoint:clusterset 10.1.0.1:80");

            world.down.add(Endpoint.parse("10.0.0.1:80").socketAddress());
            world.calls(orders);
            Told then = next(viewer).service();
            assertThat(then.whole()).isFalse();
            assertThat(then.set())
                    .containsKeys("endpoint:local 10.0.0.1:80", "tier:local", "tier:clusterset")
                    .as("unchanged: it has all it had")
                    .doesNotContainKey("tier:dr");
            assertThat(then.part("endpoint:local 10.0.0.1:80")).containsEntry("verdict", "unhealthy");
        }
    }

    /** A thousand endpoints and one that changes: one is told. */
    @Test
    void onlyTheEndpointThatChangedIsTold() throws Exception {
        try (world;
                feed) {
            world.local.says(World.found(IntStream.range(0, 1_000)
                    .mapToObj(i -> Endpoint.parse("10.2." + i / 250 + "." + (1 + i % 250) + ":80"))));
            Service orders = world.warm();
            Viewer viewer = viewer("orders.shop");
            assertThat(next(viewer).service().set().keySet().stream().filter(name -> name.startsWith("endpoint:local")))
                    .hasSize(1_000);
            Endpoint next = orders.endpoints().get(0);
            orders.next().succeeded();
            world.pass(300);

            Told told = next(viewer).service();
            assertThat(told.set().keySet().stream().filter(name -> name.startsWith("endpoint:")))
                    .hasSizeBetween(1, 2);
            assertThat(next.tier()).isEqualTo("local");
        }
    }

    @Test
    void whatIsThereNoMoreIsSaid() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer viewer = viewer("orders.shop");
            next(viewer);
            world.local.says(World.found(Stream.of("10.0.0.1:80", "10.0.0.3:80").map(Endpoint::parse)));
            world.pass(1_000);

            Told told = next(viewer).service();
            assertThat(told.gone().stream().map(String::valueOf)).containsExactly("endpoint:local 10.0.0.2:80");
            assertThat(told.set()).containsKey("endpoint:local 10.0.0.3:80");
        }
    }

    /** Whoever is cut off hears nothing, and knows by that; and a clock that stood still in a sleep is set again. */
    @Test
    void whenNothingChangesTheTimeIsTold() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer viewer = viewer("orders.shop");
            next(viewer);
            world.pass(9_000);
            next(viewer);
            world.pass(10_000);

            Message beat = next(viewer);
            assertThat(beat.overview().whole()).isFalse();
            assertThat(beat.overview().set()).isEmpty();
            assertThat(beat.overview().gone()).isEmpty();
            assertThat(List.of(beat.overview().now(), beat.service().now()))
                    .containsOnly(world.time.nanos() / Units.MILLI);
        }
    }

    /** However much happens meanwhile, whoever reads slowly is told how it is now, once. */
    @Test
    void whoReadsSlowlyIsToldOnce() throws Exception {
        try (world;
                feed) {
            Service orders = world.warm();
            Viewer viewer = viewer();
            next(viewer);
            world.outage(orders);
            world.down.clear();
            world.pass(15_000);
            world.outage(orders);
            assertThat(next(viewer).overview().part("service:orders.shop"))
                    .containsEntry("serves", "clusterset")
                    .containsEntry("failovers", 1);
            world.pass(10_000);

            assertThat(next(viewer).overview().set())
                    .as("the time, since nothing is left to say")
                    .isEmpty();
        }
    }

    @Test
    void nobodyLooksWhileNobodyViews() throws Exception {
        try (world;
                feed) {
            world.warm();
            world.pass(10_000);
            assertThat(looks).isEmpty();

            Viewer viewer = viewer("orders.shop");
            next(viewer);
            world.pass(1_000);
            assertThat(looks).as("ten times a second, and once to begin with").hasSize(22);
            viewer.close();
            looks.clear();
            world.pass(10_000);
            assertThat(looks).isEmpty();
        }
    }

    @Test
    void aServiceThatNobodyViewsAnyMoreIsNotLookedAtForTheOthers() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer stays = viewer();
            Viewer leaves = viewer("orders.shop");
            next(stays);
            next(leaves);
            leaves.close();
            looks.clear();
            world.pass(500);

            assertThat(looks).containsOnly(Feed.OVERVIEW).hasSize(5);
        }
    }

    /** A look that takes 20 ms is taken once a second: 2 % of a core, whatever there is to look at. */
    @Test
    void whatCostsMuchIsLookedAtSeldom() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer viewer = viewer();
            next(viewer);
            cost = Duration.ofMillis(20);
            world.pass(5_000);
            looks.clear();
            world.pass(10_200);

            assertThat(looks.size()).isBetween(9, 11);
            cost = Duration.ofSeconds(2);
            world.pass(60_000);
            looks.clear();
            world.pass(36_000);
            assertThat(looks).as("ten seconds are the longest").hasSize(3);
        }
    }

    /** What is remembered of before it left may be of some seconds ago. */
    @Test
    void whoComesBackIsToldHowItIsNow() throws Exception {
        try (world;
                feed) {
            Service orders = world.warm();
            Viewer viewer = viewer();
            assertThat(next(viewer).overview().part("service:orders.shop")).containsEntry("serves", "local");
            viewer.close();
            world.outage(orders);

            assertThat(next(viewer()).overview().part("service:orders.shop")).containsEntry("serves", "clusterset");
        }
    }

    /** One that leaves and comes back before the next look would otherwise begin a second row of them. */
    @Test
    void whoComesAndGoesDoesNotHaveMoreLooksTaken() throws Exception {
        try (world;
                feed) {
            world.warm();
            for (int i = 0; i < 5; i++) {
                viewer().close();
            }
            next(viewer());
            looks.clear();
            world.pass(1_000);

            assertThat(looks).hasSize(10);
        }
    }

    /** A look that has begun can't be cancelled: it waits for its turn, and finds another viewer than the one it was for. */
    @Test
    void aLookThatBeganBeforeTheLastViewerLeftDoesNotGoOnBesideTheNextOnes() throws Exception {
        try (world;
                Feed late = new Feed(
                        world.time,
                        (delay, task) -> {
                            world.time.schedule(delay, task);
                            return () -> {}; // too late
                        },
                        new Lookout(world.time),
                        name -> counted(name, world.page.looks(name)))) {
            world.warm();
            for (int i = 0; i < 5; i++) {
                late.join(Optional.empty()).orElseThrow().close();
            }
            Viewer viewer = late.join(Optional.empty()).orElseThrow();
            next(viewer);
            looks.clear();
            world.pass(1_000);

            assertThat(looks).hasSize(10);
            viewer.close();
        }
    }

    /** On a busy machine a look may have to wait for its turn. */
    @Test
    void aLookThatTookLongOnceIsNoReasonToLookSeldom() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer viewer = viewer();
            next(viewer);
            world.pass(1_000);
            cost = Duration.ofSeconds(1);
            world.pass(100);
            cost = Duration.ZERO;
            looks.clear();
            world.pass(1_000);

            assertThat(looks).hasSize(10);
        }
    }

    @Test
    void manyViewersCostOneLook() throws Exception {
        try (world;
                feed) {
            world.warm();
            for (int i = 0; i < Feed.MOST_VIEWERS; i++) {
                next(viewer("orders.shop"));
            }
            looks.clear();
            world.pass(100);

            assertThat(looks).containsExactlyInAnyOrder(Feed.OVERVIEW, "orders.shop");
            assertThat(feed.join(Optional.empty())).as("no room").isEmpty();
        }
    }

    @Test
    void aServiceThatComesToRestIsSaidToRest() throws Exception {
        try (world;
                feed) {
            world.warm();
            Viewer viewer = viewer("orders.shop");
            next(viewer);
            world.pass(21 * 60_000);

            assertThat(next(viewer).service().part("service")).containsEntry("rests", true);
            world.warm();
            assertThat(next(viewer).service().set()).containsKey("endpoint:local 10.0.0.1:80");
        }
    }

    @Test
    void afterAnythingThatALookThrowsTheNextOneIsTaken() throws Exception {
        try (world) {
            List<String> taken = new ArrayList<>();
            Feed failing = new Feed(world.time, world.time, new Lookout(world.time), name -> new Look() {
                @Override
                public Parts look() {
                    taken.add(name);
                    if (taken.size() == 2) {
                        throw new IllegalStateException("a bug of ours");
                    }
                    return new Parts(Map.of("n", String.valueOf(taken.size())));
                }

                @Override
                public long now() {
                    return 0;
                }
            });
            Viewer viewer = failing.join(Optional.empty()).orElseThrow();
            next(viewer);
            try {
                world.pass(100);
            } catch (IllegalStateException ofTheSchedulersThread) {
                assertThat(ofTheSchedulersThread).hasMessage("a bug of ours");
            }
            world.pass(200);

            assertThat(taken).hasSizeGreaterThan(2);
            failing.close();
        }
    }

    /** A bug of ours that one service brings to light is no reason to tell nothing of the others. */
    @Test
    void aLookThatFailsTakesNothingFromTheOthers() throws Exception {
        List<String> failures = new ArrayList<>();
        try (world;
                Feed failing = new Feed(
                        world.time,
                        (delay, task) -> world.time.schedule(delay, () -> {
                            try {
                                task.run();
                            } catch (IllegalStateException ofOurs) {
                                failures.add(String.valueOf(ofOurs.getMessage()));
                            }
                        }),
                        new Lookout(world.time),
                        name -> name.equals(Feed.OVERVIEW) ? world.page.looks(name) : failing(name))) {
            Service orders = world.warm();
            Viewer viewer = failing.join(Optional.of("orders.shop")).orElseThrow();
            assertThat(next(viewer).ofService()).isEmpty();
            world.outage(orders);

            assertThat(next(viewer).overview().part("service:orders.shop")).containsEntry("serves", "clusterset");
            assertThat(failures).isNotEmpty().containsOnly("orders.shop: a bug of ours");
        }
    }

    private static Look failing(String name) {
        return new Look() {
            @Override
            public Parts look() {
                throw new IllegalStateException(name + ": a bug of ours");
            }

            @Override
            public long now() {
                return 0;
            }
        };
    }

    /** It may be megabytes. */
    @Test
    void whatTheLastViewerSawIsForgotten() throws Exception {
        Lookout lookout = new Lookout(world.time);
        try (world;
                Feed alone = new Feed(world.time, world.time, lookout, world.page::looks)) {
            world.warm();
            Viewer viewer = alone.join(Optional.of("orders.shop")).orElseThrow();
            next(viewer);
            world.pass(60_000);
            viewer.close();
            world.pass(Lookout.REMEMBERED.toMillis());
            assertThat(lookout.remembered())
                    .as("who comes back soon is told at once")
                    .isEqualTo(2);
            world.pass(1_000);

            assertThat(lookout.remembered()).isZero();
        }
    }

    @Test
    void closingEndsViewersAndLooks() throws Exception {
        try (world) {
            world.warm();
            int tasks = world.time.pending();
            Viewer viewer = viewer();
            next(viewer);
            feed.close();

            assertThat(viewer.next()).isEmpty();
            assertThat(feed.join(Optional.empty())).isEmpty();
            assertThat(feed.viewers()).isZero();
            assertThat(world.time.pending()).isEqualTo(tasks);
        }
    }
}
