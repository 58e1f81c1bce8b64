package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process ends, another begins, and DNS is dead or silent. */
class WarmStartTest extends SnapshotDirectory {

    @Test
    void whatWasFoundBeforeTheRestartIsThereAtOnce() throws Exception {
        lived("a", "10.0.0.1:80", "10.0.0.2:80");
        time.advance(Duration.ofMinutes(12));
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.heard).hasSize(1);
        Resolution answer = next.latest();
        assertThat(answer).isInstanceOf(Resolution.Unknown.class);
        assertThat(answer.stale()).isTrue();
        assertThat(answer.freshFor()).isZero();
        assertThat(answer.endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80", "10.0.0.2:80"));
        assertThat(answer.evidence().detail()).isEqualTo("from before the restart, found 12 min ago");
        assertThat(next.told).isEmpty();
    }

    @Test
    void whoWatchesBeforeTheFileIsReadHearsWhatIsInIt() throws Exception {
        lived("a", "10.0.0.1:80");
        Queue<Runnable> background = new ArrayDeque<>();
        Life next = life().id("b").background(background::add).begin().watching(Life.ORDERS);
        assertThat(next.heard).isEmpty();
        next.watching(Life.CARTS);
        background.remove().run();
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        assertThat(next.asked(Life.ORDERS)).isTrue();
        assertThat(next.asked(Life.CARTS)).isTrue();
    }

