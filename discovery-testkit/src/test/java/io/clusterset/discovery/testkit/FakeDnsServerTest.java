package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.RawClient.answers;
import static io.clusterset.discovery.testkit.RawClient.query;
import static io.clusterset.discovery.testkit.RawClient.rdata;
import static io.clusterset.discovery.testkit.RawClient.tcp;
import static io.clusterset.discovery.testkit.RawClient.udp;
import static io.clusterset.discovery.testkit.RecordType.A;
import static io.clusterset.discovery.testkit.RecordType.AAAA;
import static io.clusterset.discovery.testkit.RecordType.SRV;
import static io.clusterset.discovery.testkit.RecordType.TXT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.SRVRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** What the server says: by its helpers, and by itself where it has no script. */
class FakeDnsServerTest {

    private static final String ORDERS = "orders.shop.svc.cluster.local";

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() {
        dns.close();
    }

    @Test
    void aServiceHasItsAddressesAndNoDataForTheOtherFamily() throws IOException {
        dns.service(ORDERS, "10.0.0.1", "10.0.0.2");

        Message a = udp(dns, ORDERS, A);
        Message aaaa = udp(dns, ORDERS, AAAA);

        assertThat(answers(a)).containsExactly("10.0.0.1", "10.0.0.2");
        assertThat(a.getSection(Section.ANSWER)).allMatch(record -> record.getTTL() == 5);
        assertThat(answers(aaaa)).isEmpty();
        assertNegative(aaaa, Rcode.NOERROR, "cluster.local.");
    }

    @Test
    void aServiceMayHaveBothFamiliesAndATimeToLive() throws IOException {
        dns.service(ORDERS, Duration.ofSeconds(30), "10.0.0.1", "fd00::1");

        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        assertThat(answers(udp(dns, ORDERS, AAAA))).containsExactly("fd00:0:0:0:0:0:0:1");
        assertThat(udp(dns, ORDERS, A).getSection(Section.ANSWER)).allMatch(record -> record.getTTL() == 30);
    }

    @Test
    void aServiceWithoutAddressesExistsAndIsEmpty() throws IOException {
        dns.service(ORDERS);

        assertNegative(udp(dns, ORDERS, A), Rcode.NOERROR, "cluster.local.");
        assertNegative(udp(dns, ORDERS, AAAA), Rcode.NOERROR, "cluster.local.");
    }

    @Test
    void publishingAgainReplaces() throws IOException {
        dns.on(ORDERS).rcode(Rcode.SERVFAIL);
        dns.service(ORDERS, "10.0.0.1");
        dns.service(ORDERS, "10.0.0.2");

        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.2");
    }

    @Test
    void aForgottenNameDoesNotExist() throws IOException {
        dns.service(ORDERS, "10.0.0.1");
        dns.forget(ORDERS);

        assertNegative(udp(dns, ORDERS, A), Rcode.NXDOMAIN, "cluster.local.");
    }

    @Test
    void aNamedPortHasSrvRecordsWithGlueAndNamesBehindThem() throws IOException {
        dns.srvService(ORDERS, "http", "10.0.0.1:8080", "[fd00::]:8081");

        Message srv = udp(dns, "_http._tcp." + ORDERS, SRV);

        assertThat(answers(srv))
                .containsExactly("0 50 8080 10-0-0-1." + ORDERS + '.', "0 50 8081 fd00--0." + ORDERS + '.');
        assertThat(rdata(srv, Section.ADDITIONAL)).containsExactly("10.0.0.1", "fd00:0:0:0:0:0:0:0");
        assertThat(answers(udp(dns, "10-0-0-1." + ORDERS, A))).containsExactly("10.0.0.1");
        assertNegative(udp(dns, "10-0-0-1." + ORDERS, AAAA), Rcode.NOERROR, "cluster.local.");
        assertThat(answers(udp(dns, "fd00--0." + ORDERS, AAAA))).containsExactly("fd00:0:0:0:0:0:0:0");
        assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
        assertNegative(udp(dns, "_grpc._tcp." + ORDERS, SRV), Rcode.NXDOMAIN, "cluster.local.");
    }

    @Test
    void endpointsNoLongerPublishedAreWithdrawn() throws IOException {
        dns.srvService(ORDERS, "http", "10.0.0.1:8080", "10.0.0.2:8080");
        dns.srvService(ORDERS, "grpc", "10.0.0.1:9090");
        dns.srvService(ORDERS, "http", "10.0.0.3:8080");

        assertThat(answers(udp(dns, "_http._tcp." + ORDERS, SRV))).hasSize(1);
        assertNegative(udp(dns, "10-0-0-2." + ORDERS, A), Rcode.NXDOMAIN, "cluster.local.");
        assertThat(answers(udp(dns, "10-0-0-1." + ORDERS, A)))
                .as("still grpc's")
                .containsExactly("10.0.0.1");

        dns.srvService(ORDERS, "http");
        assertNegative(udp(dns, "_http._tcp." + ORDERS, SRV), Rcode.NXDOMAIN, "cluster.local.");
    }

