package io.clusterset.examples.cli.doctor;

import static io.clusterset.examples.cli.doctor.Ward.ASKED;
import static io.clusterset.examples.cli.doctor.Ward.HOME;
import static io.clusterset.examples.cli.doctor.Ward.SET;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as a person reads it; docs/guides/doctor.md shows the first one. */
class GoldenTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.96.0.10", 53);

    @Test
    void aClusterWithTheStockCorefile(@TempDir Path root) {
        try (Ward ward = new Ward(root)) {
            ward.home().setOutside().withoutLabels();

            assertThat(page(ward.look(Optional.empty()))).isEqualTo(golden("stock-corefile.txt"));
        }
    }

    @Test
    void aClusterWithoutTheCrd(@TempDir Path root) {
        try (Ward ward = new Ward(root)) {
            ward.home()
                    .says(ASKED.api(HOME), "no-crd-0001")
                    .says(ASKED.absent(HOME), "no-crd-0002")
                    .says(ASKED.apex(SET), "unsynced-0005")
                    .says(ASKED.version(SET), "unsynced-0015")
                    .says(ASKED.absent(SET), "no-crd-0003")
                    .says(Query.udp("orders.shop.svc.cluster.local", "A"), "clusterip-0001")
                    .says(Query.udp("orders.shop.svc.cluster.local", "AAAA"), "clusterip-0002")
                    .says(Query.udp("orders.shop.svc.cluster.local", "SRV"), "clusterip-0003")
                    .says(Query.udp("orders.shop.svc.clusterset.local", "A"), "no-crd-0003")
                    .says(Query.udp("orders.shop.svc.clusterset.local", "AAAA"), "no-crd-0003")
                    .says(Query.udp("orders.shop", "A"), "negative-0103")
                    .api(404, "404 page not found", Duration.ofSeconds(2));

            assertThat(page(ward.look(Optional.of("orders.shop:8080")))).isEqualTo(golden("no-crd.txt"));
        }
    }

    @Test
    void theGuideShowsThePageAsItIs() throws IOException {
        assertThat(Files.readString(Path.of("../../docs/guides/doctor.md")))
                .contains("```\n" + golden("stock-corefile.txt") + "```\n");
    }

    /** Every check that is made somewhere has its row. */
    @Test
    void theGuideNamesEveryCheck(@TempDir Path root) throws IOException {
        String guide = Files.readString(Path.of("../../docs/guides/doctor.md"));
        try (Ward ward = new Ward(root)) {
            ward.home().setOutside().says(Query.udp("orders.shop.svc.cluster.local", "A"), "clusterip-0001");
            List<Finding> findings =
                    Diagnosis.of(ward.look(Optional.of("orders.shop:http"))).findings();

            assertThat(findings).allSatisfy(finding -> assertThat(guide).contains("| `" + finding.check() + "` |"));
        }
    }

    /** As it would look at the usual address, whatever port the fake has. */
    private static String page(Observations seen) {
        Library was = seen.library();
        Library library = new Library(
                Zone.of(List.of(Tier.of("local", HOME), Tier.of("clusterset", SET)), List.of(ADDRESS)),
                List.of(ADDRESS),
                was.nameserversNote(),
                was.settings(),
                was.warnings());
        List<Server> servers = seen.servers().stream()
                .map(server -> new Server(ADDRESS, server.replies()))
                .toList();
        Optional<Subject> subject = seen.subject()
                .map(one -> new Subject(
                        one.name(),
                        one.lookups().stream()
                                .map(lookup -> new Subject.Lookup(
                                        lookup.tier(), lookup.zone(), lookup.name(), lookup.port(), List.of(ADDRESS)))
                                .toList(),
                        one.absolute(),
                        one.elsewhere()));
        ResolvConf file = ResolvConf.parse(Path.of("/etc/resolv.conf"), "nameserver 10.96.0.10\n" + Ward.SEARCH);
        Observations relabelled = new Observations(
                file, library, seen.questions(), servers, seen.behind(), seen.api(), seen.now(), subject);
        return String.join("\n", Diagnosis.of(relabelled).lines()) + "\n";
    }

    private static String golden(String name) {
        try (InputStream stream = GoldenTest.class.getResourceAsStream("/golden/doctor/" + name)) {
            return new String(Objects.requireNonNull(stream, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
