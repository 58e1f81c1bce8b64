package io.clusterset.discovery.kubernetes;

import static io.clusterset.discovery.kubernetes.MemoryServer.BROKEN;
import static io.clusterset.discovery.kubernetes.MemoryServer.CLEAN;
import static io.clusterset.discovery.kubernetes.MemoryServer.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One list and watch, and what can become of it. */
final class ReflectorTest {

    private final Bench bench = new Bench();
    private final MemoryServer server = bench.server;
    private final Reflector<EndpointSlice> reflector = bench.reflector("shop");

    @AfterEach
    void nothingWasThrown() {
        assertThat(bench.thrown).isEmpty();
    }

    private void sync() {
        server.slice("shop", "orders-a", "orders", "10.0.0.1");
        bench.start(reflector);
        assertThat(reflector.state()).isEqualTo(new Reflector.State(true, true, Optional.empty()));
    }

    private List<String> names() {
        return reflector.of("shop").stream().map(Item::name).toList();
    }

    @Test
    void itListsWhatIsCachedAndWatchesFromThere() {
        sync();

        assertThat(names()).containsExactly("orders-a");
        assertThat(server.requests).hasSize(2);
        assertThat(server.requests.get(0))
                .isEqualTo("/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?limit=500&resourceVersion=0");
        assertThat(server.requests.get(1)).contains("watch=1", "allowWatchBookmarks=true", "resourceVersion=101");
        int seconds = Integer.parseInt(
                MemoryServer.parameter(server.requests.get(1), "timeoutSeconds").orElseThrow());
        assertThat(seconds).isBetween(300, 600);
    }

    @Test
    void changesAreToldToThoseTheyConcern() {
        List<String> told = new ArrayList<>();
        sync();
        reflector.add("shop", () -> told.add("shop"));
        reflector.add("bank", () -> told.add("bank"));

        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        assertThat(names()).containsExactly("orders-a", "orders-b");
        server.delete("endpointslices", "shop", "orders-a");
        assertThat(names()).containsExactly("orders-b");
        assertThat(told).containsExactly("shop", "shop");
    }

    /** F55. */
    @Test
    void aListThatFailsOnItsThirdPageTakesNothingAway() {
        for (int i = 0; i < 10; i++) {
            server.slice("shop", "orders-" + i, "orders", "10.0.0." + i);
        }
        sync();
        server.compact();
        server.pages(3);
        server.refuse(path -> path.contains("continue=6") ? Optional.of(refused(500)) : Optional.empty());
        server.only().end(BROKEN);
        server.delete("endpointslices", "shop", "orders-1");
        server.compact();
        bench.seconds(20);
        assertThat(server.asked("continue=6")).isGreaterThan(1);
        assertThat(names()).hasSize(11).contains("orders-1");

        server.refuseNothing();
        bench.seconds(60);
        assertThat(names()).hasSize(10).doesNotContain("orders-1");
        assertThat(reflector.state().alive()).isTrue();
    }

    /** F55. */
    @Test
    void pagesThatExpireAreFetchedAllAtOnceThen() {
        for (int i = 0; i < 10; i++) {
            server.slice("shop", "orders-" + i, "orders", "10.0.0." + i);
        }
        server.pages(3);
        server.refuse(path -> path.contains("continue=6") ? Optional.of(refused(410)) : Optional.empty());
        bench.start(reflector);
        bench.seconds(1);

        assertThat(names()).hasSize(10);
        assertThat(server.asked("?limit=0")).isOne();
        assertThat(server.requests).noneMatch(path -> path.contains("limit=0&"));
    }

