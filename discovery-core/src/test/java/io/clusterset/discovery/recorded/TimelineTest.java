package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource.Effort;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The recorded timelines through the cache: what is known at any time, and that nothing known is lost to a blind server. */
class TimelineTest {

    private static final Question QUESTION = Row.question("orders.shop.svc.cluster.local");
    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration LIFE_BEFORE = Duration.ofSeconds(10);
    private static final List<String> DB = List.of("10.244.3.1:80", "10.244.3.2:80", "10.244.3.3:80");
    private static final List<String> MC_DB =
            List.of("10.244.7.1:80", "10.244.7.2:80", "10.245.7.1:80", "10.245.7.2:80");

    private final ManualTime time = new ManualTime();
    private final List<Resolution> told = new ArrayList<>();
    private final List<Throwable> troubles = new ArrayList<>();
    private final SerialExecutor serial = new SerialExecutor(Runnable::run, troubles::add);

    @AfterEach
    void nothingBroke() {
        assertThat(troubles).isEmpty();
    }

    private Playback watch(Playback.Server server) {
        Playback playback = new Playback(time, server);
        new CachingSource(playback, CacheOptions::defaults, time, time, serial, new Random(1))
                .watch(QUESTION, told::add);
        return playback;
    }

    /** The DNS servers are replaced at {@link #LIFE_BEFORE}: until then they knew these. */
    private Playback watchAfter(List<String> before, Timeline timeline) {
        String[] known =
                before.stream().map(known80 -> known80.replace(":80", "")).toArray(String[]::new);
        return watch((now, effort) -> now.compareTo(LIFE_BEFORE) < 0
                ? Timeline.found(Duration.ofSeconds(5), known)
                : timeline.at(now.minus(LIFE_BEFORE)));
    }

    private Resolution latest() {
        return told.get(told.size() - 1);
    }

    private List<String> known() {
        return latest().endpoints().stream().map(Endpoint::authority).sorted().toList();
    }

    private void pass(Duration duration, Runnable always) {
        for (Duration left = duration; left.compareTo(Duration.ZERO) > 0; left = left.minus(STEP)) {
            time.advance(STEP);
            always.run();
        }
    }

