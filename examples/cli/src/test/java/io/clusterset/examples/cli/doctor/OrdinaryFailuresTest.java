package io.clusterset.examples.cli.doctor;

import static io.clusterset.examples.cli.doctor.Ward.ASKED;
import static io.clusterset.examples.cli.doctor.Ward.HOME;
import static io.clusterset.examples.cli.doctor.Ward.SET;
import static io.clusterset.examples.cli.doctor.Ward.all;
import static io.clusterset.examples.cli.doctor.Ward.the;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Forgery;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.testkit.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrdinaryFailuresTest {

    private static final Duration SHORT = Duration.ofSeconds(4); // in which each question has its share

    private Ward ward;

    @BeforeEach
    void admit(@TempDir Path root) {
        ward = new Ward(root);
        ward.home().set();
    }

    @AfterEach
    void discharge() {
        ward.close();
    }

    @Test
    void nobodyAnswers() {
        ward.dns.silence();
        Diagnosis diagnosis = ward.timeout(SHORT).examine();

        Finding server = the(diagnosis, "nameserver");
        assertThat(server.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(server.seen()).contains("cluster.local. SOA: no answer", "cluster.local. SOA by TCP: no answer");
        assertThat(server.means()).startsWith("No nameserver answers: every tier stays unknown");
        assertThat(server.mend()).contains("Allow egress to port 53, UDP and TCP");
        assertThat(the(diagnosis, "home-zone").severity()).isEqualTo(Severity.SKIPPED);
        assertThat(the(diagnosis, "clusterset-zone").severity()).isEqualTo(Severity.SKIPPED);
        assertThat(all(diagnosis, "tcp")).isEmpty();
        assertThat(ward.dns.questions().stream().filter(question -> question.transport() == Transport.UDP))
                .as("a packet may be lost once")
                .hasSize(2);
    }

    @Test
    void oneOfTwoIsDeadAndIsNamed() {
        try (FakeDnsServer second = FakeDnsServer.start()) {
            ward.nameservers.add(second.address());
            second.silence();
            Diagnosis diagnosis = ward.timeout(SHORT).examine();

            assertThat(all(diagnosis, "nameserver"))
                    .extracting(Finding::severity)
                    .containsExactly(Severity.OK, Severity.PROBLEM);
            Finding dead = all(diagnosis, "nameserver").get(1);
            assertThat(dead.seen()).startsWith(second.endpoint() + ": cluster.local. SOA: no answer");
            assertThat(dead.means()).contains("goes on to another nameserver");
            assertThat(the(diagnosis, "home-zone").severity()).isEqualTo(Severity.OK);
            assertThat(diagnosis.problems()).isOne();
        }
    }

    @Test
    void oneOfTwoDoesNotKnowTheZone() {
        try (FakeDnsServer second = FakeDnsServer.start()) {
            ward.nameservers.add(second.address());
            Ward.home(second);
            second.serving();
            Diagnosis diagnosis = ward.examine();

            assertThat(all(diagnosis, "clusterset-zone"))
                    .extracting(Finding::severity)
                    .containsExactly(Severity.OK, Severity.PROBLEM);
            assertThat(all(diagnosis, "clusterset-zone").get(1).seen())
                    .startsWith(second.endpoint() + ": clusterset.local. SOA: REFUSED, no SOA");
            assertThat(all(diagnosis, "clusterset-zone").get(1).means()).contains("stays unknown");
            assertThat(the(diagnosis, "agreement").seen())
                    .isEqualTo("clusterset.local: " + ward.dns.endpoint() + " serves it, " + second.endpoint()
                            + " does not serve it");
        }
    }

    @Test
    void tcpIsRefused() {
        ward.dns.refuseTcp();
        Finding tcp = the(ward.examine(), "tcp");

        assertThat(tcp.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(tcp.seen())
                .isEqualTo(ward.dns.endpoint() + ": cluster.local. SOA by TCP: refused, nobody listens there");
        assertThat(tcp.means()).contains("comes cut");
        assertThat(tcp.mend()).contains("TCP port 53 beside UDP", "NetworkPolicies");
    }

    @Test
    void tcpIsSilent() {
        ward.dns.silenceTcp();
        Diagnosis diagnosis = ward.timeout(SHORT).examine();

        assertThat(the(diagnosis, "tcp").seen()).contains("cluster.local. SOA by TCP: no answer");
        assertThat(diagnosis.problems()).isOne();
    }

    @Test
    void thereIsNoResolvConf() {
        ward.nameservers.clear();
        Diagnosis diagnosis = ward.withoutResolvConf().examine();

        Finding file = the(diagnosis, "resolv-conf");
        assertThat(file.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(file.seen()).endsWith("etc/resolv.conf: no such file");
        assertThat(file.mend()).contains("dnsPolicy: ClusterFirst", "discovery.dns.nameservers=IP, or --dns IP");
        assertThat(the(diagnosis, "library").severity()).isEqualTo(Severity.PROBLEM);
        assertThat(all(diagnosis, "nameserver")).isEmpty();
        assertThat(the(diagnosis, "home-zone")).isEqualTo(Finding.skipped("home-zone", "cluster.local: nobody to ask"));
    }

    @Test
    void withNameserversGivenResolvConfDoesNotMatter() {
        Diagnosis diagnosis = ward.withoutResolvConf()
                .setting("discovery.dns.nameservers", ward.dns.endpoint())
                .examine();

        assertThat(the(diagnosis, "resolv-conf").severity()).isEqualTo(Severity.NOTE);
        assertThat(diagnosis.problems()).isZero();
    }

    @Test
    void aLaptopsResolvConf() {
        Finding file =
                the(ward.resolvConf("nameserver 127.0.0.53\nsearch lan\n").examine(), "resolv-conf");

        assertThat(file.severity()).isEqualTo(Severity.NOTE);
        assertThat(file.means()).contains("No svc.DOMAIN in the search list");
        assertThat(file.mend()).contains("ClusterFirstWithHostNet");
    }

    @Test
    void aNameserverThatIsNoAddressIsShown() {
        Finding file = the(
                ward.resolvConf("nameserver dns\u001b.example\nnameserver 10.96.0.10\n" + Ward.SEARCH)
                        .examine(),
                "resolv-conf");

        assertThat(file.severity()).isEqualTo(Severity.NOTE);
        assertThat(file.seen()).contains("nameserver 10.96.0.10 (no address: 'dns\\u001b.example')", "ndots 5");
    }

    @Test
    void theLibraryIsSwitchedOff() {
        Finding library = the(ward.setting("discovery.enabled", "false").examine(), "library");

        assertThat(library.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(library.seen()).startsWith("discovery.enabled=false (");
    }

    @Test
    void theClusterHasAnotherName() {
        ward.resolvConf("nameserver 10.96.0.10\nsearch shop.svc.k8s.corp svc.k8s.corp k8s.corp\n");
        for (Query query : new Query[] {ASKED.apex(HOME), ASKED.api(HOME), ASKED.absent(HOME)}) {
            ward.says(query, "negative-0103");
        }
        ward.says(ASKED.api("k8s.corp"), "cluster-b-0827");
        Finding home = the(ward.examine(), "home-zone");

        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.seen())
                .contains("cluster.local. SOA: NXDOMAIN, SOA of .")
                .endsWith("but kubernetes.default.svc.k8s.corp. is answered");
        assertThat(home.mend()).startsWith("Set discovery.cluster-domain=k8s.corp, or don't set it");
    }

    @Test
    void theNameserverIsNotTheClusters() {
        for (Query query : new Query[] {ASKED.apex(HOME), ASKED.api(HOME), ASKED.absent(HOME)}) {
            ward.says(query, "negative-0103");
        }
        Finding home = the(ward.examine(), "home-zone");

        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.mend()).contains("it is not this cluster's nameserver", "discovery.cluster-domain");
    }

    @Test
    void theUpstreamOfTheZoneFails() {
        for (Query query : new Query[] {ASKED.apex(SET), ASKED.absent(SET)}) {
            ward.dns.on(query.name()).rcode(Rcode.SERVFAIL);
        }
        Finding set = the(ward.examine(), "clusterset-zone");

        assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(set.seen()).contains("clusterset.local. SOA: SERVFAIL, no SOA");
        assertThat(set.means()).isEqualTo("The clusterset tier stays unknown.");
        assertThat(set.mend()).startsWith("The zone is forwarded to somebody who fails");
    }

    @Test
    void theUpstreamOfTheZoneIsSilent() {
        for (Query query : new Query[] {ASKED.apex(SET), ASKED.absent(SET), ASKED.version(SET)}) {
            ward.dns.on(query.name()).drop();
        }
        Diagnosis diagnosis = ward.timeout(SHORT).examine();

        Finding set = the(diagnosis, "clusterset-zone");
        assertThat(set.seen()).contains("clusterset.local. SOA: no answer");
        assertThat(set.means()).contains("each question waits in vain");
        assertThat(the(diagnosis, "nameserver").severity())
                .as("the server itself is well")
                .isEqualTo(Severity.OK);
        assertThat(ward.dns.questions(ASKED.version(SET).name()))
                .as("two silences are enough")
                .isEmpty();
    }

    @Test
    void lighthouseServesWithoutSoa() {
        ward.dns.on(ASKED.apex(SET).name()).rcode(Rcode.NOTIMP);
        ward.dns.on(ASKED.version(SET).name()).rcode(Rcode.NOTIMP);
        ward.dns.on(ASKED.absent(SET).name()).nxdomain().withoutSoa();
        Finding set = the(ward.examine(), "clusterset-zone");

        assertThat(set.severity()).isEqualTo(Severity.OK);
        assertThat(set.seen()).contains("Lighthouse answers so");
    }

    @Test
    void aServiceThatNobodyHasIsAnswered() {
        ward.dns.on(ASKED.absent(SET).name(), RecordType.A).answer("192.0.2.1");
        Finding set = the(ward.examine(), "clusterset-zone");

        assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(set.mend()).contains("wildcard");
    }

    @Test
    void aLostPacketIsNoted() {
        ward.dns.on(ASKED.api(HOME).name(), RecordType.A).drop();
        Diagnosis diagnosis = ward.timeout(SHORT).examine();

        Finding server = the(diagnosis, "nameserver");
        assertThat(server.severity()).isEqualTo(Severity.NOTE);
        assertThat(server.seen()).contains("1 of ", "the first: kubernetes.default.svc.cluster.local. A: no answer");
    }

    @Test
    void theZoneIsUnknown() {
        Finding zone = the(ward.withoutLabels().examine(), "own-zone");

        assertThat(zone.severity()).isEqualTo(Severity.NOTE);
        assertThat(zone.mend()).contains("    volumeMounts:\n", "CLUSTERSET_TOPOLOGY_ZONE=eu-1");
    }

    @Test
    void theClockIsWrong() {
        Finding skewed = the(ward.api(200, "", Duration.ofSeconds(-31)).examine(), "clock");
        assertThat(skewed.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(skewed.seen()).endsWith("31 s behind");
        assertThat(skewed.mend()).contains("time synchronization");
        assertThat(the(ward.api(403, "", Duration.ofSeconds(30)).examine(), "clock")
                        .severity())
                .as("30 s are borne; a Date needs no rights")
                .isEqualTo(Severity.OK);

        Finding lost = the(ward.now(Instant.EPOCH).examine(), "clock");
        assertThat(lost.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(lost.seen()).contains("1970-01-01T00:00:00Z");
    }

    @Test
    void theClockIsNotComparedOutsideAPod() {
        assertThat(the(ward.examine(), "clock"))
                .isEqualTo(Finding.skipped(
                        "clock", "the year is sane (2026); not compared with the API server: no ca.crt: not in a pod"));
    }

    @Test
    void whatIsNotAskedInTimeIsSkipped() {
        Diagnosis diagnosis =
                ward.timeout(Duration.ofSeconds(29)).tick(Duration.ofSeconds(1)).examine();

        assertThat(the(diagnosis, "home-zone").severity()).isEqualTo(Severity.OK);
        assertThat(the(diagnosis, "clusterset-zone"))
                .isEqualTo(Finding.skipped(
                        "clusterset-zone", ward.dns.endpoint() + ": out of time before clusterset.local (--timeout)"));
    }

    @Test
    void forgedAndForeignDatagramsAreNoAnswers() {
        ward.dns.on(ASKED.api(HOME).name(), RecordType.A).answer("10.96.0.1").precededBy(Forgery.values());

        Server server = ward.look(Optional.empty()).servers().get(0);
        assertThat(server.reply(ASKED.api(HOME)))
                .hasValueSatisfying(reply -> assertThat(reply.data("A")).containsExactly("10.96.0.1"));
    }

    @Test
    void garbageIsShownAndNothingBreaks() {
        ward.dns.on(HOME, RecordType.SOA).raw(new byte[] {0, 0, (byte) 0x84, 0, 0, 1, 0, 0, 0, 0, 0, 0, 63, 1});
        Finding server = the(ward.timeout(SHORT).examine(), "nameserver");

        assertThat(server.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(server.seen())
                .startsWith(ward.dns.endpoint() + ": cluster.local. SOA: an answer that can't be read, and no other");
    }

    @Test
    void thoseThatAreDeadForTheSameReasonAreOneFinding() {
        try (FakeDnsServer second = FakeDnsServer.start()) {
            ward.nameservers.add(second.address());
            second.stop();
            ward.dns.stop();
            Finding dead = the(ward.examine(), "nameserver");

            assertThat(dead.seen()).contains(ward.dns.endpoint() + ": ", second.endpoint() + ": ");
            assertThat(dead.means()).startsWith("No nameserver answers");
        }
    }

    @Test
    void onlyUdpIsBlocked() {
        ward.dns.on(HOME, RecordType.SOA).drop().times(2).then().nodata();
        Finding server = the(ward.timeout(SHORT).examine(), "nameserver");

        assertThat(server.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(server.mend()).isEqualTo("UDP is blocked and TCP is not: allow egress to UDP port 53.");
    }

    @Test
    void homeFailsOrIsRefusedAndSoIsUnknown() {
        Query[] asked = {ASKED.apex(HOME), ASKED.api(HOME), ASKED.absent(HOME)};
        for (Query query : asked) {
            ward.dns.on(query.name()).rcode(Rcode.SERVFAIL);
        }
        Finding failed = the(ward.examine(), "home-zone");
        assertThat(failed.means()).startsWith("Home is unknown").contains("fails");
        assertThat(failed.mend()).doesNotContain("cluster-domain");

        for (Query query : asked) {
            ward.dns.on(query.name()).rcode(Rcode.REFUSED);
        }
        Finding refused = the(ward.examine(), "home-zone");
        assertThat(refused.means()).startsWith("Home is unknown").contains("refuses");
        assertThat(refused.mend()).contains("dnsPolicy", "Or the cluster has another domain");
    }
}