    @Test
    void unknownIsNotToldWhileTheFileIsRead() throws Exception {
        lived("a", "10.0.0.1:80");
        Queue<Runnable> background = new ArrayDeque<>();
        Life next = life().id("b").background(background::add).begin();
        next.watching(Life.ORDERS).watching(Life.CARTS);
        time.advance(Duration.ofMillis(100));
        next.hearing(Life.ORDERS, Life.servfail());
        next.watching(Life.ORDERS); // a second one
        next.hearing(Life.CARTS, Life.servfail());
        assertThat(next.heard).isEmpty();
        background.remove().run();
        assertThat(next.heard).hasSize(3);
        assertThat(next.heard.get(0).endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        assertThat(next.heard.get(1).endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
        assertThat(next.heard.get(2).evidence().detail()).isEqualTo("SERVFAIL"); // carts
    }

    @Test
    void aFileThatIsNotReadInTimeHoldsNobodyUp() throws Exception {
        lived("a", "10.0.0.1:80");
        Queue<Runnable> background = new ArrayDeque<>();
        Life next = life().id("b").background(background::add).begin();
        next.watching(Life.ORDERS);
        assertThat(next.asked(Life.ORDERS)).isFalse();
        time.advance(Duration.ofMillis(100));
        assertThat(next.asked(Life.ORDERS)).isTrue();
        next.hearing(Life.ORDERS, Life.servfail());
        time.advance(Duration.ofMillis(299));
        assertThat(next.heard).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(next.latest().evidence().detail()).isEqualTo("SERVFAIL");
        background.remove().run();
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
    }

    @Test
    void whatIsFoundMeanwhileIsNewer() throws Exception {
        lived("a", "10.0.0.1:80");
        Queue<Runnable> background = new ArrayDeque<>();
        Life next = life().id("b").background(background::add).begin();
        next.watching(Life.ORDERS).watching(Life.CARTS);
        time.advance(Duration.ofMillis(100));
        next.hearing(Life.ORDERS, Life.found("10.0.0.9:80")).hearing(Life.CARTS, Life.empty());
        background.remove().run();
        assertThat(next.heard).hasSize(2);
        assertThat(next.heard.get(0).endpoints()).isEqualTo(Life.endpoints("10.0.0.9:80"));
    }

    @Test
    void theFirstRealAnswerIsBelievedAtOnce() throws Exception {
        lived("a", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        Life next = life().id("b").begin().watching(Life.ORDERS);
        next.hearing(Life.ORDERS, Life.servfail());
        assertThat(next.latest().endpoints()).hasSize(4);
        next.hearing(Life.ORDERS, Life.found("10.0.0.9:80"));
        assertThat(next.confirmed).isZero();
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.9:80"));
        assertThat(next.latest().stale()).isFalse();
    }

    @Test
    void aRealNothingIsBelievedAtOnceToo() throws Exception {
        lived("a", "10.0.0.1:80");
        Life next = life().id("b").begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.empty());
        assertThat(next.confirmed).isZero();
        assertThat(next.latest().word()).isEqualTo("empty");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:80, 1439, true", // one address, as of a VIP
        "10.0.0.1:80, 1441, false",
        "10.0.0.1:80 [fd00::1]:80, 1439, true", // one of each family
        "10.0.0.1:80 10.0.0.2:80, 59, true",
        "10.0.0.1:80 10.0.0.2:80, 61, false",
    })
    void podsAreBroughtBackForAnHourAndVipsForADay(String endpoints, long minutes, boolean back) throws Exception {
        Path file = lived("a", endpoints.split(" "));
        time.advance(Duration.ofMinutes(minutes));
        date(file);
        Life next = life().id("b").begin().watching(Life.ORDERS);
        assertThat(next.heard).hasSize(back ? 1 : 0);
    }

    @Test
    void whatNobodyAskedForSinceTheRestartGrowsTooOldAsWell() throws Exception {
        lived("a", "10.0.0.1:80", "10.0.0.2:80");
        Life next = life().id("b").begin();
        time.advance(Duration.ofMinutes(61));
        next.watching(Life.ORDERS);
        assertThat(next.heard).isEmpty();
    }

    @Test
    void staleForHoldsOverARestart() throws Exception {
        lived("a", "10.0.0.1:80");
        time.advance(Duration.ofMinutes(10));
        CacheOptions short1 =
                CacheOptions.builder().staleFor(Duration.ofMinutes(9)).build();
        assertThat(life().id("b").options(short1).begin().watching(Life.ORDERS).heard)
                .isEmpty();
    }

    @Test
    void whatIsNotConfirmedKeepsItsDateOverTheNextRestart() throws Exception {
        lived("a", "10.0.0.1:80", "10.0.0.2:80");
        time.advance(Duration.ofMinutes(40));
        Life second = life().id("b").begin().watching(Life.CARTS).hearing(Life.CARTS, Life.found("10.0.1.1:80"));
        second.end();
        Files.delete(directory.resolve("discovery-16ebd43f-a.snapshot"));
        time.advance(Duration.ofMinutes(15));
        date(written("b"));
        Life third = life().id("c").begin().watching(Life.ORDERS);
        assertThat(third.latest().evidence().detail()).isEqualTo("from before the restart, found 55 min ago");
        third.end();
    }

    @Test
    void addressesThatTodaysSettingsForbidAreLeftOut() throws Exception {
        lived("a", "10.0.0.1:80", "127.0.0.1:80");
        Life next = life().id("b")
                .allowed(endpoint -> !endpoint.address().isLoopbackAddress())
                .begin()
                .watching(Life.ORDERS);
        assertThat(next.latest().endpoints()).isEqualTo(Life.endpoints("10.0.0.1:80"));
    }

    @Test
    void ofTwoProcessesFilesTheNewestAnswerWins() throws Exception {
        lived("a", "10.0.0.1:80");
        time.advance(Duration.ofMinutes(1));
        Life second = life().id("b").begin();
        second.watching(Life.CARTS).hearing(Life.CARTS, Life.found("10.0.1.1:80"));
        second.watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.9:80"));
        second.end();
        time.advance(Duration.ofMinutes(1));
        date(written("a")); // the older one looks newer
        Life next = life().id("c").begin().watching(Life.ORDERS).watching(Life.CARTS);
        assertThat(next.heard)
                .extracting(Resolution::endpoints)
                .containsExactly(Life.endpoints("10.0.0.9:80"), Life.endpoints("10.0.1.1:80"));
    }

    @Test
    void whatWasSaidToBeGoneDoesNotComeBackFromAnOlderFile() throws Exception {
        lived("a", "10.0.0.1:80");
        time.advance(Duration.ofMinutes(1));
        life().id("b")
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.empty())
                .end();
        assertThat(life().id("c").begin().watching(Life.ORDERS).heard).isEmpty();
        assertThat(Life.files(directory)).hasSize(2);
    }

    @Test
    void whatWasNeverThereIsNotWritten() throws Exception {
        life().id("a")
                .begin()
                .watching(Life.ORDERS)
                .hearing(Life.ORDERS, Life.empty())
                .end();
        assertThat(writes).hasValue(0);
    }

    @Test
    void theFirstWriteComesSoonAndTheNextHalfAMinuteLater() throws Exception {
        Life one = life().begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofMillis(1_999));
        assertThat(writes).hasValue(0);
        time.advance(Duration.ofMillis(1));
        assertThat(writes).hasValue(1);
        for (int second = 0; second < 300; second++) {
            one.hearing(Life.ORDERS, Life.found("10.0.0." + (second % 200 + 2) + ":80"));
            one.hearing(Life.ORDERS, Life.found("10.0.0." + (second % 200 + 2) + ":80")); // confirmed
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(writes).hasValue(11);
        time.advance(A_WHILE);
        assertThat(writes).hasValue(11);
        date(written("a"));
        assertThat(life().id("b").begin().watching(Life.ORDERS).latest().endpoints())
                .isEqualTo(one.latest().endpoints());
    }