    @Test
    void duplicatesAndLateChangesChangeNothing() {
        sync();
        MemoryServer.Stream watch = server.only();
        List<String> lines = new ArrayList<>();
        server.delivery = all -> {
            lines.addAll(all);
            return List.of();
        };
        server.slice("shop", "orders-b", "orders", "10.0.0.2"); // 102
        server.slice("shop", "orders-b", "orders", "10.0.0.3"); // 103
        server.delete("endpointslices", "shop", "orders-a"); // 104
        server.slice("shop", "orders-c", "orders", "10.0.0.4"); // 105
        server.delete("endpointslices", "shop", "orders-c"); // 106

        for (int i : new int[] {4, 1, 3, 0, 2, 3, 0, 1}) {
            watch.say(lines.get(i));
        }
        assertThat(Bench.known(reflector, "shop")).isEqualTo(server.truth("endpointslices"));
        assertThat(names()).containsExactly("orders-b");
    }

    @Test
    void aDeletionOfAnEarlierObjectOfTheNameIsPassedOver() {
        sync();
        server.only()
                .say("{\"type\":\"DELETED\",\"object\":{\"metadata\":{\"namespace\":\"shop\",\"name\":\"orders-a\","
                        + "\"resourceVersion\":\"99\"}}}");

        assertThat(names()).containsExactly("orders-a");
    }

    @Test
    void aWatchThatEndsAsItShouldIsOpenedAnewAtOnceFromTheLastVersion() {
        sync();
        server.slice("shop", "orders-b", "orders", "10.0.0.2"); // 102
        server.slice("bank", "other", "other", "10.0.0.9"); // 103
        server.bookmark();
        bench.seconds(2);
        server.only().end(CLEAN);

        assertThat(server.lists()).isOne();
        assertThat(server.last()).contains("watch=1").contains("resourceVersion=103");
        assertThat(reflector.state().alive()).isTrue();
    }

    @Test
    void aWatchThatEndsAtOnceIsOpenedEverMoreRarely() {
        sync();
        for (int i = 0; i < 60; i++) {
            server.endAll(CLEAN);
            bench.seconds(1);
        }
        assertThat(server.watches()).isBetween(4L, 9L);
        assertThat(server.lists()).isOne();
    }

    @Test
    void aBrokenWatchIsOpenedAnewAfterABackoffWhichALongLifeForgets() {
        sync();
        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        for (int i = 0; i < 6; i++) {
            bench.seconds(40);
            server.only().end(BROKEN);
        }
        bench.seconds(20);
        assertThat(server.open()).isEmpty(); // 25.6 s by now, less a fifth at most
        bench.seconds(20);
        bench.seconds(121);
        server.only().end(BROKEN);
        assertThat(server.open()).isEmpty();
        bench.seconds(0.96);
        assertThat(server.open()).hasSize(1);
        assertThat(server.lists()).isOne();
    }

    /** F53. */
    @Test
    void aVersionThatIsTooOldMeansOneListInHalfAMinute() {
        sync();
        bench.seconds(10);
        server.refuse(path -> path.contains("watch=1") ? Optional.of(refused(410)) : Optional.empty());
        server.only().say(MemoryServer.GONE_LINE);
        server.delete("endpointslices", "shop", "orders-a");
        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        bench.seconds(5);
        assertThat(names()).containsExactly("orders-b"); // converged
        assertThat(server.asked("limit=500")).isEqualTo(2);
        assertThat(server.requests)
                .filteredOn(path -> path.endsWith("limit=500"))
                .hasSize(1); // of what is so now

        bench.seconds(295);
        assertThat(server.lists()).isBetween(8L, 12L);
        server.refuseNothing();
        bench.seconds(31);
        assertThat(reflector.state().alive()).isTrue();
    }

    @Test
    void aServerThatIsBehindIsAskedForWhatItHas() {
        sync();
        bench.seconds(10);
        server.refuse(path -> path.contains("NotOlderThan")
                ? Optional.of(
                        new Answer.Refused(504, "Timeout: Too large resource version: 9, current: 8", Optional.empty()))
                : Optional.empty());
        server.only().say("no json");
        bench.seconds(2);

        assertThat(server.requests)
                .filteredOn(path -> path.endsWith("?limit=500"))
                .hasSize(1);
        assertThat(reflector.state().alive()).isTrue();
    }

