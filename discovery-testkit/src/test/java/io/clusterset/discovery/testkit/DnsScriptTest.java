package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.RawClient.answers;
import static io.clusterset.discovery.testkit.RawClient.query;
import static io.clusterset.discovery.testkit.RawClient.tcp;
import static io.clusterset.discovery.testkit.RawClient.udp;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static io.clusterset.discovery.testkit.RecordType.CNAME;
import static io.clusterset.discovery.testkit.RecordType.PTR;
import static io.clusterset.discovery.testkit.RecordType.SRV;
import static io.clusterset.discovery.testkit.RecordType.TXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;

/** What a script makes the server say. */
class DnsScriptTest {

    private static final String ORDERS = "orders.shop.svc.cluster.local";

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() {
        dns.close();
    }

    @Test
    void recordsOfSeveralTypes() throws IOException {
        dns.on(ORDERS, A).answer(Duration.ofMinutes(1), "10.0.0.1");
        dns.on(ORDERS, AAAA).answer("fd00::1");
        dns.on("dns-version.cluster.local", TXT).answer("1.1.0");
        dns.on("1.0.0.10.in-addr.arpa", PTR).answer(ORDERS);
        dns.on(ORDERS, SRV).answer("0 50 80 " + ORDERS);

        assertThat(udp(dns, ORDERS, A).getSection(Section.ANSWER))
                .singleElement()
                .satisfies(record -> assertThat(record.getTTL()).isEqualTo(60));
        assertThat(answers(udp(dns, ORDERS, AAAA))).containsExactly("fd00:0:0:0:0:0:0:1");
        assertThat(answers(udp(dns, "dns-version.cluster.local", TXT))).containsExactly("1.1.0");
        assertThat(answers(udp(dns, "1.0.0.10.in-addr.arpa", PTR))).containsExactly(ORDERS + '.');
        assertThat(answers(udp(dns, ORDERS, SRV))).containsExactly("0 50 80 " + ORDERS + '.');
    }

    @ParameterizedTest
    @EnumSource(Rcode.class)
    void everyCode(Rcode rcode) throws IOException {
        dns.on(ORDERS).rcode(rcode);

        Message answer = udp(dns, ORDERS, A);

        assertThat(answer.getRcode()).isEqualTo(rcode.code());
        assertThat(answer.getSection(Section.AUTHORITY)).isEmpty();
    }

    @Test
    void negativeAnswersWithOtherTimesOrWithoutSoa() throws IOException {
        dns.on(ORDERS, A).nxdomain().soa(Duration.ofSeconds(30), Duration.ofSeconds(7));
        dns.on(ORDERS, AAAA).nodata().withoutSoa();
        dns.on(ORDERS, SRV).rcode(Rcode.SERVFAIL).soa(Duration.ofSeconds(1), Duration.ofSeconds(2));

        assertThat(udp(dns, ORDERS, A).getSection(Section.AUTHORITY))
                .singleElement()
                .satisfies(soa -> {
                    assertThat(soa.getTTL()).isEqualTo(30);
                    assertThat(((SOARecord) soa).getMinimum()).isEqualTo(7);
                });
        assertThat(udp(dns, ORDERS, AAAA).getSection(Section.AUTHORITY)).isEmpty();
        assertThat(udp(dns, ORDERS, SRV).getSection(Section.AUTHORITY)).hasSize(1);
    }

