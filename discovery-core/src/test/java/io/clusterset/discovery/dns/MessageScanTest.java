package io.clusterset.discovery.dns;

import static io.clusterset.discovery.hostile.WireMessage.A;
import static io.clusterset.discovery.hostile.WireMessage.ADDITIONAL;
import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.ANSWERED;
import static io.clusterset.discovery.hostile.WireMessage.AUTHORITY;
import static io.clusterset.discovery.hostile.WireMessage.CNAME;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.IN;
import static io.clusterset.discovery.hostile.WireMessage.OPT;
import static io.clusterset.discovery.hostile.WireMessage.SOA;
import static io.clusterset.discovery.hostile.WireMessage.SRV;
import static io.clusterset.discovery.hostile.WireMessage.TRUNCATED;
import static io.clusterset.discovery.hostile.WireMessage.TXT;
import static io.clusterset.discovery.hostile.WireMessage.address;
import static io.clusterset.discovery.hostile.WireMessage.answer;
import static io.clusterset.discovery.hostile.WireMessage.joined;
import static io.clusterset.discovery.hostile.WireMessage.labels;
import static io.clusterset.discovery.hostile.WireMessage.name;
import static io.clusterset.discovery.hostile.WireMessage.octets;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.soa;
import static io.clusterset.discovery.hostile.WireMessage.srv;
import static io.clusterset.discovery.hostile.WireMessage.withFlags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.clusterset.discovery.hostile.Bombs;
import io.clusterset.discovery.hostile.WireMessage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class MessageScanTest {

    private static final String NAME = "orders.shop.svc.cluster.local";
    private static final byte[] QUESTION = joined(name(NAME), new byte[] {0, A, 0, IN});
    private static final byte[] ASKED = pointer(HEADER);
    private static final int FIRST = HEADER + QUESTION.length;
    private static final int ITS_DATA = FIRST + 11; // of a record owned by the root

    private static Message read(byte[] packet) throws IOException {
        return MessageScan.read(ByteBuffer.wrap(packet));
    }

    private static WireMessage asked() {
        return answer().question(NAME, A);
    }

    private static byte[] threeAddresses(int flags) {
        return withFlags(flags)
                .question(NAME, A)
                .record(ANSWER, ASKED, A, address("10.0.0.1"))
                .record(ANSWER, name(NAME), A, address("10.0.0.2"))
                .record(ANSWER, ASKED, A, address("10.0.0.3"))
                .bytes();
    }

    static Stream<Arguments> refused() {
        byte[] ten = address("10.0.0.1");
        return Stream.of(
                arguments("nothing", new byte[0], "0 octets"),
                arguments("eleven octets", new byte[11], "11 octets"),
                arguments(
                        "pointer to itself",
                        asked().record(ANSWER, pointer(FIRST), A, ten).bytes(),
                        "pointer"),
                arguments(
                        "pointer forwards",
                        asked().record(ANSWER, pointer(FIRST + 16), A, ten).bytes(),
                        "pointer"),
                arguments(
                        "pointer into the header",
                        asked().record(ANSWER, pointer(4), A, ten).bytes(),
                        "pointer"),
                arguments(
                        "pointers to each other",
                        asked().record(ANSWER, joined(new byte[] {1, 'a'}, pointer(FIRST)), A, ten)
                                .bytes(),
                        "too many compression pointers|more than 255 octets"),
                arguments("a name of eleven hops", chained(11), "too many compression pointers"),
                arguments("a chain of 8,000 hops", Bombs.chain(QUESTION, 8_000), "too many compression pointers"),
                arguments("2,000 names of ten hops", Bombs.chain(QUESTION, 9), "too many compression pointers"),
                arguments(
                        "128 labels",
                        asked().record(ANSWER, labels(128), A, ten).bytes(),
                        "255 octets"),
                arguments(
                        "a name of 256 octets",
                        asked().record(ANSWER, octets(256), A, ten).bytes(),
                        "255 octets"),
                arguments(
                        "label type 0x40",
                        asked().record(ANSWER, new byte[] {0x41, 0}, A, ten).bytes(),
                        "type 0x40"),
                arguments(
                        "label type 0x80",
                        asked().record(ANSWER, new byte[] {(byte) 0x80, 0}, A, ten)
                                .bytes(),
                        "type 0x80"),
                arguments("two questions", asked().question(NAME, A).bytes(), "2 questions"),
                arguments("65,535 questions", asked().bytes(65_535, 0, 0, 0), "65535 questions"),
                arguments("65,535 answers", asked().bytes(1, 65_535, 0, 0), "missing"),
                arguments("65,535 of everything", asked().bytes(1, 65_535, 65_535, 65_535), "missing"),
                arguments("longer CNAME data", withData(CNAME, joined(name("a.b"), new byte[1])), "off its length"),
                arguments("shorter CNAME data", tooShort(CNAME, name("a.b")), "off its length"),
                arguments("longer SRV data", withData(SRV, joined(srv(80, ASKED), new byte[3])), "off its length"),
                arguments("shorter SRV data", tooShort(SRV, srv(80, ASKED)), "off its length"),
                arguments("SRV data of two octets", withData(SRV, new byte[2]), "missing|off its length"),
                arguments("longer SOA data", withData(SOA, joined(soa(5), new byte[1])), "off its length"),
                arguments("shorter SOA data", tooShort(SOA, soa(5)), "off its length"),
                arguments("an A of three octets", withData(A, new byte[3]), "."),
                arguments("an A of none", withData(A, new byte[0]), "."),
                arguments("data longer than the message", tooLong(), "missing"));
    }

    private static byte[] withData(int type, byte[] data) {
        return asked().record(ANSWER, ASKED, type, data)
                .record(ANSWER, ASKED, A, address("10.0.0.1"))
                .bytes();
    }

    private static byte[] tooShort(int type, byte[] data) {
        return asked().claiming(ANSWER, ASKED, type, IN, 30, data.length - 1, data)
                .bytes();
    }

    private static byte[] tooLong() {
        return asked().claiming(ANSWER, ASKED, TXT, IN, 30, 65_535, new byte[4]).bytes();
    }

    /** An owner so many pointers away from a name. */
    private static byte[] chained(int hops) {
        byte[] links = new byte[2 * (hops - 1)];
        for (int i = 0; i < hops - 1; i++) {
            byte[] link = pointer(i == 0 ? HEADER : ITS_DATA + 2 * (i - 1));
            links[2 * i] = link[0];
            links[2 * i + 1] = link[1];
        }
        int last = hops == 1 ? HEADER : ITS_DATA + 2 * (hops - 2);
        return asked().record(ANSWER, new byte[1], TXT, links)
                .record(ANSWER, pointer(last), A, address("10.0.0.1"))
                .bytes();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void whatIsMalformedOrCostsTooMuchIsRefusedWithAReason(String what, byte[] packet, String reason) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> read(packet))
                        .as(what)
                        .isInstanceOf(IOException.class)
                        .hasMessageFindingMatch(reason));
    }

    static Stream<Arguments> accepted() {
        byte[] ten = address("10.0.0.1");
        WireMessage full = answer().question("_http._tcp." + NAME, SRV);
        int targets = 0;
        for (; full.hasRoomFor(20); targets++) {
            full.record(ANSWER, ASKED, SRV, srv(80, ASKED));
        }
        return Stream.of(
                arguments("a name of ten hops", chained(10), 2),
                arguments(
                        "127 labels",
                        asked().record(ANSWER, labels(127), A, ten).bytes(),
                        1),
                arguments(
                        "a name of 255 octets",
                        asked().record(ANSWER, octets(255), A, ten).bytes(),
                        1),
                arguments(
                        "no question",
                        answer().record(ANSWER, name(NAME), A, ten).bytes(),
                        1),
                arguments("a header alone", withFlags(0x8001).bytes(), 0),
                arguments("all the SRV records a message can hold", full.bytes(), targets));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    void whatAServerMaySayIsRead(String what, byte[] packet, int answers) throws IOException {
        assertThat(read(packet).getSection(Section.ANSWER)).as(what).hasSize(answers);
    }

    @Test
    void aMessageCutAnywhereIsRefused() throws IOException {
        byte[] whole = threeAddresses(ANSWERED);
        assertThat(read(whole).getSection(Section.ANSWER)).hasSize(3);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> read(cut)).as("%d octets", length).isInstanceOf(IOException.class);
        }
    }

    @Test
    void ofAMessageThatSaysItWasCutWhatIsWholeIsRead() throws IOException {
        byte[] whole = threeAddresses(ANSWERED | TRUNCATED);
        int[] ends = {FIRST + 16, FIRST + 16 + name(NAME).length + 14, whole.length};
        for (int length = FIRST; length <= whole.length; length++) {
            int cutAt = length;
            List<Record> seen = read(Arrays.copyOf(whole, length)).getSection(Section.ANSWER);
            assertThat(seen).as("%d octets", length).hasSize((int)
                    Arrays.stream(ends).filter(end -> end <= cutAt).count());
            assertThat(seen).allMatch(ARecord.class::isInstance);
        }
        for (int length = 0; length < FIRST; length++) {
            try {
                assertThat(read(Arrays.copyOf(whole, length)).getSection(Section.ANSWER))
                        .isEmpty();
            } catch (IOException refused) {
                assertThat(refused).isInstanceOf(IOException.class);
            }
        }
    }

    @Test
    void beingCutIsNoExcuseForBeingMalformed() {
        byte[] packet = withFlags(ANSWERED | TRUNCATED)
                .question(NAME, A)
                .record(ANSWER, pointer(FIRST), A, address("10.0.0.1"))
                .bytes();
        assertThatThrownBy(() -> read(packet)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {0x8000_0000L, 0xffff_ffffL, 0x8000_0001L})
    void aTtlWithItsHighestBitSetIsTheLongestThereIs(long ttl) throws IOException {
        Message read = read(asked().record(ANSWER, ASKED, A, IN, ttl, address("10.0.0.1"))
                .record(ANSWER, ASKED, CNAME, IN, ttl, ASKED)
                .record(ANSWER, ASKED, SRV, IN, ttl, srv(80, ASKED))
                .record(AUTHORITY, ASKED, SOA, IN, ttl, soa(ttl))
                .record(ADDITIONAL, ASKED, TXT, IN, ttl, new byte[] {1, 'a'})
                .bytes());
        for (int section : List.of(Section.ANSWER, Section.AUTHORITY, Section.ADDITIONAL)) {
            assertThat(read.getSection(section)).isNotEmpty().allMatch(r -> r.getTTL() == Integer.MAX_VALUE);
        }
        SOARecord soa = (SOARecord) read.getSection(Section.AUTHORITY).get(0);
        assertThat(soa.getMinimum()).isEqualTo(ttl);
        assertThat(AnswerReader.negativeTtl(read)).isEqualTo(Integer.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 30, 0x7fff_ffffL})
    void anyOtherTtlIsLeftAlone(long ttl) throws IOException {
        Message read = read(
                asked().record(ANSWER, ASKED, A, IN, ttl, address("10.0.0.1")).bytes());
        assertThat(read.getSection(Section.ANSWER).get(0).getTTL()).isEqualTo(ttl);
    }

    @Test
    void optIsLeftAloneSoThatBadversIsSeen() throws IOException {
        Message read = read(asked().record(ADDITIONAL, new byte[1], OPT, 1232, 0x0100_0000L, new byte[0])
                .bytes());
        assertThat(read.getRcode()).isEqualTo(Rcode.BADVERS);
    }

    /** Codes from 0x800 on, private ones among them: the codec reads an OPT's "TTL" with its highest bit set as 0 too. */
    @Test
    void noExtendedCodeLooksLikeNoError() throws IOException {
        Message read = read(asked().record(ADDITIONAL, new byte[1], OPT, 1232, 0xf000_0000L, new byte[0])
                .bytes());
        assertThat(read.getRcode()).isNotEqualTo(Rcode.NOERROR);
    }

    /** RRSIG, SVCB, HTTPS, NAPTR, KEY, LOC, NSEC3, TKEY, TSIG and one nobody knows, all with data of no form at all. */
    @ParameterizedTest
    @ValueSource(ints = {12, 16, 24, 25, 29, 35, 46, 48, 50, 64, 65, 249, 250, 257, 65_280, 65_535})
    void recordsWeNeverReadAreOpaque(int type) throws IOException {
        byte[] noise = {(byte) 0xc0, (byte) 0xff, 0x41, (byte) 0x80, 7};
        Message read = read(asked().record(ANSWER, ASKED, type, noise)
                .record(ANSWER, ASKED, A, address("10.0.0.1"))
                .bytes());
        List<Record> records = read.getSection(Section.ANSWER);
        assertThat(records).hasSize(2);
        assertThat(records.get(0).getType()).isEqualTo(0xff00);
        assertThat(records.get(0).rdataToWireCanonical()).isEqualTo(noise);
        assertThat(records.get(1)).isInstanceOf(ARecord.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 3, 4, 254, 255, 65_535})
    void addressesOfAnotherClassAreNone(int dclass) throws IOException {
        Message read = read(asked().record(ANSWER, ASKED, A, dclass, 30, address("10.0.0.1"))
                .record(ANSWER, ASKED, CNAME, dclass, 30, ASKED)
                .record(ANSWER, ASKED, SRV, dclass, 30, srv(80, ASKED))
                .record(AUTHORITY, ASKED, SOA, dclass, 30, soa(5))
                .bytes());
        assertThat(read.getSection(Section.ANSWER)).noneMatch(r -> r.getType() == Type.A);
        assertThat(read.getSection(Section.ANSWER)).noneMatch(r -> r.getType() == Type.CNAME);
        assertThat(read.getSection(Section.ANSWER)).noneMatch(r -> r.getType() == Type.SRV);
        assertThat(read.getSection(Section.AUTHORITY)).noneMatch(SOARecord.class::isInstance);
    }

    /** The buffer belongs to the loop and is used again: nothing may be written to it, and its position stays. */
    @Test
    void thePacketItselfIsNotTouched() throws IOException {
        byte[] packet = asked().record(ANSWER, ASKED, TXT, 3, 0xffff_ffffL, new byte[] {1, 'a'})
                .bytes();
        ByteBuffer buffer = ByteBuffer.allocate(packet.length + 20);
        buffer.position(7);
        buffer.put(packet).flip().position(7);
        assertThat(MessageScan.read(buffer).getSection(Section.ANSWER)).hasSize(1);
        assertThat(buffer.position()).isEqualTo(7);
        assertThat(Arrays.copyOfRange(buffer.array(), 7, 7 + packet.length)).isEqualTo(packet);
    }

    @Test
    void randomOctetsAreReadOrRefusedAndNothingElse() {
        Random random = new Random(20_261_121);
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = new byte[random.nextInt(300)];
            random.nextBytes(packet);
            if (packet.length > 11) { // counts that are believed now and then
                packet[4] = 0;
                packet[5] &= 1;
                packet[6] = 0;
                packet[8] = 0;
                packet[10] = 0;
            }
            readOrRefused(packet);
        }
    }

    @Test
    void rightAnswersWithWrongOctetsAreReadOrRefusedAndNothingElse() {
        byte[] right = asked().record(ANSWER, ASKED, CNAME, name("a.cluster.local"))
                .record(ANSWER, name("a.cluster.local"), A, address("10.0.0.1"))
                .record(ANSWER, ASKED, SRV, srv(80, ASKED))
                .record(AUTHORITY, ASKED, SOA, soa(5))
                .record(ADDITIONAL, new byte[1], OPT, 1232, 0, new byte[0])
                .bytes();
        Random random = new Random(20_261_122);
        int read = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] packet = right.clone();
            for (int wrong = random.nextInt(5); wrong >= 0; wrong--) {
                packet[random.nextInt(packet.length)] = (byte) random.nextInt();
            }
            read += readOrRefused(packet) ? 1 : 0;
        }
        assertThat(read).as("some are still read").isBetween(1_000, 49_000);
    }

    private static boolean readOrRefused(byte[] packet) {
        try {
            return read(packet).numBytes() > 0;
        } catch (IOException refused) {
            return false;
        } catch (RuntimeException | Error thrown) {
            throw new AssertionError(java.util.HexFormat.of().formatHex(packet), thrown);
        }
    }

    /** What the scan is for: the codec alone follows every pointer of every name. Here 250 ms against less than one. */
    @Test
    void withoutTheScanAChainOfPointersCostsTheCodecManyTimesOver() {
        byte[] bomb = Bombs.chain(QUESTION, 8_000);
        long scan = best(20, () -> assertThatThrownBy(() -> read(bomb)).isInstanceOf(IOException.class));
        long codec = best(2, () -> assertThat(parsedByTheCodec(bomb)).isTrue());
        assertThat(scan).as("ns with the scan").isLessThan(10_000_000);
        assertThat(codec).as("ns without").isGreaterThan(10 * scan);
    }

    private static boolean parsedByTheCodec(byte[] packet) {
        try {
            return new Message(packet).getSection(Section.ANSWER).size() > 3_000;
        } catch (IOException refused) {
            return false;
        }
    }

    private static long best(int repeats, Runnable work) {
        return IntStream.range(0, repeats)
                .mapToLong(i -> {
                    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                    work.run();
                    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
                })
                .min()
                .orElseThrow();
    }
}
