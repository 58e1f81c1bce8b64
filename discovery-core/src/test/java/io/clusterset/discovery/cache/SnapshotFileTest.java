package io.clusterset.discovery.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Question;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SnapshotFileTest {

    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

    private static Remembered line(int number, Endpoint... endpoints) {
        Question question = new Question("local", "s" + number + ".shop", "", Optional.empty());
        return new Remembered("dns", question, List.of(endpoints), NOW.minusSeconds(number));
    }

    private static SnapshotFile file(Remembered... lines) {
        return new SnapshotFile(NOW, List.of("10.96.0.10", "west"), List.of(lines));
    }

    private static SnapshotFile small() {
        Endpoint a = Endpoint.parse("10.0.0.1:80").withLabels(Map.of("track", "canary"));
        return file(
                line(1, a, Endpoint.parse("[fd00::1]:443").withWeight(7)), line(2, Endpoint.parse("10.0.0.2:0080")));
    }

    private static SnapshotFile again(SnapshotFile file) throws UnusableSnapshot {
        return SnapshotFile.read(file.octets());
    }

    @Test
    void everythingAnEndpointSaysComesBack() throws Exception {
        byte[] linkLocal = new byte[16];
        linkLocal[0] = (byte) 0xfe;
        linkLocal[1] = (byte) 0x80;
        linkLocal[15] = 1;
        Endpoint scoped = Endpoint.of(Inet6Address.getByAddress(null, linkLocal, 3), 8080);
        Endpoint all = Endpoint.parse("[fd00::1]:65535")
                .withTier("local")
                .withCluster("west")
                .withLocality(new Locality("eu", "eu-1", "node-7"))
                .withLabels(Map.of("track", "canary", "größe", "\u0000\n"))
                .withCondition(Condition.SERVING_TERMINATING)
                .withHints(new Hints(Set.of("eu-1", "eu-2"), Set.of("node-7")))
                .withTraffic(Traffic.PREFER_SAME_NODE)
                .withWeight(Endpoint.MAX_WEIGHT)
                .withPriority(65_535);
        Endpoint bare = Endpoint.parse("10.0.0.1:80").withPort(0).withWeight(0);

        SnapshotFile file = file(line(1, all, bare, scoped, all.withPort(1)));

        assertThat(again(file)).isEqualTo(file);
        assertThat(again(file).lines().get(0).endpoints().get(2).address()).isEqualTo(scoped.address());
    }

    @ParameterizedTest
    @EnumSource(Condition.class)
    void eachConditionComesBack(Condition condition) throws Exception {
        SnapshotFile file = file(line(1, Endpoint.parse("10.0.0.1:80").withCondition(condition)));
        assertThat(again(file)).isEqualTo(file);
    }

    @ParameterizedTest
    @EnumSource(Traffic.class)
    void eachTrafficComesBack(Traffic traffic) throws Exception {
        SnapshotFile file = file(line(1, Endpoint.parse("10.0.0.1:80").withTraffic(traffic)));
        assertThat(again(file)).isEqualTo(file);
    }

    @Test
    void everythingAQuestionSaysComesBack() throws Exception {
        Question all = new Question(
                "dr",
                "orders.shop.svc.cluster.local",
                "cluster.local",
                Optional.of(new Port.Named("http", Port.Protocol.UDP)),
                List.of(new InetSocketAddress("10.96.0.10", 53), new InetSocketAddress("fd00::a", 5353)),
                Optional.of(new Port.Number(8080)));
        SnapshotFile file = file(new Remembered("kubernetes", all, List.of(Endpoint.parse("10.0.0.1:80")), NOW));
        assertThat(again(file)).isEqualTo(file);
    }

    @Test
    void nothingComesBackAsNothing() throws Exception {
        SnapshotFile file = new SnapshotFile(NOW, List.of(), List.of());
        assertThat(again(file)).isEqualTo(file);
    }

    @Test
    void whatIsTruncatedAnywhereIsWorthless() {
        ByteBuffer octets = small().octets();
        for (int length = 0; length < octets.limit(); length++) {
            ByteBuffer part = octets.duplicate().limit(length);
            assertThatThrownBy(() -> SnapshotFile.read(part))
                    .as("%d octets", length)
                    .isInstanceOfSatisfying(
                            UnusableSnapshot.class,
                            unusable -> assertThat(unusable.isWorthless()).isTrue());
        }
    }

    @Test
    void aFlippedBitAnywhereIsNoticed() {
        byte[] octets = small().octets().array();
        for (int bit = 0; bit < octets.length * Byte.SIZE; bit++) {
            byte[] flipped = octets.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));
            assertThatThrownBy(() -> SnapshotFile.read(ByteBuffer.wrap(flipped)))
                    .as("bit %d", bit)
                    .isInstanceOf(UnusableSnapshot.class);
        }
    }

    @Test
    void aNewerVersionIsLeftToThoseWhoKnowIt() {
        ByteBuffer octets = small().octets();
        octets.putShort(8, (short) 2);
        assertThatThrownBy(() -> SnapshotFile.read(octets))
                .hasMessage("version 2 (expected: at most 1)")
                .isInstanceOfSatisfying(
                        UnusableSnapshot.class,
                        unusable -> assertThat(unusable.isWorthless()).isFalse());
    }

    @Test
    void whatIsNotOursIsLeftAlone() {
        ByteBuffer octets = ByteBuffer.wrap("#!/bin/sh\nexit 0\n".getBytes(StandardCharsets.US_ASCII));
        assertThatThrownBy(() -> SnapshotFile.read(octets))
                .hasMessage("not a snapshot of this library")
                .isInstanceOfSatisfying(
                        UnusableSnapshot.class,
                        unusable -> assertThat(unusable.isWorthless()).isFalse());
    }

    @Test
    void theLinesFoundLastAreWritten() throws Exception {
        List<Remembered> lines = IntStream.range(0, SnapshotFile.MOST_LINES + 5)
                .mapToObj(i -> line(i, Endpoint.parse("10.0.0.1:80")))
                .toList();
        List<Remembered> shuffled = new java.util.ArrayList<>(lines);
        Collections.reverse(shuffled);
        assertThat(again(new SnapshotFile(NOW, List.of(), shuffled)).lines())
                .isEqualTo(lines.subList(0, SnapshotFile.MOST_LINES));
    }

    @Test
    void noFileIsLargerThanOneThatIsRead() throws Exception {
        Endpoint[] many = IntStream.range(0, 11_000)
                .mapToObj(i -> Endpoint.parse("[fd00::" + Integer.toHexString(i) + "]:8080"))
                .toArray(Endpoint[]::new);
        Remembered[] lines =
                IntStream.range(0, 100).mapToObj(i -> line(i, many)).toArray(Remembered[]::new);
        ByteBuffer octets = file(lines).octets();
        assertThat(octets.limit()).isBetween(SnapshotFile.MOST_OCTETS - 300_000, SnapshotFile.MOST_OCTETS);
        List<Remembered> read = SnapshotFile.read(octets).lines();
        assertThat(read).hasSizeBetween(70, 90);
        assertThat(read.get(0).endpoints()).hasSize(10_000);
    }

    @Test
    void whatNobodyWouldReadBackIsNotWritten() throws Exception {
        Remembered longLabel = line(1, Endpoint.parse("10.0.0.1:80").withLabels(Map.of("a", "b".repeat(5_000))));
        Question unresolved = new Question(
                "dr", "orders.shop", "", Optional.empty(), List.of(InetSocketAddress.createUnresolved("dns", 53)));
        Remembered named = new Remembered("dns", unresolved, List.of(Endpoint.parse("10.0.0.1:80")), NOW);
        Remembered good = line(2, Endpoint.parse("10.0.0.1:80"));
        assertThat(again(file(longLabel, named, good)).lines()).containsExactly(good);
    }
}