    @Test
    void aSequenceHasOneStepPerQuestionAndTheLastRepeats() throws IOException {
        dns.on(ORDERS, A)
                .rcode(Rcode.SERVFAIL)
                .times(2)
                .then()
                .answer("10.0.0.1")
                .then()
                .nxdomain();

        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.SERVFAIL.code());
        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.SERVFAIL.code());
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.NXDOMAIN.code());
        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.NXDOMAIN.code());
    }

    @Test
    void aStepAddedLaterIsForTheNextQuestion() throws IOException {
        DnsScript script = dns.on(ORDERS, A).answer("10.0.0.1");
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");

        script.then().answer("10.0.0.2");
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.2");

        script.answer("10.0.0.3");
        assertThat(answers(udp(dns, ORDERS, A))).as("replaced").containsExactly("10.0.0.3");
    }

    @Test
    void aSequenceMayStartOver() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1").then().answer("10.0.0.2").startingOver();

        for (int round = 0; round < 3; round++) {
            assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
            assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.2");
        }
    }

    @Test
    void aScriptForEveryTypeReplacesThoseOfTheNameAndGivesWayToLaterOnes() throws IOException {
        dns.service(ORDERS, "10.0.0.1");
        dns.on(ORDERS).rcode(Rcode.SERVFAIL);
        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.SERVFAIL.code());
        assertThat(udp(dns, ORDERS, TXT).getRcode()).isEqualTo(Rcode.SERVFAIL.code());

        dns.on(ORDERS, A).answer("10.0.0.2");
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.2");
        assertThat(udp(dns, ORDERS, AAAA).getRcode()).isEqualTo(Rcode.SERVFAIL.code());
    }

    @Test
    void aDelayedAnswerHoldsUpNoOther() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1").delay(Duration.ofSeconds(2));
        dns.on(ORDERS, AAAA).answer("fd00::1");

        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, query(ORDERS, A));
            RawClient.send(socket, query(ORDERS, AAAA));

            assertThat(answers(new Message(RawClient.receive(socket)))).containsExactly("fd00:0:0:0:0:0:0:1");
            assertThat(answers(new Message(RawClient.receive(socket)))).containsExactly("10.0.0.1");
        }
    }

    @Test
    void aDroppedQuestionIsRecordedAndNotAnswered() throws IOException {
        dns.on(ORDERS, A).drop();

        assertThat(RawClient.saysNothingTo(dns, query(ORDERS, A))).isTrue();
        assertThat(dns.questions(ORDERS)).hasSize(1);
    }

    @Test
    void truncatedOverUdpAndWholeOverTcp() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1", "10.0.0.2").truncate().then().nxdomain();

        Message udp = udp(dns, ORDERS, A);
        Message tcp = tcp(dns, ORDERS, A);

        assertThat(udp.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(answers(udp)).isEmpty();
        assertThat(tcp.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answers(tcp)).as("the same step").containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.NXDOMAIN.code());
    }

    @Test
    void aTruncatedAnswerMayHoldAPart() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1", "10.0.0.2").truncate(1);

        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        assertThat(answers(tcp(dns, ORDERS, A))).hasSize(2);
    }

    @Test
    void rawBytesGetTheQuestionsIdUnlessToldOtherwise() throws IOException {
        byte[] bytes = {1, 2, 3, 4, 5};
        byte[] query = query(ORDERS, A).toWire();

        dns.on(ORDERS, A).raw(bytes);
        assertThat(udp(dns, query)).containsExactly(query[0], query[1], 3, 4, 5);
        dns.on(ORDERS, A).rawWithOwnId(bytes);
        assertThat(udp(dns, query)).containsExactly(1, 2, 3, 4, 5);
        dns.on(ORDERS, A).raw(new byte[] {7});
        assertThat(udp(dns, query)).containsExactly(7);
    }

    @Test
    void anAliasComesWithWhatItsTargetHasToSay() throws IOException {
        dns.on(ORDERS).cname("alias.shop.svc.cluster.local");
        dns.on("alias.shop.svc.cluster.local").cname("target.shop.svc.cluster.local");
        dns.service("target.shop.svc.cluster.local", "10.0.0.1");

        assertThat(answers(udp(dns, ORDERS, A)))
                .containsExactly("alias.shop.svc.cluster.local.", "target.shop.svc.cluster.local.", "10.0.0.1");
        assertThat(answers(udp(dns, ORDERS, AAAA)))
                .containsExactly("alias.shop.svc.cluster.local.", "target.shop.svc.cluster.local.");
        assertThat(answers(udp(dns, ORDERS, CNAME))).containsExactly("alias.shop.svc.cluster.local.");
    }

    @Test
    void anAliasMayComeAloneOrWithAddressesOfItsOwn() throws IOException {
        dns.service("target.shop.svc.cluster.local", "10.0.0.1");
        dns.on(ORDERS, A).cname("target.shop.svc.cluster.local", List.of());
        dns.on("b." + ORDERS, A).cname("www.example.org", List.of("192.0.2.1"));

        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("target.shop.svc.cluster.local.");
        assertThat(answers(udp(dns, "b." + ORDERS, A))).containsExactly("www.example.org.", "192.0.2.1");
    }

    @Test
    void aliasesInACircleEnd() throws IOException {
        dns.on("a.cluster.local").cname("b.cluster.local");
        dns.on("b.cluster.local").cname("a.cluster.local");
        dns.on("c.cluster.local").cname("a.cluster.local");

        assertThat(answers(udp(dns, "a.cluster.local", A))).hasSize(2);
        assertThat(answers(udp(dns, "c.cluster.local", A))).hasSizeBetween(3, 20);
    }

    @Test
    void timesToLiveOfAllThirtyTwoBits() throws IOException {
        dns.on(ORDERS, A).answer(Duration.ofSeconds(0xffff_ffffL), "10.0.0.1", "10.0.0.2");

        byte[] answer = udp(dns, query(ORDERS, A).toWire());

        byte[] ttl = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff};
        int first = answer.length - 2 * 16 + 6;
        assertThat(Arrays.copyOfRange(answer, first, first + 4)).isEqualTo(ttl);
        assertThat(Arrays.copyOfRange(answer, first + 16, first + 20)).isEqualTo(ttl);
        assertThat(answers(new Message(answer))).containsExactly("10.0.0.1", "10.0.0.2");
    }

    @ParameterizedTest
    @EnumSource(Forgery.class)
    void forgeriesComeBeforeTheAnswer(Forgery forgery) throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1").precededBy(forgery);
        Message query = query(ORDERS, A);

        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(10_000);
            byte[] bytes = query.toWire();
            socket.send(new DatagramPacket(bytes, bytes.length, dns.address()));
            DatagramPacket first = new DatagramPacket(new byte[512], 512);
            socket.receive(first);
            byte[] second = RawClient.receive(socket);

            assertThat(isAuthentic(first, query)).isFalse();
            assertThat(answers(new Message(second))).containsExactly("10.0.0.1");
        }
    }

    @Test
    void forgeriesMayComeAloneAndAreNotSentOverTcp() throws IOException {
        dns.on(ORDERS, TXT).drop().precededBy(Forgery.WRONG_ID, Forgery.WRONG_NAME);
        dns.on(ORDERS, AAAA).answer("fd00::1").precededBy(Forgery.WRONG_ID);

        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, query(ORDERS, TXT));
            assertThat(new Message(RawClient.receive(socket)).getRcode()).isEqualTo(Rcode.NXDOMAIN.code());
            assertThat(new Message(RawClient.receive(socket))
                            .getQuestion()
                            .getName()
                            .toString())
                    .isEqualTo("nrders.shop.svc.cluster.local.");
        }
        assertThat(answers(udp(dns, ORDERS, AAAA))).as("believed").containsExactly("2001:db8:0:0:0:0:0:666");
        assertThat(answers(tcp(dns, ORDERS, AAAA))).containsExactly("fd00:0:0:0:0:0:0:1");
    }

    private boolean isAuthentic(DatagramPacket packet, Message query) {
        try {
            Message message = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            return packet.getPort() == dns.port()
                    && message.getHeader().getID() == query.getHeader().getID()
                    && message.getHeader().getFlag(Flags.QR)
                    && query.getQuestion().equals(message.getQuestion());
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void whatCannotBeScriptedIsSaidAtOnce() {
        assertThatThrownBy(() -> dns.on(ORDERS, A).answer("fd00::1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(ORDERS + ".: fd00::1 (expected: an IPv4 address)");
        assertThatThrownBy(() -> dns.on(ORDERS, AAAA).answer("10.0.0.1x"))
                .hasMessage(ORDERS + ".: 10.0.0.1x (expected: an IPv6 address)");
        assertThatThrownBy(() -> dns.on(ORDERS, A).answer()).hasMessageContaining("expected: >= 1");
        assertThatThrownBy(() -> dns.on(ORDERS).answer("10.0.0.1"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(ORDERS + " every type: answer (expected: on(name, type))");
        assertThatThrownBy(() -> dns.on(ORDERS, A).srv(Srv.to(ORDERS, 1))).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dns.on(ORDERS, A).delay(Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("no answer yet");
        assertThatThrownBy(() -> dns.on(ORDERS, A).nodata().delay(Duration.ofMillis(-1)))
                .hasMessage("delay: PT-0.001S (expected: >= 0)");
        assertThatThrownBy(() -> dns.on(ORDERS, A).nodata().times(0)).hasMessageContaining("1...10000");
        assertThatThrownBy(() -> dns.on(ORDERS, A).nodata().truncate(-1)).hasMessageContaining(">= 0");
        assertThatThrownBy(() -> dns.on(ORDERS, A).drop().withoutSoa()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> dns.on(ORDERS, A).answer(Duration.ofDays(100_000), "10.0.0.1"))
                .hasMessageContaining("expected: 0...4294967295 s");
        assertThatThrownBy(() -> dns.on("a..b", A)).hasMessage("name: a..b (expected: a DNS name)");
        assertThatThrownBy(() -> dns.on(ORDERS, RecordType.OTHER)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Srv.to(ORDERS, 70_000)).hasMessage("port: 70000 (expected: 0...65535)");
        assertThatThrownBy(() -> dns.srvService(ORDERS, "http", "10.0.0.1"))
                .hasMessage("endpoint: 10.0.0.1 (expected: ADDRESS:PORT)");
        assertThatThrownBy(() -> dns.srvService(ORDERS, "http", "10.0.0.1:x"))
                .hasMessage("endpoint: 10.0.0.1:x (expected: ADDRESS:PORT)");
    }
}
