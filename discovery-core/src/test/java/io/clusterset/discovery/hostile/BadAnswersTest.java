package io.clusterset.discovery.hostile;

import static io.clusterset.discovery.hostile.WireMessage.ADDITIONAL;
import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.ANSWERED;
import static io.clusterset.discovery.hostile.WireMessage.AUTHORITY;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.OPT;
import static io.clusterset.discovery.hostile.WireMessage.TRUNCATED;
import static io.clusterset.discovery.hostile.WireMessage.address;
import static io.clusterset.discovery.hostile.WireMessage.answer;
import static io.clusterset.discovery.hostile.WireMessage.name;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.withFlags;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Question;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.Transport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that refuse, truncate, go round in circles and say more than they were asked. */
class BadAnswersTest {

    private static final String NAME = Asker.NAME;
    private static final byte[] ASKED = pointer(HEADER);

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final Asker asker = Asker.still(dns.address());

    @BeforeEach
    void noIpv6() {
        dns.on(NAME, AAAA).nodata();
    }

    @AfterEach
    void close() {
        asker.close();
        dns.close();
    }

    private Resolution ask() throws InterruptedException {
        return asker.ask(Asker.plain(NAME));
    }

    private List<Question> asked() {
        return dns.questions().stream().filter(q -> q.type() == A).toList();
    }

    private static byte[] badvers() {
        return answer().question(NAME, WireMessage.A)
                .record(ADDITIONAL, new byte[1], OPT, 1232, 0x0100_0000, new byte[0])
                .bytes();
    }

    // A server that can't do EDNS, and one that can't do anything

    @ParameterizedTest
    @EnumSource(
            value = Rcode.class,
            names = {"FORMERR", "NOTIMP"})
    void aServerWithoutEdnsIsAskedOnceMoreWithout(Rcode rcode) throws Exception {
        dns.on(NAME, A).rcode(rcode).then().answer("10.0.0.1");
        assertThat(Asker.addresses(ask())).containsExactly("10.0.0.1");
        assertThat(asked().stream().map(Question::hasEdns)).containsExactly(true, false);
    }

    @Test
    void aServerOfAnotherVersionOfEdnsIsAskedOnceMoreWithout() throws Exception {
        dns.on(NAME, A).raw(badvers()).then().answer("10.0.0.1");
        assertThat(Asker.addresses(ask())).containsExactly("10.0.0.1");
        assertThat(asked().stream().map(Question::hasEdns)).containsExactly(true, false);
    }

