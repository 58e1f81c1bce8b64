package io.clusterset.discovery.recorded;

import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.Transport;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.SerialExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What follows for a client from how the servers answer, where it is not a row of one of the tables. */
class ImplicationsTest {

    private static final String WEB = "web.demo.svc.cluster.local";

    private static Replay web() {
        Replay replay = new Replay();
        Row.recorded("clusterip-0001", "clusterip-0002").accept(replay);
        return replay;
    }

    @Test
    void eachFamilyIsAskedOnASocketOfItsOwnUnderAnIdOfItsOwn() throws Exception {
        try (Replay replay = web()) {
            replay.resolve(Row.question(WEB));
            var sent = replay.dns.questions();
            assertThat(sent).extracting(q -> q.type()).containsExactlyInAnyOrder(A, AAAA);
            assertThat(sent).extracting(q -> q.from().getPort()).doesNotHaveDuplicates();
            assertThat(sent).extracting(q -> q.id()).doesNotHaveDuplicates();
        }
    }

    @Test
    void edns1232IsOfferedOverUdp() throws Exception {
        try (Replay replay = web()) {
            replay.resolve(Row.question(WEB));
            assertThat(replay.dns.questions())
                    .allMatch(q -> q.transport() == Transport.UDP && q.hasEdns() && q.payloadSize() == 1232);
        }
    }

    @Test
    void noAnswerIsRememberedBelowTheLibrarysOwnCache() throws Exception {
        Question question = Row.question(WEB);
        try (Replay replay = web()) {
            replay.resolve(question);
            replay.askAgain(question);
            replay.await(question);
            assertThat(replay.dns.questions()).hasSize(4);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8500, 0x8100, 0x8180, 0x8580, 0x85b0})
    void flagsOtherThanTruncationProveNothing(int flags) throws Exception {
        try (Replay replay = web()) {
            byte[] wire = Recordings.get("clusterip-0001").wire();
            wire[2] = (byte) (flags >> 8);
            wire[3] = (byte) flags;
            replay.dns.on(WEB, A).raw(wire);
            Expected.found("10.96.10.1:0").freshFor(30).check("flags " + flags, replay.resolve(Row.question(WEB)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"headless-0154", "headless-0122"})
    void noSuchNameAndNothingLeaveTheSameEndpointsNone(String id) throws Exception {
        Recording recording = Recordings.get(id);
        try (Replay replay = new Replay()) {
            replay.script(recording);
            replay.dns
                    .on(recording.asked(), recording.type().equals("A") ? AAAA : A)
                    .raw(recordedFor(recording));
            Resolution resolution = replay.resolve(Row.question(recording.asked()));
            assertThat(resolution.endpoints()).isEmpty();
            assertThat(resolution.stale()).isFalse();
            assertThat(resolution.word()).isIn("empty", "no-such-name");
        }
    }

    /** The same answer to the other family: in a question of 4 octets less or more nothing else changes. */
    private static byte[] recordedFor(Recording recording) {
        byte[] wire = recording.wire();
        int end = 12;
        while (wire[end] != 0) {
            end += wire[end] + 1;
        }
        wire[end + 2] = (byte) (wire[end + 2] == 1 ? 28 : 1);
        return wire;
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "5, 5", "30, 30", "2147483647, 60", "2147483648, 60", "4294967295, 60"})
    void ttlIsHonouredWithinOneSecondAndOneMinute(long ttl, long believed) throws Exception {
        ManualTime time = new ManualTime();
        SerialExecutor serial = new SerialExecutor(Runnable::run, thrown -> {
            throw new AssertionError(thrown);
        });
        BlockingQueue<Resolution> answers = new ArrayBlockingQueue<>(10);
        try (Replay replay = new Replay()) {
            replay.dns.service(WEB, Duration.ofSeconds(ttl), "10.0.0.1");
            CachingSource cache =
                    new CachingSource(replay.source(), CacheOptions::defaults, time, time, serial, new Random(1));
            cache.watch(Row.question(WEB), answers::add);
            Resolution answer = answers.poll(30, TimeUnit.SECONDS);
            assertThat(Stream.ofNullable(answer).map(Resolution::word)).containsExactly("found");
            assertThat(Stream.ofNullable(answer).map(Resolution::freshFor))
                    .isEqualTo(List.of(Duration.ofSeconds(believed)));
            cache.close();
        }
    }
}