    @Test
    void unscriptedNamesInItsZonesDoNotExist() throws IOException {
        assertNegative(udp(dns, "nobody.shop.svc.cluster.local", A), Rcode.NXDOMAIN, "cluster.local.");
        assertNegative(udp(dns, "nobody.shop.svc.clusterset.local", SRV), Rcode.NXDOMAIN, "clusterset.local.");
    }

    @Test
    void namesWithOtherTypesOrWithNamesBelowThemHaveNoData() throws IOException {
        dns.on(ORDERS, A).answer("10.0.0.1");

        assertNegative(udp(dns, ORDERS, TXT), Rcode.NOERROR, "cluster.local.");
        assertNegative(udp(dns, "shop.svc.cluster.local", A), Rcode.NOERROR, "cluster.local.");
        assertNegative(udp(dns, "cluster.local", A), Rcode.NOERROR, "cluster.local.");
        assertNegative(udp(dns, "s.shop.svc.cluster.local", A), Rcode.NXDOMAIN, "cluster.local.");
    }

    @Test
    void aNameScriptedNotToExistDoesNotExistForOtherTypesEither() throws IOException {
        dns.on(ORDERS, A).nxdomain();

        assertNegative(udp(dns, ORDERS, AAAA), Rcode.NXDOMAIN, "cluster.local.");
        assertNegative(udp(dns, "shop.svc.cluster.local", A), Rcode.NXDOMAIN, "cluster.local.");
    }

    @Test
    void namesOutsideItsZonesAreRefusedUnlessScripted() throws IOException {
        dns.on("www.example.org", A).answer("192.0.2.1");

        Message refused = udp(dns, "example.org", A);

        assertThat(refused.getRcode()).isEqualTo(Rcode.REFUSED.code());
        assertThat(refused.getSection(Section.AUTHORITY)).isEmpty();
        assertThat(answers(udp(dns, "www.example.org", A))).containsExactly("192.0.2.1");
    }

    @Test
    void itsZonesCanBeChanged() throws IOException {
        dns.serving("cluster.local", "east.cluster.local.");

        assertThat(udp(dns, "a.clusterset.local", A).getRcode()).isEqualTo(Rcode.REFUSED.code());
        assertNegative(udp(dns, "a.east.cluster.local", A), Rcode.NXDOMAIN, "east.cluster.local.");
    }