    /** F54, R30. */
    @Test
    void aWatchThatSaysNothingForTenMinutesIsRebuilt() {
        sync();
        MemoryServer.Stream first = server.only();
        int timeout = Integer.parseInt(
                MemoryServer.parameter(first.path, "timeoutSeconds").orElseThrow());
        server.delivery = lines -> List.of(); // stalled
        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        bench.seconds(Math.min(600, timeout + 10) - 1);
        assertThat(first.open).isTrue();
        bench.seconds(3);

        assertThat(first.open).isFalse();
        assertThat(server.lists()).isEqualTo(2);
        assertThat(server.requests)
                .anyMatch(path -> path.contains("resourceVersion=101&resourceVersionMatch=NotOlderThan"));
        assertThat(names()).containsExactly("orders-a", "orders-b");
    }

    /** F54, R30. */
    @Test
    void tenMinutesOfSilenceAreEnoughForAWatchThatHasLongerToLive() {
        for (long seed = 0; seed < 1_000; seed++) {
            Bench patient = new Bench(seed);
            Reflector<EndpointSlice> one = patient.reflector("shop");
            patient.start(one);
            String path = patient.server.only().path;
            if (Integer.parseInt(MemoryServer.parameter(path, "timeoutSeconds").orElseThrow()) >= 595) {
                patient.seconds(599.9);
                assertThat(one.state().alive()).isTrue();
                patient.seconds(0.2);
                assertThat(one.state().trouble()).contains(new Answer.Silent("a watch that said nothing for 600 s"));
                return;
            }
        }
        throw new AssertionError("no such watch");
    }

    /** F54, R30. */
    @Test
    void whereBookmarksComeAMuteWatchIsNoticedSooner() {
        sync();
        bench.seconds(60);
        server.bookmark();
        MemoryServer.Stream first = server.only();
        bench.seconds(149);
        assertThat(first.open).isTrue();
        bench.seconds(3);

        assertThat(first.open).isFalse();
        assertThat(server.open()).hasSize(1);
    }

    @Test
    void aWatchThatHearsSomethingNowAndThenLivesToItsEnd() {
        sync();
        MemoryServer.Stream first = server.only();
        for (int i = 0; i < 290; i += 60) {
            server.bookmark();
            bench.seconds(58);
        }
        assertThat(first.open).isTrue();
        assertThat(server.lists()).isOne();
    }

    @Test
    void aRequestThatIsNeverAnsweredIsNoWatch() {
        sync();
        server.mute(true);
        bench.seconds(2);
        server.only().end(CLEAN);
        bench.seconds(11);
        assertThat(reflector.state().trouble()).contains(new Answer.Silent("no answer in 10 s"));
        server.mute(false);
        bench.seconds(13);
        assertThat(reflector.state().alive()).isTrue();
    }

    @Test
    void refreshFindsAWatchThatLies() {
        sync();
        bench.seconds(6);
        MemoryServer.Stream first = server.only();
        server.delivery = lines -> List.of();
        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        List<String> done = new ArrayList<>();
        bench.serial.execute(() -> reflector.refresh(() -> done.add("done")));

        assertThat(done).hasSize(1);
        assertThat(names()).containsExactly("orders-a", "orders-b");
        assertThat(first.open).isFalse();
        assertThat(server.only().path).contains("resourceVersion=102");
    }

    @Test
    void refreshLeavesAWatchThatTellsTheTruthAndAsksAtMostOnceInFiveSeconds() {
        sync();
        List<String> done = new ArrayList<>();
        bench.serial.execute(() -> reflector.refresh(() -> done.add("too soon")));
        assertThat(server.lists()).isOne();
        bench.seconds(6);
        MemoryServer.Stream first = server.only();
        bench.serial.execute(() -> reflector.refresh(() -> done.add("listed")));
        bench.serial.execute(() -> reflector.refresh(() -> done.add("too soon")));

        assertThat(done).containsExactly("too soon", "listed", "too soon");
        assertThat(server.lists()).isEqualTo(2);
        assertThat(first.open).isTrue();
    }