    @ParameterizedTest
    @EnumSource(
            value = Rcode.class,
            names = {"FORMERR", "NOTIMP", "REFUSED", "SERVFAIL", "NOTZONE"})
    void whoeverOnlyRefusesIsAskedAtMostTwiceMoreAndNothingIsKnown(Rcode rcode) throws Exception {
        dns.on(NAME, A).rcode(rcode);
        Resolution unknown = ask();
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().rcode()).isEqualTo(rcode.name());
        assertThat(asked()).hasSizeBetween(1, 3);
    }

    @ParameterizedTest
    @EnumSource(
            value = Rcode.class,
            names = {"FORMERR", "NOTIMP", "REFUSED", "SERVFAIL", "NOTZONE"})
    void anotherServerIsAskedInstead(Rcode rcode) throws Exception {
        try (FakeDnsServer refusing = FakeDnsServer.start();
                Asker both = Asker.still(refusing.address(), dns.address())) {
            refusing.failAll(rcode);
            dns.on(NAME, A).answer("10.0.0.1");
            assertThat(Asker.addresses(both.ask(Asker.plain(NAME)))).containsExactly("10.0.0.1");
            assertThat(dns.questions()).hasSize(2);
            assertThat(refusing.questions()).hasSizeBetween(2, 4);
        }
    }

    // Truncation

    @Test
    void truncatedByTcpTooItIsWhatWasSeenAndPartial() throws Exception {
        WireMessage full = withFlags(ANSWERED | TRUNCATED).question(NAME, WireMessage.A);
        int addresses = 0;
        for (; full.hasRoomFor(16); addresses++) {
            full.record(ANSWER, ASKED, WireMessage.A, new byte[] {
                10, 1, (byte) (addresses / 250), (byte) (addresses % 250 + 1)
            });
        }
        byte[] cut =
                withFlags(ANSWERED | TRUNCATED).question(NAME, WireMessage.A).bytes();
        dns.on(NAME, A).raw(cut).then().raw(full.bytes());
        Resolution found = ask();
        assertThat(found.endpoints()).hasSize(addresses).hasSizeGreaterThan(4_000);
        assertThat(((Resolution.Found) found).complete()).isFalse();
        assertThat(found.evidence().detail()).contains("truncated");
    }

    @Test
    void truncatedToNothingWithoutTcpNothingIsKnownAtOnce() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1").truncate();
        dns.refuseTcp();
        Resolution unknown = ask(); // though no time passes
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).isEqualTo("truncated, and TCP did not complete it");
    }

    @Test
    void aConnectionThatGoesMuteIsNotUsedAgain() throws Exception {
        dns.on(NAME, A).answer("10.0.0.1").truncate();
        asker.watch(Asker.plain(NAME));
        assertThat(Asker.addresses(asker.next())).containsExactly("10.0.0.1");
        asker.goOn();
        dns.silenceTcp();
        assertThat(asker.refreshed(Asker.plain(NAME))).isInstanceOf(Resolution.Unknown.class);
        dns.recover();
        assertThat(Asker.addresses(asker.refreshed(Asker.plain(NAME)))).containsExactly("10.0.0.1");
        List<Question> byTcp =
                asked().stream().filter(q -> q.transport() == Transport.TCP).toList();
        assertThat(byTcp).hasSizeGreaterThanOrEqualTo(3);
        assertThat(byTcp.stream().map(Question::from).distinct()).hasSameSizeAs(byTcp);
    }

    // Aliases

    /** Each alias of the next, and the last of the first. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 9, 50})
    void aLoopOfAliasesIsNoAnswerAndNobodyIsAskedForThem(int aliases) throws Exception {
        dns.on(NAME, A).raw(chain(aliases, NAME));
        Resolution unknown = ask();
        assertThat(unknown).isInstanceOf(Resolution.Unknown.class);
        assertThat(unknown.evidence().detail()).isEqualTo("more than 8 CNAMEs");
        assertThat(asked()).hasSize(1).allMatch(q -> q.name().equals(NAME));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 8})
    void aliasesWithinTheZoneAreFollowed(int aliases) throws Exception {
        dns.on(NAME, A).raw(chain(aliases, "end.cluster.local"));
        assertThat(Asker.addresses(ask())).containsExactly("10.0.0.1");
        assertThat(asked()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 50})
    void noMoreThanEightOfThem(int aliases) throws Exception {
        dns.on(NAME, A).raw(chain(aliases, "end.cluster.local"));
        assertThat(ask()).isInstanceOf(Resolution.Unknown.class);
        assertThat(asked()).hasSize(1);
    }

    private static byte[] chain(int aliases, String end) {
        WireMessage message = answer().question(NAME, WireMessage.A);
        for (int i = 0; i < aliases; i++) {
            String owner = i == 0 ? NAME : "alias-" + i + ".cluster.local";
            String target = i == aliases - 1 ? end : "alias-" + (i + 1) + ".cluster.local";
            message.record(ANSWER, name(owner), WireMessage.CNAME, name(target));
        }
        return message.record(ANSWER, name("end.cluster.local"), WireMessage.A, address("10.0.0.1"))
                .bytes();
    }

    // More than was asked

    @Test
    void recordsOfOtherNamesAndSectionsAreNotUsedNowOrLater() throws Exception {
        String other = "carts.shop.svc.cluster.local";
        dns.on(NAME, A)
                .raw(answer().question(NAME, WireMessage.A)
                        .record(ANSWER, name(other), WireMessage.A, address("10.6.6.1"))
                        .record(ANSWER, name("www.example.com"), WireMessage.A, address("10.6.6.2"))
                        .record(ANSWER, ASKED, WireMessage.AAAA, address("fd00::6"))
                        .record(ANSWER, ASKED, WireMessage.A, address("10.0.0.1"))
                        .record(AUTHORITY, ASKED, WireMessage.A, address("10.6.6.3"))
                        .record(AUTHORITY, name(other), WireMessage.A, address("10.6.6.4"))
                        .record(ADDITIONAL, ASKED, WireMessage.A, address("10.6.6.5"))
                        .record(ADDITIONAL, name(other), WireMessage.A, address("10.6.6.6"))
                        .bytes());
        assertThat(Asker.addresses(ask())).containsExactly("10.0.0.1");
        assertThat(asker.ask(Asker.plain(other))).isInstanceOf(Resolution.NoSuchName.class);
    }

    @Test
    void addressesInAnAnswerThatSaysNoAreNotUsed() throws Exception {
        dns.on(NAME, A)
                .raw(withFlags(ANSWERED | 3)
                        .question(NAME, WireMessage.A)
                        .record(ANSWER, ASKED, WireMessage.A, address("10.6.6.6"))
                        .bytes());
        Resolution no = ask();
        assertThat(no).isInstanceOf(Resolution.NoSuchName.class);
        assertThat(no.endpoints()).isEmpty();
    }

    @Test
    void glueOfNamesThatAreNoTargetsIsNotUsed() throws Exception {
        String service = "_http._tcp." + NAME;
        String target = "a." + NAME;
        dns.on(service, io.clusterset.discovery.testkit.RecordType.SRV)
                .raw(answer().question(service, WireMessage.SRV)
                        .record(ANSWER, ASKED, WireMessage.SRV, WireMessage.srv(8080, name(target)))
                        .record(ADDITIONAL, name("b." + NAME), WireMessage.A, address("10.6.6.6"))
                        .record(ADDITIONAL, name(target), WireMessage.A, address("127.0.0.1"))
                        .record(ADDITIONAL, name(target), WireMessage.A, address("10.0.0.1"))
                        .bytes());
        assertThat(Asker.addresses(asker.ask(Asker.http()))).containsExactly("10.0.0.1");
    }

    // Addresses that are nobody's

    @Test
    void ofThousandsOfAddressesOnlyThoseThatCanBeAnEndpointsAreUsed() throws Exception {
        Random random = new Random(1_918);
        WireMessage four = answer().question(NAME, WireMessage.A);
        WireMessage six = answer().question(NAME, WireMessage.AAAA);
        List<byte[]> all = new ArrayList<>();
        byte[][] fours = {{0}, {10}, {127}, {(byte) 169, (byte) 254}, {(byte) 224}, {(byte) 240}, {-1, -1, -1}};
        byte[][] sixes = {
            new byte[12], // ::/96
            new byte[15], // ::0 to ::ff
            {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1}, // IPv4-mapped
            {(byte) 0xfe, (byte) 0x80},
            {(byte) 0xfe, (byte) 0xbf},
            {(byte) 0xff, 2},
            {(byte) 0xfd},
            {0x20, 1, 0x0d, (byte) 0xb8}
        };
        for (int i = 0; i < 2_000; i++) {
            byte[] v4 = random(random, 4, fours[i % fours.length]);
            byte[] v6 = random(random, 16, sixes[i % sixes.length]);
            four.record(ANSWER, ASKED, WireMessage.A, v4);
            six.record(ANSWER, ASKED, WireMessage.AAAA, v6);
            all.add(v4);
            all.add(v6);
        }
        dns.on(NAME, A).raw(four.bytes());
        dns.on(NAME, AAAA).raw(six.bytes());
        Resolution found = ask();
        List<String> good = all.stream()
                .filter(BadAnswersTest::isGood)
                .map(BadAnswersTest::shown)
                .distinct()
                .toList();
        assertThat(good).hasSizeGreaterThan(400);
        assertThat(Asker.addresses(found)).containsExactlyInAnyOrderElementsOf(good);
    }

    private static byte[] random(Random random, int length, byte[] prefix) {
        byte[] address = new byte[length];
        random.nextBytes(address);
        System.arraycopy(prefix, 0, address, 0, prefix.length);
        return address;
    }

    /** Said another way than the source says it. */
    private static boolean isGood(byte[] address) {
        int first = address[0] & 0xff;
        if (address.length == 4) {
            return first == 10;
        }
        return first == 0xfd || first == 0x20;
    }

    private static String shown(byte[] address) {
        try {
            return io.clusterset.discovery.model.Addresses.literal(InetAddress.getByAddress(address));
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(Arrays.toString(address), impossible);
        }
    }
}
