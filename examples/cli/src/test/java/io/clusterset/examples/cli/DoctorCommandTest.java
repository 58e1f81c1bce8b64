package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.clusterset.discovery.testkit.FakeDnsServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command from its arguments to its exit status; what it finds is tested in its package. */
class DoctorCommandTest {

    private final FakeDnsServer dns = FakeDnsServer.start();

    @AfterEach
    void close() {
        dns.close();
    }

    private Ran doctor(String... args) {
        List<String> all = new ArrayList<>(List.of("doctor"));
        all.addAll(List.of(args));
        all.addAll(List.of("--dns", dns.endpoint(), "--cluster-domain", "cluster.local", "--namespace", "shop"));
        return Ran.discovery(all.toArray(String[]::new));
    }

    private void healthy() {
        dns.service("kubernetes.default.svc.cluster.local", "10.96.0.1");
    }

    @Test
    void withoutAProblemTheStatusIsZero() {
        healthy();
        Ran ran = doctor().endsWith(0).fits();

        assertThat(ran.out())
                .contains("ok       home-zone: cluster.local: served by ", "ok       clusterset-zone: ")
                .containsPattern("\\nNo problem \\(\\d+ ok, \\d+ to note, \\d+ skipped\\)\\R$");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void withAProblemItIsOneAndTheLastLineCounts() {
        healthy();
        dns.serving("cluster.local");
        Ran ran = doctor().endsWith(1).fits();

        assertThat(ran.out())
                .contains("problem  clusterset-zone: ", "means  ", "mend   ")
                .containsPattern("\\n1 problem \\(.*\\)\\R$");
    }

    @Test
    void theDocumentHasAllFindings() {
        healthy();
        dns.serving("cluster.local");
        Map<String, Object> document = doctor("--json").endsWith(1).json();

        assertThat(document).containsOnlyKeys("findings", "problems").containsEntry("problems", 1);
        List<Map<String, Object>> findings = Ran.list(document, "findings");
        assertThat(findings)
                .allSatisfy(
                        finding -> assertThat(finding).containsOnlyKeys("check", "severity", "seen", "means", "mend"));
        assertThat(findings)
                .filteredOn(finding -> "problem".equals(finding.get("severity")))
                .singleElement()
                .satisfies(finding -> assertThat(finding)
                        .containsEntry("check", "clusterset-zone")
                        .extractingByKey("mend")
                        .asString()
                        .contains("multicluster clusterset.local"));
        assertThat(findings)
                .filteredOn(finding -> "ok".equals(finding.get("severity")))
                .allSatisfy(finding ->
                        assertThat(finding).containsEntry("means", null).containsEntry("mend", null));
    }

    @Test
    void aNameIsLookedUpToo() {
        healthy();
        dns.service("orders.shop.svc.cluster.local", "10.1.2.3");
        Ran ran = doctor("orders").fits();

        assertThat(ran.out()).contains("ok       name: local: ", "orders.shop.svc.cluster.local.", "10.1.2.3");
    }

    @Test
    void theTimeoutBoundsItAll() {
        dns.silence();

        assertTimeout(
                Duration.ofSeconds(10),
                () -> doctor("--timeout", "400ms").endsWith(1).fits());
    }

    @Test
    void aTerminalShowsSeveritiesInColour() {
        healthy();
        dns.serving("cluster.local");
        String[] args = {"doctor", "--dns", dns.endpoint(), "--cluster-domain", "cluster.local", "--namespace", "shop"};
        String shown = Ran.onTerminal(args).endsWith(1).out();

        assertThat(shown)
                .contains("\u001b[31mproblem\u001b[0m  clusterset-zone: ", "\u001b[32mok\u001b[0m       home-zone");
        assertThat(Ran.uncoloured(shown)).contains("problem  clusterset-zone: ");
        assertThat(doctor().out()).doesNotContain("\u001b");
    }
}