    @Test
    void nothingIsWrittenWhenNothingIsNew() throws Exception {
        Life one = life().begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80", "10.0.0.2:80"));
        time.advance(A_WHILE);
        one.hearing(Life.ORDERS, Life.servfail());
        time.advance(Duration.ofHours(1));
        one.end();
        assertThat(writes).hasValue(1);
    }

    @Test
    void whatIsOnlyFoundAgainIsWrittenRarely() throws Exception {
        Life one = life().begin().watching(Life.ORDERS);
        for (int minute = 0; minute < 60; minute++) {
            boolean even = minute % 2 == 0; // servers shuffle
            one.hearing(
                    Life.ORDERS,
                    even ? Life.found("10.0.0.1:80", "10.0.0.2:80") : Life.found("10.0.0.2:80", "10.0.0.1:80"));
            time.advance(Duration.ofMinutes(1));
        }
        assertThat(writes).hasValue(12);
        date(written("a"));
        assertThat(life().id("b").begin().watching(Life.ORDERS).heard).hasSize(1);
    }

    @Test
    void closingWritesWhatIsNew() throws Exception {
        lived("a", "10.0.0.1:80");
        assertThat(writes).hasValue(1);
        assertThat(time.pending()).isZero();
    }

    @Test
    void closingTwiceWritesOnce() throws Exception {
        Life one = life().begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        one.end();
        one.end();
        assertThat(writes).hasValue(1);
    }

    /** The fastest of three: a machine that stands still meanwhile is nobody's fault. */
    @Test
    void closingDoesNotWaitForADiskThatHangs() throws Exception {
        Duration fastest = Duration.ofDays(1);
        for (int i = 0; i < 3; i++) {
            directory = parent.resolve("snapshots-" + i);
            Duration took = closingWhileTheDiskHangs();
            assertThat(took).isGreaterThan(Duration.ofMillis(490));
            fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        assertThat(fastest).isLessThan(Duration.ofMillis(900));
    }

    private Duration closingWhileTheDiskHangs() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (DaemonScheduler background = new DaemonScheduler("test-snapshots")) {
            Life one = life().background(background)
                    .disk((file, octets) -> awaitThat(release))
                    .begin();
            CompletableFuture.runAsync(() -> {}, background).join(); // files are read, so that the source is asked
            one.watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
            long began = Ticker.system().nanos();
            one.end();
            Duration took = Duration.ofNanos(Ticker.system().nanos() - began);
            assertThat(one.told)
                    .containsExactly(
                            "snapshots in " + directory + ": not written at the end (it took longer than 500 ms)");
            release.countDown();
            return took;
        }
    }

    private static void awaitThat(CountDownLatch release) throws IOException {
        try {
            release.await();
        } catch (InterruptedException closed) {
            throw new IOException(closed);
        }
    }

    @Test
    void aServiceThatRestsBeforeItIsConfirmedIsStillUnconfirmed() throws Exception {
        lived("a", "10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80");
        Life next = life().id("b").begin();
        next.cache.watch(Life.ORDERS, next.heard::add).close();
        next.watching(Life.ORDERS);
        assertThat(next.latest().evidence().detail()).startsWith("from before the restart");
        next.hearing(Life.ORDERS, Life.found("10.0.0.9:80"));
        assertThat(next.confirmed).isZero();
        assertThat(Optional.of(next.latest().endpoints())).contains(Life.endpoints("10.0.0.9:80"));
    }

    @Test
    void whoMovesTakesNothingOfTheOldClusterAlong() throws Exception {
        Life.Builder moving = life();
        Life one = moving.begin().watching(Life.ORDERS).hearing(Life.ORDERS, Life.found("10.0.0.1:80"));
        time.advance(Duration.ofSeconds(31));
        moving.cluster("10.97.0.10");
        one.watching(Life.CARTS).hearing(Life.CARTS, Life.found("10.1.0.1:80")).end();
        Life two = life().id("b")
                .cluster("10.97.0.10")
                .begin()
                .watching(Life.ORDERS)
                .watching(Life.CARTS);
        assertThat(two.heard).singleElement().asString().contains("10.1.0.1");
    }
}