    private static List<String> authorities(Resolution resolution) {
        return resolution.endpoints().stream().map(Endpoint::authority).sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"raw", "kubeadm", "default"})
    void whatIsKnownFollowsTheServerWithinATimeToLive(String server) {
        Timeline timeline = Timeline.of(
                "endpoint becomes not ready, then a new one joins", server + " roll.demo.svc.cluster.local A");
        watch((now, effort) -> timeline.at(now));
        pass(timeline.end().plus(timeline.ttl()), () -> {
            Duration now = Duration.ofNanos(time.nanos());
            Duration earliest = now.minus(timeline.ttl());
            List<List<String>> recently = new ArrayList<>(List.of(authorities(timeline.at(earliest))));
            timeline.changes().subMap(earliest, false, now, true).keySet().stream()
                    .map(at -> authorities(timeline.at(at)))
                    .forEach(recently::add);
            assertThat(recently).contains(known());
        });
        assertThat(known()).isEqualTo(authorities(timeline.at(timeline.end())));
    }

    @ParameterizedTest
    @CsvSource({
        "all endpoints become not ready, raw roll.demo.svc.cluster.local A, 35143",
        "all endpoints become not ready, default roll.demo.svc.cluster.local A, 48950"
    })
    void endpointsThatAreBackAreKnownWithinFiveSeconds(String title, String probe, long backAt) {
        Timeline timeline = Timeline.of(title + ", then ready again", probe);
        watch((now, effort) -> timeline.at(now));
        pass(Duration.ofMillis(backAt), () -> {});
        assertThat(known()).isEmpty();
        pass(Duration.ofMillis(5_100), () -> {});
        assertThat(known()).containsExactly("10.244.30.1:80", "10.244.30.3:80");
    }

    @Test
    void aNameThatIsAskedForBeforeItExistsIsKnownFiveSecondsAfterItDoes() {
        Timeline timeline = Timeline.of(
                "service asked for before it exists, created, deleted", "raw later.demo.svc.cluster.local A");
        watch((now, effort) -> timeline.at(now));
        pass(Duration.ofMillis(2_200 + 5_100), () -> {});
        assertThat(known()).containsExactly("10.244.30.11:80");
    }

    @Test
    void anAnswerThatWouldDropAllThatIsKnownIsConfirmedBeforeItIsTold() {
        Timeline timeline =
                Timeline.of("all endpoints become not ready, then ready again", "raw roll.demo.svc.cluster.local A");
        Playback playback = watch((now, effort) -> timeline.at(now));
        pass(Duration.ofSeconds(30), () -> {});
        assertThat(known()).isEmpty();
        assertThat(playback.efforts.stream().filter(Effort.CONFIRM::equals)).hasSize(1);
        assertThat(told.stream().map(Resolution::word).distinct()).containsExactly("found", "no-such-name");
    }

    @Test
    void anApiServerThatIsAwayChangesNothing() {
        for (String probe : List.of("raw db.demo.svc.cluster.local A", "default db.demo.svc.cluster.local A")) {
            Timeline timeline = Timeline.of("API server stops under running servers", probe);
            watch((now, effort) -> timeline.at(now));
        }
        pass(Duration.ofMinutes(1), () -> assertThat(known()).isEqualTo(DB));
        assertThat(told).allMatch(answer -> answer.word().equals("found"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "fresh-external", "fresh-cached"})
    void aServerThatStartsWithoutTheApiServerLosesNothing(String server) {
        String title = "DNS servers started while the API server is away";
        Timeline local = Timeline.of(title, server + " db.demo.svc.cluster.local A");
        watchAfter(DB, local);
        pass(LIFE_BEFORE.plus(local.end()), () -> assertThat(known()).isEqualTo(DB));
        assertThat(told).extracting(Resolution::word).contains("unknown");
        pass(Duration.ofSeconds(36), () -> assertThat(known()).isEqualTo(DB)); // the longest wait between two retries
        assertThat(latest().word()).isEqualTo("found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "fresh-external", "fresh-cached"})
    void theSameGoesForTheClusterSet(String server) {
        String title = "DNS servers started while the API server is away";
        Timeline remote = Timeline.of(title, server + " mc-db.demo.svc.clusterset.local A");
        watchAfter(MC_DB, remote);
        pass(
                LIFE_BEFORE.plus(remote.end()).plusSeconds(36),
                () -> assertThat(known()).isEqualTo(MC_DB));
        assertThat(latest().word()).isEqualTo("found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"fresh", "fresh-external", "fresh-cached"})
    void aColdClientKnowsWithinSixSecondsOfTheFirstAnswer(String server) {
        String title = "DNS servers started while the API server is away";
        Timeline timeline = Timeline.of(title, server + " db.demo.svc.cluster.local A");
        watch((now, effort) -> timeline.at(now));
        pass(timeline.end(), () -> assertThat(known()).isEmpty());
        pass(Duration.ofSeconds(6), () -> {});
        assertThat(known()).isEqualTo(DB);
    }

    @ParameterizedTest
    @CsvSource({
        "DNS server stops (TERM), fresh db.demo.svc.cluster.local A, no lameduck",
        "DNS server stops (TERM) with health lameduck 5s, default db.demo.svc.cluster.local A,"
    })
    void aServerThatStopsLosesNothing(String title, String probe, String rest) {
        Timeline timeline = Timeline.of(rest == null ? title : title + ", " + rest, probe);
        watchAfter(DB, timeline);
        pass(LIFE_BEFORE.plusMinutes(10), () -> assertThat(known()).isEqualTo(DB));
    }

    @ParameterizedTest
    @CsvSource({
        "forbidden db.demo.svc.cluster.local A, cluster",
        "noslicerights db.demo.svc.cluster.local A, cluster",
        "noslicerights-external db.demo.svc.cluster.local A, cluster",
        "forbidden mc-db.demo.svc.clusterset.local A, clusterset",
        "noimportrights mc-db.demo.svc.clusterset.local A, clusterset",
        "noslicerights mc-db.demo.svc.clusterset.local A, clusterset"
    })
    void aServerThatIsReplacedByOneWithoutRightsLosesNothingForADay(String probe, String zone) {
        List<String> before = zone.equals("cluster") ? DB : MC_DB;
        watchAfter(before, Timeline.of("DNS servers whose account lacks rights", probe));
        pass(Duration.ofMinutes(5), () -> assertThat(known()).isEqualTo(before));
        time.advance(Duration.ofHours(23));
        assertThat(known()).isEqualTo(before);
        assertThat(latest().stale()).isTrue();
    }

    @Test
    void aServerWithoutTheRightToSlicesSaysNoSuchNameAndIsAskedTwice() {
        Playback playback = watchAfter(
                MC_DB,
                Timeline.of(
                        "DNS servers whose account lacks rights",
                        "noslicerights-external mc-db.demo.svc.clusterset.local A"));
        pass(Duration.ofMinutes(1), () -> {});
        assertThat(playback.efforts).contains(Effort.CONFIRM);
    }

    // A store that is filled half gives half the endpoints and no sign of it: no timeline shows it, since nobody caught
    // it.

    @ParameterizedTest
    @CsvSource({
        "NOERROR 6 [10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6], 6",
        "NOERROR 2 [10.0.0.1 10.0.0.2], 2",
        "SERVFAIL 0 [], 6",
        "NXDOMAIN 0 [], 0"
    })
    void aHalfFilledStoreIsBelievedIfAnotherServerSaysTheSame(String confirmation, int left) {
        Duration ttl = Duration.ofSeconds(30);
        Resolution all = Timeline.resolution("NOERROR 6 [10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4 10.0.0.5 10.0.0.6]", ttl);
        Resolution half = Timeline.found(ttl, "10.0.0.1", "10.0.0.2");
        Playback playback = watch((now, effort) -> {
            if (effort == Effort.CONFIRM) {
                return Timeline.resolution(confirmation, ttl);
            }
            return now.compareTo(LIFE_BEFORE) < 0 ? all : half;
        });
        pass(Duration.ofSeconds(28), () -> {});
        assertThat(playback.efforts).startsWith(Effort.NORMAL, Effort.NORMAL, Effort.CONFIRM);
        assertThat(known()).hasSize(left);
    }

    @Test
    void halfOfTheEndpointsMayGoUnconfirmed() {
        Duration ttl = Duration.ofSeconds(30);
        Playback playback = watch((now, effort) -> now.compareTo(LIFE_BEFORE) < 0
                ? Timeline.found(ttl, "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4")
                : Timeline.found(ttl, "10.0.0.1", "10.0.0.2"));
        pass(Duration.ofSeconds(28), () -> {});
        assertThat(known()).hasSize(2);
        assertThat(playback.efforts).doesNotContain(Effort.CONFIRM);
    }

    // Lighthouse gives one address an answer, in turn.

    @Test
    void addressesThatComeOneAtATimeAddUpAndExpireUnseen() {
        int[] answers = {0};
        boolean[] westIsGone = {false};
        watch((now, effort) -> {
            List<String> turn =
                    westIsGone[0] ? List.of("10.1.0.1", "10.2.0.1") : List.of("10.1.0.1", "10.2.0.1", "10.3.0.1");
            return Timeline.found(Duration.ofSeconds(5), turn.get(answers[0]++ % turn.size()));
        });
        pass(Duration.ofSeconds(30), () -> {});
        assertThat(known()).containsExactly("10.1.0.1:80", "10.2.0.1:80", "10.3.0.1:80");
        pass(Duration.ofMinutes(2), () -> assertThat(known()).hasSize(3));
        westIsGone[0] = true;
        pass(Duration.ofSeconds(40), () -> assertThat(known()).hasSize(3)); // seen at most a turn before: 15 s
        pass(Duration.ofSeconds(40), () -> {});
        assertThat(known()).containsExactly("10.1.0.1:80", "10.2.0.1:80");
    }

    @Test
    void manyAddressesOneAtATimeAreAllKnownInTheEnd() {
        int[] answers = {0};
        watch((now, effort) -> Timeline.found(Duration.ofSeconds(5), "10.1.0." + (answers[0]++ % 8 + 1)));
        pass(Duration.ofMinutes(1), () -> {});
        assertThat(new TreeSet<>(known()))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 8)
                        .mapToObj(i -> "10.1.0." + i + ":80")
                        .toList());
        assertThat(Stream.of(latest()).map(Resolution::word)).containsExactly("found");
    }
}
