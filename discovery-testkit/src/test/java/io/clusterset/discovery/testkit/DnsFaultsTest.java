package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.RawClient.answers;
import static io.clusterset.discovery.testkit.RawClient.query;
import static io.clusterset.discovery.testkit.RawClient.tcp;
import static io.clusterset.discovery.testkit.RawClient.udp;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Faults of the whole server, and what it remembers. */
class DnsFaultsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ORDERS = "orders.shop.svc.cluster.local";

    private final FakeDnsServer dns = FakeDnsServer.start();

    @BeforeEach
    void publish() {
        dns.service(ORDERS, "10.0.0.1");
    }

    @AfterEach
    void close() {
        dns.close();
    }

    @Test
    void aSilentServerHearsButDoesNotAnswer() throws IOException {
        dns.silence();
        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, query(ORDERS, A));
            dns.awaitQuestions(1, PATIENCE);
            assertThat(RawClient.hearsNothing(socket)).isTrue();

            dns.speak();
            RawClient.send(socket, query(ORDERS, AAAA));
            assertThat(new Message(RawClient.receive(socket)).getQuestion().getType())
                    .as("what was asked in the silence stays unanswered")
                    .isEqualTo(AAAA.code());
        }
    }

    @Test
    void aFailingServerFailsEveryNameAndKeepsItsScripts() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1").then().answer("10.0.0.2");
        dns.failAll(Rcode.SERVFAIL);

        assertThat(udp(dns, ORDERS, A).getRcode()).isEqualTo(Rcode.SERVFAIL.code());
        assertThat(tcp(dns, "www.example.org", A).getRcode()).isEqualTo(Rcode.SERVFAIL.code());

        dns.recover();
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
    }

    @Test
    void aSlowServerIsSlowForEveryQuestionUntilToldOtherwise() throws IOException {
        dns.delayAll(Duration.ofSeconds(2));
        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, query(ORDERS, A));
            dns.awaitQuestions(1, PATIENCE);
            dns.delayAll(Duration.ZERO);
            RawClient.send(socket, query(ORDERS, AAAA));

            assertThat(new Message(RawClient.receive(socket)).getQuestion().getType())
                    .isEqualTo(AAAA.code());
            assertThat(new Message(RawClient.receive(socket)).getQuestion().getType())
                    .isEqualTo(A.code());
        }
        assertThatThrownBy(() -> dns.delayAll(Duration.ofSeconds(-1))).hasMessage("delay: PT-1S (expected: >= 0)");
    }

    @Test
    void refusedTcpLeavesUdpAlone() throws IOException {
        try (Socket open = RawClient.connect(dns.address())) {
            RawClient.sendFramed(open, query(ORDERS, A));
            RawClient.receiveFramed(open);
            dns.refuseTcp();
            assertThatThrownBy(() -> RawClient.receiveFramed(open)).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> tcp(dns, ORDERS, A)).isInstanceOf(ConnectException.class);
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");

        dns.recover();
        assertThat(answers(tcp(dns, ORDERS, A))).containsExactly("10.0.0.1");
    }

    @Test
    void silentTcpAcceptsAndDoesNotAnswer() throws IOException {
        dns.silenceTcp();
        try (Socket socket = RawClient.connect(dns.address())) {
            RawClient.sendFramed(socket, query(ORDERS, A));
            dns.awaitQuestions(1, PATIENCE);
            assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
            assertThat(socket.getInputStream().available()).isZero();

            dns.recover();
            RawClient.sendFramed(socket, query(ORDERS, AAAA));
            assertThat(RawClient.receiveFramed(socket).getQuestion().getType()).isEqualTo(AAAA.code());
        }
    }

    @Test
    void aStoppedServerIsUnreachableAndComesBackOnItsPort() throws IOException {
        int port = dns.port();
        for (int round = 0; round < 20; round++) {
            dns.stop();
            assertThatThrownBy(() -> udp(dns, ORDERS, A)).isInstanceOf(PortUnreachableException.class);
            assertThatThrownBy(() -> tcp(dns, ORDERS, A)).isInstanceOf(ConnectException.class);

            dns.restart();
            assertThat(dns.port()).isEqualTo(port);
            assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
            assertThat(answers(tcp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        }
    }

    @Test
    void thePortOfAStoppedServerIsNotGivenAway() throws IOException {
        dns.stop();
        dns.stop();

        assertThatThrownBy(() -> FakeDnsServer.start(dns.port())).isInstanceOf(UncheckedIOException.class);
        dns.recover();
        assertThatThrownBy(() -> tcp(dns, ORDERS, A)).as("still stopped").isInstanceOf(ConnectException.class);
    }

    @Test
    void aClosedServerIsGoneWithItsThreadsAndPort() throws IOException {
        FakeDnsServer other = FakeDnsServer.start();
        other.on(ORDERS, A).nodata().delay(Duration.ofNanos(1));
        udp(other, ORDERS, A);
        other.close();
        other.close();

        assertThatThrownBy(other::restart).isInstanceOf(IllegalStateException.class);
        FakeDnsServer.start(other.port()).close();
    }

    @Test
    void questionsAreRecordedInOrderWithWhatTheyCarried() throws IOException {
        Message edns = RawClient.queryWithEdns("Orders.shop.svc.cluster.local", AAAA, 1232);

        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, edns);
            RawClient.receive(socket);
            assertThat(dns.questions()).singleElement().satisfies(question -> {
                assertThat(question.name()).isEqualTo("Orders.shop.svc.cluster.local");
                assertThat(question.type()).isEqualTo(AAAA);
                assertThat(question.transport()).isEqualTo(Transport.UDP);
                assertThat(question.id()).isEqualTo(edns.getHeader().getID());
                assertThat(question.hasEdns()).isTrue();
                assertThat(question.payloadSize()).isEqualTo(1232);
                assertThat(question.from().getPort()).isEqualTo(socket.getLocalPort());
                assertThat(question).hasToString("Orders.shop.svc.cluster.local AAAA UDP");
            });
        }
        tcp(dns, "other.cluster.local", A);

        assertThat(dns.questions()).extracting(Question::transport).containsExactly(Transport.UDP, Transport.TCP);
        assertThat(dns.questions().get(1).hasEdns()).isFalse();
        assertThat(dns.questions().get(1).payloadSize()).isEqualTo(512);
        assertThat(dns.questions(ORDERS + '.')).hasSize(1);

        dns.forgetQuestions();
        assertThat(dns.questions()).isEmpty();
    }

    @Test
    void aTypeWithoutAWordIsRecordedByItsNumber() throws IOException {
        Message https = Message.newQuery(Record.newRecord(Name.fromString(ORDERS + '.'), Type.HTTPS, DClass.IN));
        udp(dns, https);

        assertThat(dns.questions()).singleElement().satisfies(question -> {
            assertThat(question.type()).isEqualTo(RecordType.OTHER);
            assertThat(question.typeCode()).isEqualTo(65);
            assertThat(question).hasToString(ORDERS + " TYPE65 UDP");
        });
    }

    @Test
    void waitingForQuestionsEndsWithThemOrWithTheReason() throws IOException {
        try (DatagramSocket socket = RawClient.connected(dns)) {
            RawClient.send(socket, query(ORDERS, A));
            RawClient.send(socket, query("other.cluster.local", A));

            assertThat(dns.awaitQuestions(2, PATIENCE)).hasSize(2);
            assertThat(dns.awaitQuestions(ORDERS, 1, PATIENCE)).hasSize(1);
        }
        assertThatThrownBy(() -> dns.awaitQuestions(ORDERS, 2, Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("1 within PT0.001S (expected: >= 2)")
                .hasMessageContaining(ORDERS + " A UDP");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> dns.awaitQuestions(9, PATIENCE)).isInstanceOf(IllegalStateException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void changesMadeTogetherAreSeenTogether() throws Exception {
        Thread writer = new Thread(() -> {
            for (int i = 0; i < 2_000; i++) {
                String address = "10.0.0." + (i % 200);
                dns.atomically(() -> {
                    dns.on(ORDERS, A).answer(address);
                    dns.on(ORDERS, A)
                            .nodata()
                            .withoutSoa()
                            .then()
                            .answer(address)
                            .startingOver();
                });
            }
        });
        writer.start();
        for (int i = 0; i < 500; i++) {
            assertThat(udp(dns, ORDERS, A).getSection(Section.AUTHORITY)).isEmpty();
        }
        writer.join();
    }

    @Test
    void manyQuestionsAtOnceAreAllAnswered() throws IOException {
        int window = 64;
        int total = 20_000;
        byte[] query = query(ORDERS, A).toWire();
        try (DatagramSocket socket = RawClient.connected(dns)) {
            for (int sent = 0; sent < total; sent++) {
                socket.send(new DatagramPacket(query, query.length));
                if (sent >= window) {
                    RawClient.receive(socket);
                }
            }
        }
        assertThat(dns.awaitQuestions(total, PATIENCE)).hasSize(total);
        List<String> threads = Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("fake-dns"))
                .toList();
        assertThat(threads).hasSizeLessThanOrEqualTo(3);
    }
}