    @Test
    void flagsAreThoseOfCoreDns() throws IOException {
        dns.service(ORDERS, "10.0.0.1");
        Message query = query(ORDERS, A);

        Message answer = udp(dns, query);

        assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
        assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RD)).isTrue();
        assertThat(answer.getHeader().getFlag(Flags.RA)).isFalse();
        assertThat(answer.getQuestion()).isEqualTo(query.getQuestion());
    }

    @Test
    void matchesInAnyLetterCaseAndEchoesTheQuestions() throws IOException {
        dns.service(ORDERS, "10.0.0.1");

        Message answer = udp(dns, "Orders.SHOP.svc.cluster.local", A);

        assertThat(answer.getSection(Section.ANSWER))
                .singleElement()
                .satisfies(
                        record -> assertThat(record.getName().toString()).isEqualTo("Orders.SHOP.svc.cluster.local."));
    }

    @Test
    void answersTheSameOverTcpSeveralTimesPerConnection() throws IOException {
        dns.service(ORDERS, "10.0.0.1");

        try (var socket = RawClient.connect(dns.address())) {
            RawClient.sendFramed(socket, query(ORDERS, A));
            RawClient.sendFramed(socket, query(ORDERS, AAAA));

            assertThat(answers(RawClient.receiveFramed(socket))).containsExactly("10.0.0.1");
            assertNegative(RawClient.receiveFramed(socket), Rcode.NOERROR, "cluster.local.");
        }
        assertThat(answers(tcp(dns, ORDERS, A))).containsExactly("10.0.0.1");
    }

    @Test
    void anOrdinaryResolverUnderstandsIt() throws IOException {
        String[] many = new String[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = "10.0.1." + i;
        }
        dns.service(ORDERS, many);
        SimpleResolver resolver = new SimpleResolver(dns.address());
        resolver.setTimeout(Duration.ofSeconds(10));
        resolver.setEDNS(0, 512, 0);

        Message answer = resolver.send(query(ORDERS, A));

        assertThat(answers(answer)).containsExactly(many);
        assertThat(dns.questions()).extracting(Question::transport).containsExactly(Transport.UDP, Transport.TCP);
    }

    @Test
    void largeAnswersAreTruncatedToWhatTheClientTakes() throws IOException {
        String[] many = new String[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = "10.0.1." + i;
        }
        dns.service(ORDERS, many);

        Message plain = udp(dns, ORDERS, A);
        Message edns = udp(dns, RawClient.queryWithEdns(ORDERS, A, 800));
        Message large = udp(dns, RawClient.queryWithEdns(ORDERS, A, 1232));

        assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(plain.numBytes()).isBetween(490, 512);
        assertThat(answers(plain)).containsExactly(Arrays.copyOf(many, 29));
        assertThat(plain.getOPT()).isNull();
        assertThat(edns.getHeader().getFlag(Flags.TC)).isTrue();
        assertThat(edns.numBytes()).isBetween(780, 800);
        assertThat(edns.getOPT()).isNotNull();
        assertThat(large.getHeader().getFlag(Flags.TC)).isFalse();
        assertThat(answers(large)).hasSize(60);
    }

    @Test
    void whatItDoesNotUnderstandIsSaidSo() throws IOException {
        byte[] noise = query(ORDERS, A).toWire();
        noise[5] = 9; // nine questions, one there
        Message update = query(ORDERS, A);
        update.getHeader().setOpcode(Opcode.NOTIFY);
        Message chaos = Message.newQuery(Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CHAOS));

        assertThat(new Message(udp(dns, noise)).getRcode()).isEqualTo(Rcode.FORMERR.code());
        assertThat(udp(dns, update).getRcode()).isEqualTo(Rcode.NOTIMP.code());
        assertThat(udp(dns, chaos).getRcode()).isEqualTo(Rcode.REFUSED.code());
    }

    @Test
    void noiseDoesNotEndIt() throws IOException {
        dns.service(ORDERS, "10.0.0.1");
        Random random = new Random(42);
        byte[] good = RawClient.queryWithEdns(ORDERS, A, 1232).toWire();

        try (DatagramSocket socket = RawClient.connected(dns)) {
            for (int i = 0; i < 5_000; i++) {
                byte[] noise = Arrays.copyOf(good, random.nextInt(good.length + 10));
                for (int flips = random.nextInt(4); flips > 0 && noise.length > 0; flips--) {
                    noise[random.nextInt(noise.length)] = (byte) random.nextInt();
                }
                socket.send(new DatagramPacket(noise, noise.length));
                if (i % 50 == 0) { // or the socket's buffer would overflow
                    assertThat(answers(udp(dns, ORDERS, A))).containsExactly("10.0.0.1");
                }
            }
        }
    }

    @Test
    void srvRecordsSayWhatTheyWereTold() throws IOException {
        dns.on(ORDERS, SRV)
                .srv(
                        Duration.ofSeconds(7),
                        Srv.to("a." + ORDERS, 8080)
                                .withPriority(1)
                                .withWeight(2)
                                .withGlue("10.0.0.1"),
                        Srv.to("b." + ORDERS, 8081));

        Message answer = udp(dns, ORDERS, SRV);

        assertThat(answer.getSection(Section.ANSWER)).hasSize(2).first().satisfies(first -> {
            assertThat(first.getTTL()).isEqualTo(7);
            assertThat(((SRVRecord) first).getPriority()).isEqualTo(1);
            assertThat(((SRVRecord) first).getWeight()).isEqualTo(2);
        });
        assertThat(rdata(answer, Section.ADDITIONAL)).containsExactly("10.0.0.1");
        assertThat(udp(dns, "a." + ORDERS, A).getRcode())
                .as("glue is only glue")
                .isEqualTo(Rcode.NXDOMAIN.code());
    }

    @Test
    void startsOnAGivenPortAndSaysWhereItIs() {
        int port;
        try (FakeDnsServer first = FakeDnsServer.start()) {
            port = first.port();
            assertThatThrownBy(() -> FakeDnsServer.start(port))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("127.0.0.1:" + port);
        }
        try (FakeDnsServer second = FakeDnsServer.start(port)) {
            assertThat(second.endpoint()).isEqualTo("127.0.0.1:" + port);
            assertThat(second.address().getAddress()).isEqualTo(InetAddress.getLoopbackAddress());
            assertThat(second).hasToString("FakeDnsServer 127.0.0.1:" + port);
        }
        assertThatThrownBy(() -> FakeDnsServer.start(65_536))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("port: 65536 (expected: 0...65535)");
    }

    private static void assertNegative(Message answer, Rcode rcode, String zone) {
        assertThat(answer.getRcode()).isEqualTo(rcode.code());
        assertThat(answer.getSection(Section.ANSWER)).isEmpty();
        assertThat(answer.getSection(Section.AUTHORITY)).singleElement().satisfies(record -> {
            assertThat(record).isInstanceOf(SOARecord.class);
            assertThat(record.getName().toString()).isEqualTo(zone);
            assertThat(record.getTTL()).isEqualTo(5);
            assertThat(((SOARecord) record).getMinimum()).isEqualTo(5);
        });
    }
}
