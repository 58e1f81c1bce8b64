package io.clusterset.examples.cli.doctor;

import static io.clusterset.examples.cli.doctor.Ward.all;
import static io.clusterset.examples.cli.doctor.Ward.the;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.Rcode;
import io.clusterset.discovery.testkit.RecordType;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NameChecksTest {

    private static final String LOCAL = "orders.shop.svc.cluster.local";
    private static final String REMOTE = "orders.shop.svc.clusterset.local";

    private Ward ward;

    @BeforeEach
    void admit(@TempDir Path root) {
        ward = new Ward(root);
        ward.home().set();
        ward.dns.on("orders.shop").nxdomain();
    }

    @AfterEach
    void discharge() {
        ward.close();
    }

    private void headless() {
        ward.says(Query.udp(LOCAL, "A"), "multicluster-external-0544")
                .says(Query.udp(LOCAL, "SRV"), "multicluster-external-0545")
                .says(Query.udp(REMOTE, "A"), "multicluster-external-0542")
                .says(Query.udp(REMOTE, "SRV"), "multicluster-external-0543");
    }

    private void vips() {
        ward.says(Query.udp(LOCAL, "A"), "clusterip-0001")
                .says(Query.udp(LOCAL, "SRV"), "clusterip-0003")
                .says(Query.udp(REMOTE, "A"), "multicluster-external-0430")
                .says(Query.udp(REMOTE, "SRV"), "multicluster-external-0432");
    }

    @Test
    void aServiceOfBothZones() {
        headless();
        Diagnosis diagnosis = ward.examine("orders.shop:5432");

        assertThat(diagnosis.problems()).isZero();
        assertThat(all(diagnosis, "name"))
                .extracting(Finding::seen)
                .satisfiesExactly(
                        seen -> assertThat(seen)
                                .startsWith("local: " + ward.dns.endpoint() + ": " + LOCAL
                                        + ". A: NOERROR, 10.244.9.1 (ttl 30) in 0 ms"),
                        seen -> assertThat(seen).startsWith("clusterset: ").contains("10.244.9.1", "10.245.9.1"));
        assertThat(all(diagnosis, "overlap")).as("some of theirs are not ours").isEmpty();
        assertThat(the(diagnosis, "collision").severity()).isEqualTo(Severity.OK);
    }

    @Test
    void aNameIsOnlyLookedUpWhenOneIsGiven() {
        assertThat(all(ward.examine(), "name")).isEmpty();
        assertThat(ward.dns.questions()).noneMatch(question -> question.name().startsWith("orders"));
    }

    @Test
    void aNameOfNobodyIsRefused() {
        assertThatThrownBy(() -> ward.examine("www.example.com"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a name of ours");
    }

    @Test
    void oneVipForAllClustersCannotBeToldApart() {
        vips();
        Finding overlap = the(ward.examine("orders.shop:80"), "overlap");

        assertThat(overlap.severity()).isEqualTo(Severity.NOTE);
        assertThat(overlap.seen()).isEqualTo("local 10.96.10.1; clusterset 10.96.200.1");
        assertThat(overlap.means()).contains("can't be told");
    }

    @Test
    void theOtherTierHasNothingButHome() {
        headless();
        ward.dns.on(REMOTE, RecordType.A).answer("10.244.9.1");
        Finding overlap = the(ward.examine("orders.shop:5432"), "overlap");

        assertThat(overlap.means()).contains("nowhere to fail over to");
        assertThat(overlap.mend()).contains("ServiceExport");
    }

    @Test
    void aPortThatIsNotServed() {
        vips();
        Diagnosis diagnosis = ward.examine("orders.shop:8080");

        Finding port = all(diagnosis, "port").get(0);
        assertThat(port.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(port.seen()).contains("SRV says 80, 443; asked for 8080");
        assertThat(port.mend()).isEqualTo("Use 80, 443.");
    }

    @Test
    void aServicesPortIsNotTranslatedForHeadlessEndpoints() {
        headless();
        Finding port = all(ward.examine("orders.shop:80"), "port").get(0);

        assertThat(port.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(port.means()).startsWith("DNS does not translate a Service's port");
        assertThat(port.mend()).isEqualTo("Use 5432, or the port's name, which SRV translates.");
    }

    @Test
    void headlessWithoutAPort() {
        headless();
        Finding port = all(ward.examine("orders.shop"), "port").get(0);

        assertThat(port.severity()).isEqualTo(Severity.NOTE);
        assertThat(port.mend()).isEqualTo("Say it by name: discovery.services[orders.shop].port=NAME.");
    }

    @Test
    void aPortNameThatIsNotServed() {
        headless();
        ward.dns.on("_web._tcp." + LOCAL, RecordType.SRV).nxdomain();
        ward.dns.on("_web._tcp." + REMOTE, RecordType.SRV).nxdomain();
        Finding port = all(ward.examine("orders.shop:web"), "port").get(0);

        assertThat(port.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(port.seen()).contains("_web._tcp." + LOCAL + ". SRV: NXDOMAIN", "the name itself is there");
        assertThat(port.mend()).contains("(it has 5432)");
    }

    @Test
    void anExternalNameLeadsOutOfTheZone() {
        ward.says(Query.udp(LOCAL, "A"), "externalname-0241");
        Finding alias = the(ward.examine("orders.shop"), "external-name");

        assertThat(alias.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(alias.seen()).isEqualTo("local: " + LOCAL + ". is an alias of target.example.test.");
        String line = "discovery.services[orders.shop].tiers=outside=target.example.test@target.example.test";
        assertThat(alias.mend()).startsWith("Call target.example.test itself").endsWith("\n    " + line);

        String[] setting = line.split("=", 2);
        assertThat(ward.setting(setting[0], setting[1])
                        .look(Optional.of("orders.shop"))
                        .subject())
                .as("the line works")
                .hasValueSatisfying(subject -> assertThat(subject.lookups())
                        .extracting(Subject.Lookup::name)
                        .containsExactly("target.example.test"));
    }

    @Test
    void theNameExistsOutsideToo() {
        headless();
        ward.says(Query.udp("orders.shop", "A"), "negative-0100");
        Diagnosis diagnosis = ward.examine("orders.shop:5432");

        Finding collision = the(diagnosis, "collision");
        assertThat(collision.severity()).isEqualTo(Severity.NOTE);
        assertThat(collision.seen()).contains("orders.shop. A: NOERROR, 192.0.2.80 192.0.2.81");
        assertThat(collision.means()).contains("as it stands", "The library never asks for it");
    }

    @Test
    void theNameExistsOutsideOnly() {
        for (String name : new String[] {LOCAL, REMOTE}) {
            ward.dns.on(name).nxdomain();
        }
        ward.says(Query.udp("orders.shop", "A"), "negative-0100");
        Diagnosis diagnosis = ward.examine("orders.shop");

        assertThat(the(diagnosis, "collision").severity()).isEqualTo(Severity.PROBLEM);
        assertThat(the(diagnosis, "collision").mend()).contains("orders.shop.svc.DOMAIN");
        assertThat(all(diagnosis, "name")).extracting(Finding::severity).containsOnly(Severity.PROBLEM);
    }

    @Test
    void aSearchDomainOfNoTierHasTheName() {
        headless();
        ward.resolvConf(
                "nameserver 10.96.0.10\nsearch shop.svc.cluster.local svc.cluster.local cluster.local corp.example\n");
        ward.says(Query.udp("orders.shop.corp.example", "A"), "negative-0100");
        Finding collision = the(ward.examine("orders.shop:5432"), "collision");

        assertThat(collision.seen()).contains("orders.shop.corp.example. A: NOERROR, 192.0.2.80");
        assertThat(collision.mend()).contains("dnsConfig");
    }

    @Test
    void aTierThatFailsForTheName() {
        headless();
        ward.dns.on(REMOTE).rcode(Rcode.SERVFAIL);
        Finding remote = all(ward.examine("orders.shop:5432"), "name").get(1);

        assertThat(remote.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(remote.seen()).contains("SERVFAIL");
        assertThat(remote.means()).contains("load does not move for it");
    }

    @Test
    void nameserversThatDontAgreeOnTheName() {
        headless();
        try (FakeDnsServer second = FakeDnsServer.start()) {
            ward.nameservers.add(second.address());
            Ward.home(second);
            Ward.set(second);
            second.on(LOCAL, RecordType.A).answer("10.244.9.7");
            second.on(REMOTE).nxdomain();
            Diagnosis diagnosis = ward.examine("orders.shop:5432");

            Finding local = all(diagnosis, "name-agreement").get(0);
            assertThat(local.severity()).isEqualTo(Severity.NOTE);
            assertThat(local.seen()).contains("10.244.9.1", second.endpoint(), "10.244.9.7");
            assertThat(local.mend()).contains("stale");
        }
    }

    @Test
    void whatIsCutIsFetchedByTcp() {
        ward.dns.on(LOCAL, RecordType.A).answer("10.244.9.1", "10.244.9.2").truncate();
        Finding local = all(ward.examine("orders.shop"), "name").get(0);

        assertThat(local.severity()).isEqualTo(Severity.OK);
        assertThat(local.seen()).contains("by TCP: NOERROR, 10.244.9.1 10.244.9.2");
    }

    @Test
    void whetherTheNameExistsOutsideIsNotGuessed() {
        headless();
        ward.dns.forget("orders.shop");

        assertThat(the(ward.examine("orders.shop:5432"), "collision"))
                .isEqualTo(Finding.skipped("collision", "no nameserver says whether orders.shop. exists"));
    }

    @Test
    void addressesThatTheLibraryRefuses() {
        ward.dns.on(LOCAL, RecordType.A).answer("127.0.0.1", "169.254.169.254");
        ward.dns.on(REMOTE).nxdomain();
        Diagnosis diagnosis = ward.examine("orders.shop:80");

        Finding refused = the(diagnosis, "addresses");
        assertThat(refused.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(refused.seen())
                .isEqualTo("local: 127.0.0.1: loopback address from DNS; 169.254.169.254: link-local address from DNS");
        assertThat(refused.mend()).contains("discovery.dns.allow-addresses");
        assertThat(all(diagnosis, "name").get(1).means())
                .as("the other one has nothing that can be used")
                .endsWith("nor in another one.");
    }

    @Test
    void someAddressesThatTheLibraryRefuses() {
        ward.dns.on(LOCAL, RecordType.A).answer("127.0.0.1", "10.244.9.1");
        assertThat(the(ward.examine("orders.shop:80"), "addresses").severity()).isEqualTo(Severity.NOTE);

        ward.setting("discovery.dns.allow-addresses", "127.0.0.0/8");
        assertThat(all(ward.examine("orders.shop:80"), "addresses")).isEmpty();
    }

    @Test
    void whatIsCutAndNotFetchedIsUnknown() {
        headless();
        ward.dns.on(LOCAL, RecordType.A).nodata().truncate();
        ward.dns.refuseTcp();
        Finding local = all(ward.examine("orders.shop:5432"), "name").get(0);

        assertThat(local.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(local.means()).contains("the local tier is unknown for this name");
        assertThat(local.mend()).contains("tcp above");
    }

    @Test
    void otherPortsAtTheSameAddressesAreOtherEndpoints() {
        headless();
        ward.dns.on(REMOTE, RecordType.A).answer("10.244.9.1");
        ward.dns.on("_web._tcp." + LOCAL, RecordType.SRV).answer("0 100 8101 a." + LOCAL + ".");
        ward.dns.on("_web._tcp." + REMOTE, RecordType.SRV).answer("0 100 8201 a." + REMOTE + ".");

        assertThat(all(ward.examine("orders.shop:web"), "overlap")).isEmpty();
    }
}