    private long listsOfRefreshing(int seconds) {
        long before = server.lists();
        int[] done = {0};
        for (int i = 0; i < seconds; i++) {
            bench.seconds(1);
            bench.serial.execute(() -> reflector.refresh(() -> done[0]++));
        }
        assertThat(done[0]).isEqualTo(seconds);
        return server.lists() - before;
    }

    @Test
    void refreshesThatFindNothingNewAreEverFartherApart() {
        sync();
        assertThat(listsOfRefreshing(290)).isBetween(5L, 7L); // 5, 10, 20, 40, 80, 160 s
        long last = 0;
        for (int i = 0; i < 40; i++) {
            server.endAll(CLEAN);
            long more = listsOfRefreshing(90);
            last += i < 20 ? 0 : more;
        }
        assertThat(last).isBetween(5L, 8L); // half an hour, 4 to 6 minutes apart

        server.slice("shop", "orders-b", "orders", "10.0.0.2");
        assertThat(listsOfRefreshing(18)).isEqualTo(2);
    }

    @Test
    void aListThatFindsSomethingNewBringsRefreshesNearAgain() {
        sync();
        listsOfRefreshing(290);
        server.endAll(CLEAN);
        server.delivery = lines -> List.of();
        server.slice("shop", "orders-b", "orders", "10.0.0.3");
        while (server.lists() < 100 && names().size() == 1) {
            listsOfRefreshing(1);
        }
        assertThat(listsOfRefreshing(18)).isEqualTo(2);
    }

    @Test
    void whoWaitsForARefreshThatIsRefusedMeanwhileLeavesTheLine() {
        sync();
        bench.seconds(10);
        server.refuseAll(refused(500));
        Reflector<EndpointSlice> other = bench.reflector("shop");
        bench.start(other);
        List<String> done = new ArrayList<>();
        bench.serial.execute(() -> reflector.refresh(() -> done.add("done")));
        assertThat(done).hasSize(1);
        server.refuseNothing();
        server.requests.clear();
        bench.seconds(35);
        assertThat(other.state().alive()).isTrue();
        assertThat(server.lists()).isOne();
    }

    @Test
    void whatIsRefusedIsSaidAndAskedSeldom() {
        server.refuseAll(refused(403));
        bench.start(reflector);
        assertThat(reflector.state().trouble()).contains(refused(403));
        bench.seconds(299);
        assertThat(server.requests).hasSize(1);
        server.refuseNothing();
        bench.seconds(62);
        assertThat(reflector.state().alive()).isTrue();
    }

    @Test
    void whatWasKnownStaysWhileNothingIsHeard() {
        sync();
        server.refuseAll(refused(503));
        server.endAll(BROKEN);
        bench.advance(Duration.ofHours(1));

        assertThat(names()).containsExactly("orders-a");
        assertThat(reflector.state()).isEqualTo(new Reflector.State(true, false, Optional.of(refused(503))));
    }

    @Test
    void whenItEndsNothingIsLeft() {
        sync();
        bench.serial.execute(reflector::end);

        assertThat(server.open()).isEmpty();
        assertThat(bench.time.pending()).isZero();
    }

    @Test
    void whenItEndsWhileItListsTheNextOneIsLetIn() {
        server.hang();
        List<Reflector<EndpointSlice>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            all.add(bench.reflector("ns" + i));
            bench.start(all.get(i));
        }
        assertThat(server.requests).hasSize(3);
        bench.serial.execute(all.get(0)::end);

        assertThat(server.requests).hasSize(4);
    }
}
