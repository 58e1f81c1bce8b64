package io.clusterset.examples.cli.doctor;

import static io.clusterset.examples.cli.doctor.Ward.ASKED;
import static io.clusterset.examples.cli.doctor.Ward.HOME;
import static io.clusterset.examples.cli.doctor.Ward.SET;
import static io.clusterset.examples.cli.doctor.Ward.the;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.RecordType;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What real servers said in each condition, over sockets, and what the doctor calls it. */
class RecordedConditionsTest {

    private static final String CRD = "\"serviceimports\"";

    private Ward ward;

    @BeforeEach
    void admit(@TempDir Path root) {
        ward = new Ward(root);
    }

    @AfterEach
    void discharge() {
        ward.close();
    }

    @Test
    void allIsWell() {
        Diagnosis diagnosis = ward.home().set().api(200, CRD, Duration.ZERO).examine();

        assertThat(diagnosis.problems()).isZero();
        assertThat(the(diagnosis, "home-zone"))
                .isEqualTo(Finding.ok(
                        "home-zone",
                        "cluster.local: served by " + ward.dns.endpoint() + " (SOA of ns.dns.cluster.local., ttl 30)"));
        assertThat(the(diagnosis, "clusterset-zone").seen())
                .startsWith("clusterset.local: served by " + ward.dns.endpoint()
                        + " (SOA of ns.dns.clusterset.local., ttl 5)");
        assertThat(the(diagnosis, "tcp").severity()).isEqualTo(Severity.OK);
        assertThat(the(diagnosis, "edns").seen()).contains("1232 octets");
        assertThat(the(diagnosis, "cache").seen()).isEqualTo("clusterset.local: no cache at " + ward.dns.endpoint());
        assertThat(the(diagnosis, "service-imports").severity()).isEqualTo(Severity.OK);
        assertThat(the(diagnosis, "own-zone").seen()).contains("zone eu-1");
        assertThat(the(diagnosis, "clock").severity()).isEqualTo(Severity.OK);
        assertThat(ward.pauses).as("waits only where a cache is").isEmpty();
    }

    @Test
    void inTreeAllIsWell() {
        ward.home().set();
        ward.says(ASKED.apex(SET), "multicluster-intree-0611").says(ASKED.absent(SET), "multicluster-intree-0603");

        assertThat(ward.examine().problems()).isZero();
    }

    @Test
    void theStockCorefileSendsTheZoneOutside() {
        Diagnosis diagnosis = ward.home().setOutside().examine();

        assertThat(the(diagnosis, "home-zone").severity()).isEqualTo(Severity.OK);
        Finding zone = the(diagnosis, "clusterset-zone");
        assertThat(zone.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(zone.seen())
                .isEqualTo(ward.dns.endpoint()
                        + ": clusterset.local. SOA: NXDOMAIN, SOA of . in 0 ms;"
                        + " no-such-service.default.svc.clusterset.local. A: NXDOMAIN, SOA of . in 0 ms");
        assertThat(zone.means()).startsWith("The question left the cluster.").contains("no call ever leaves");
        assertThat(zone.mend())
                .contains(
                        "    kubernetes cluster.local clusterset.local in-addr.arpa ip6.arpa {\n",
                        "        multicluster clusterset.local\n",
                        "resources: [serviceimports]",
                        "clusterset.local:53 {")
                .doesNotContain("NodeLocal");
    }

    @Test
    void theCrdIsMissingForAZoneThatNobodyServesYet() {
        Finding imports =
                the(ward.home().setOutside().api(404, "", Duration.ZERO).examine(), "service-imports");

        assertThat(imports.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(imports.mend()).startsWith("Install the CRD");
    }

    @Test
    void unsynced() {
        Diagnosis diagnosis = unsyncedPlugin("unsynced-0010", "unsynced-0002", "unsynced-0003")
                .examine();

        Finding home = the(diagnosis, "home-zone");
        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.seen())
                .contains("kubernetes.default.svc.cluster.local. A: SERVFAIL, SOA of cluster.local. in 0 ms");
        assertThat(home.means()).contains("has read nothing of it");
        assertThat(home.mend())
                .contains("CoreDNS has just started", "can't reach the API server", "may read nothing", Mends.LOGS)
                .contains("resources: [endpointslices]", "resources: [services, namespaces, pods]")
                .doesNotContain("rights are likelier");
        Finding set = the(diagnosis, "clusterset-zone");
        assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(set.seen()).contains("svc.clusterset.local. A: SERVFAIL, SOA of clusterset.local.");
        assertThat(set.mend()).contains("mend home-zone (above) first");
    }

    @Test
    void unsyncedBehindACacheLooksTheSame() {
        unsyncedPlugin("unsynced-0042", "unsynced-0034", "unsynced-0035");
        ward.says(ASKED.version(HOME), "unsynced-0047");
        Diagnosis diagnosis = ward.examine();

        assertThat(the(diagnosis, "home-zone").means()).contains("has read nothing of it");
    }

    /** The same answers as when it has not synced: only the API server's own word makes one likelier. */
    @Test
    void noRightsAtAll() {
        Diagnosis diagnosis = unsyncedPlugin("no-rights-0002", "no-rights-0003", "no-rights-0006")
                .api(200, CRD, Duration.ZERO)
                .examine();

        Finding home = the(diagnosis, "home-zone");
        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.mend())
                .contains("\"forbidden\"", "rights are likelier", "multicluster.x-k8s.io/v1alpha1: status 200");
    }

    private Ward unsyncedPlugin(String api, String absent, String absentInSet) {
        return ward.home()
                .set()
                .says(ASKED.apex(HOME), "unsynced-0005")
                .says(ASKED.version(HOME), "unsynced-0015")
                .says(ASKED.api(HOME), api)
                .says(ASKED.absent(HOME), absent)
                .says(ASKED.apex(SET), "unsynced-0005")
                .says(ASKED.version(SET), "unsynced-0015")
                .says(ASKED.absent(SET), absentInSet);
    }

    private Ward partly(String api, String absent, String absentInSet) {
        return unsyncedPlugin(api, absent, absentInSet).says(ASKED.apex(HOME), "negative-0075");
    }

    @Test
    void noCrd() {
        Diagnosis diagnosis = partly("no-crd-0001", "no-crd-0002", "no-crd-0003")
                .api(404, "404 page not found", Duration.ZERO)
                .examine();

        Finding set = the(diagnosis, "clusterset-zone");
        assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(set.seen())
                .contains(
                        "no-such-service.default.svc.clusterset.local. A: SERVFAIL, SOA of clusterset.local. in 0 ms");
        assertThat(set.means()).contains("status 404: there is no ServiceImport CRD");
        assertThat(set.mend())
                .startsWith("Install the CRD serviceimports.multicluster.x-k8s.io, with v1alpha1 served")
                .doesNotContain("ClusterRole");
        assertThat(the(diagnosis, "service-imports").means()).isEqualTo("It is what the zone above waits for.");
        Finding home = the(diagnosis, "home-zone");
        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.seen())
                .contains(
                        "kubernetes.default.svc.cluster.local. A: NOERROR, 10.97.10.1",
                        "no-such-service.default.svc.cluster.local. A: SERVFAIL, SOA of cluster.local.");
        assertThat(home.means()).contains("SERVFAIL instead of NXDOMAIN", "does not fail over for it");
        assertThat(home.mend()).contains("mend the other zone (below)");
    }

    @Test
    void noRightToReadServiceImports() {
        Diagnosis diagnosis = partly("no-rights-0009", "no-rights-0010", "no-rights-0013")
                .api(200, CRD, Duration.ZERO)
                .examine();

        Finding set = the(diagnosis, "clusterset-zone");
        assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(set.means()).contains("The CRD is there", "so its rights are missing");
        assertThat(set.mend())
                .startsWith("Add to ClusterRole system:coredns")
                .contains(Mends.importsRule())
                .doesNotContain("Install the CRD");
    }

    /** Without the API server's word DNS looks the same for both, and for a third. */
    @Test
    void whatCannotBeToldApartIsSaidWithTheWayToTellIt() {
        for (String[] said : new String[][] {
            {"no-crd-0001", "no-crd-0002", "no-crd-0003"},
            {"no-rights-0009", "no-rights-0010", "no-rights-0013"},
            {"no-rights-0023", "no-rights-0024", "no-rights-0027"}
        }) {
            Finding set = the(partly(said[0], said[1], said[2]).examine(), "clusterset-zone");

            assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
            assertThat(set.means()).contains("Two causes look the same");
            assertThat(set.mend())
                    .contains("    kubectl get crd serviceimports.multicluster.x-k8s.io\nNotFound: Install the CRD")
                    .contains("resources: [serviceimports]", "resources: [endpointslices]");
        }
    }

    @Test
    void noRightToReadSlicesBesideTheExternalPlugin() {
        Diagnosis diagnosis = ward.home()
                .set()
                .says(ASKED.api(HOME), "no-rights-0030")
                .says(ASKED.absent(HOME), "no-rights-0031")
                .says(ASKED.absent(SET), "no-rights-0034")
                .examine();

        Finding home = the(diagnosis, "home-zone");
        assertThat(home.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(home.seen()).contains("A: SERVFAIL, SOA of cluster.local.");
        assertThat(home.mend())
                .contains("may not read EndpointSlices", "the clusterset zone may say NXDOMAIN for those it has")
                .contains("resources: [endpointslices]");
        assertThat(the(diagnosis, "clusterset-zone").severity()).isEqualTo(Severity.OK);
    }

    /** The external plugin keeps the port shut until it has read ServiceImports: no CRD, no rights, no API server. */
    @Test
    void theExternalPluginThatWaitsKeepsItsPortShut() {
        ward.dns.stop();
        Diagnosis diagnosis = ward.examine();

        Finding server = the(diagnosis, "nameserver");
        assertThat(server.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(server.seen())
                .isEqualTo(ward.dns.endpoint() + ": cluster.local. SOA: refused, nobody listens there;"
                        + " cluster.local. SOA by TCP: refused, nobody listens there");
        assertThat(server.means()).startsWith("No nameserver answers");
        assertThat(server.mend())
                .contains("no DNS server runs at that address", "external multicluster plugin and waits", Mends.LOGS)
                .contains("Install the CRD", "resources: [serviceimports]");
        assertThat(the(diagnosis, "home-zone"))
                .isEqualTo(Finding.skipped("home-zone", "cluster.local: no nameserver answers"));
    }

    @Test
    void kubeadmsCacheKeepsTheClustersetZoneAlone() {
        Diagnosis diagnosis = ward.home()
                .set()
                .says(ASKED.version(HOME), "unsynced-0047")
                .says(ASKED.version(SET), "unsynced-0047")
                .says(ASKED.absent(HOME), "kubeadm-corefile-2006", "kubeadm-corefile-2025")
                .says(ASKED.absent(SET), "kubeadm-corefile-2012", "kubeadm-corefile-2030")
                .examine();

        Finding cache = the(diagnosis, "cache");
        assertThat(cache.severity()).isEqualTo(Severity.NOTE);
        assertThat(cache.seen())
                .contains("dns-version.clusterset.local. TXT comes with ttl 30 instead of 28800")
                .contains("its answers age (SOA ttl 5, then 2)")
                .endsWith("and those of cluster.local not: kubeadm's cache block, which excepts that zone alone");
        assertThat(cache.mend()).contains("        disable denial cluster.local clusterset.local\n");
        assertThat(ward.pauses).containsExactly(Duration.ofMillis(1100));
        assertThat(diagnosis.problems()).isZero();
    }

    @Test
    void theStockCacheKeepsBoth() {
        Diagnosis diagnosis = ward.home()
                .set()
                .says(ASKED.version(SET), "unsynced-0047")
                .says(ASKED.absent(HOME), "negative-0055", "default-corefile-0807")
                .says(ASKED.absent(SET), "kubeadm-corefile-2012", "kubeadm-corefile-2030")
                .examine();

        assertThat(the(diagnosis, "cache").seen()).endsWith("as those of home: the cache has no exceptions");
    }

    @Test
    void nodeLocalSendsTheZoneOutsideAndCoreDnsWouldServeIt() {
        try (FakeDnsServer coredns = FakeDnsServer.start("127.0.0.2", ward.dns.port())) {
            Ward.home(coredns);
            Ward.set(coredns);
            ward.home().setOutside();
            ward.dns.on(ASKED.behindNodeLocal(HOME).name(), RecordType.A).answer("127.0.0.2");

            Finding set = the(ward.examine(), "clusterset-zone");

            assertThat(set.severity()).isEqualTo(Severity.PROBLEM);
            assertThat(set.seen()).contains("clusterset.local. SOA: NXDOMAIN, SOA of . in 0 ms");
            assertThat(set.means())
                    .startsWith("NodeLocal DNSCache is here (kube-dns-upstream.kube-system.svc.cluster.local. A: ")
                    .contains(
                            coredns.endpoint() + " behind it: clusterset.local. SOA: NOERROR, SOA of clusterset.local.")
                    .contains("NodeLocal alone is in the way");
            assertThat(set.mend())
                    .contains("configmap node-local-dns", "    clusterset.local:53 {\n", "force_tcp")
                    .doesNotContain("multicluster clusterset.local");
        }
    }

    @Test
    void nodeLocalSendsTheZoneOutsideAndCoreDnsWouldToo() {
        try (FakeDnsServer coredns = FakeDnsServer.start("127.0.0.2", ward.dns.port())) {
            Ward.home(coredns);
            for (Query query : new Query[] {ASKED.apex(SET), ASKED.absent(SET)}) {
                Ward.script(coredns, query, "negative-0103");
            }
            ward.home().setOutside();
            ward.dns.on(ASKED.behindNodeLocal(HOME).name(), RecordType.A).answer("127.0.0.2");

            Finding set = the(ward.examine(), "clusterset-zone");

            assertThat(set.means()).contains("CoreDNS does not serve the zone either");
            assertThat(set.mend())
                    .startsWith("Both are to be mended.")
                    .contains("configmap node-local-dns", "multicluster clusterset.local");
        }
    }
}
