package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class WatchCommandTest {

    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.007Z");

    private final Clusters clusters = new Clusters().headless();
    private final StringWriter err = new StringWriter();

    @TempDir
    private Path folder;

    private Path settings;

    @BeforeEach
    void probeEverybody() throws IOException {
        settings = Files.writeString(folder.resolve("discovery.properties"), "discovery.health.probing=always\n");
    }

    @AfterEach
    void close() {
        clusters.close();
    }

    /** A watch that goes on until its reader has seen enough, or as its options say. */
    private final class Watch {
        private final LineReader reader;
        private final CompletableFuture<Integer> status;

        Watch(Predicate<String> enough, String... options) {
            reader = new LineReader(enough);
            List<String> args = new ArrayList<>(List.of(clusters.with(
                    "watch", "orders.shop:http", "--config", settings.toString(), "--probe-interval", "100ms")));
            args.addAll(Arrays.asList(options));
            Console console = new Console(new PrintWriter(reader), new PrintWriter(err, true), false, Paint.NONE);
            CommandLine line = DiscoveryCommand.commandLine(console, () -> NOON);
            status = CompletableFuture.supplyAsync(() -> line.execute(args.toArray(String[]::new)));
        }

        List<String> ends(int expected) throws Exception {
            assertThat(status.get(60, TimeUnit.SECONDS)).as(err.toString()).isEqualTo(expected);
            return reader.lines();
        }
    }

    @Test
    void theFirstLineSaysHowItIsAndTheNextOnesWhatHappens() throws Exception {
        Watch watch = new Watch(line -> line.contains("clusterset 100 %"));
        watch.reader.await(line -> line.contains("state"));
        clusters.localA.refuse();
        clusters.localB.refuse();
        List<String> lines = watch.ends(0);

        assertThat(lines.get(0)).isEqualTo("12:00:00.007 state   local 100 % (found 2), clusterset 0 % (found 2)");
        assertThat(lines)
                .allMatch(line -> line.matches("12:00:00\\.007 [a-z]{4,8} +[^ ].*| {21}[^ ].*"))
                .allMatch(line -> line.length() <= Table.WIDTH)
                .noneMatch(line -> line.contains("…"));
        assertThat(lines)
                .anyMatch(line -> line.startsWith("12:00:00.007 verdict " + clusters.localA.endpoint() + ": ")
                        && line.contains("-> unhealthy: connection refused"));
        assertThat(lines.get(lines.size() - 1))
                .startsWith("12:00:00.007 load    local 0 % clusterset 100 % (local: 0 of 2 healthy");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void eachLineIsADocumentWithTheFieldsOfItsEvent() throws Exception {
        Watch watch = new Watch(line -> line.contains("\"clusterset\":100"), "--json");
        watch.reader.await(line -> line.contains("\"state\""));
        clusters.localA.refuse();
        clusters.localB.refuse();
        List<Map<String, Object>> documents =
                watch.ends(0).stream().map(Ran::json).toList();

        assertThat(documents)
                .allSatisfy(document -> assertThat(document)
                        .containsKeys("event", "subject", "text")
                        .containsEntry("at", "2026-11-21T12:00:00.007Z")
                        .containsEntry("service", "orders.shop:http"));
        assertThat(documents.get(0))
                .containsEntry("event", "state")
                .containsEntry("loads", Map.of("local", 100, "clusterset", 0))
                .containsEntry(
                        "endpoints",
                        List.of(
                                clusters.localA.endpoint(),
                                clusters.localB.endpoint(),
                                clusters.remoteA.endpoint(),
                                clusters.remoteB.endpoint()));
        assertThat(documents)
                .filteredOn(document -> clusters.localB.endpoint().equals(document.get("subject")))
                .last()
                .satisfies(document -> assertThat(document)
                        .containsEntry("event", "verdict")
                        .containsEntry("to", "unhealthy")
                        .containsEntry("reason", "connection refused")
                        .containsKey("from"));
        assertThat(documents.get(documents.size() - 1))
                .containsEntry("event", "load")
                .containsEntry("loads", Map.of("local", 0, "clusterset", 100));
    }

    @Test
    void anAnswerThatDiffersIsAnEvent() throws Exception {
        Watch watch = new Watch(line -> line.contains("\"answer\"") && line.contains("\"local\""), "--json");
        watch.reader.await(line -> line.contains("\"state\""));
        clusters.dns.srvService(Clusters.LOCAL, "http", clusters.localA.endpoint());
        List<String> lines = watch.ends(0);

        assertThat(Ran.json(lines.get(lines.size() - 1)))
                .containsEntry("event", "answer")
                .containsEntry("tier", "local")
                .containsEntry("outcome", "found")
                .containsEntry("rcode", "NOERROR")
                .containsEntry("endpoints", List.of(clusters.localA.endpoint()));
    }

    @Test
    void aDrillAndItsEffectAreSeen() throws Exception {
        List<String> lines = new Watch(line -> false, "--drill", "local=0", "--count", "1").ends(0);

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).contains("local 0 % (found 2), clusterset 100 % (found 2)");
        assertThat(lines.get(1)).contains("drill   of local: forced to 0 % for ");
    }

    @Test
    void itEndsWhenTheTimeIsOver() throws Exception {
        assertThat(new Watch(line -> false, "--probe", "none", "--for", "1s").ends(0))
                .isNotEmpty()
                .first()
                .asString()
                .contains(" state  ");
    }

    @Test
    void withNobodyToCallInTheEndTheStatusIsOne() throws Exception {
        clusters.dns.forget("_http._tcp." + Clusters.LOCAL);
        clusters.dns.forget("_http._tcp." + Clusters.REMOTE);
        List<String> lines = new Watch(line -> false, "--for", "200ms").ends(1);

        assertThat(lines.get(0)).contains(" state   local 0 % (").contains("clusterset 0 % (");
        String said = err.toString();
        assertThat(said).startsWith("orders.shop:http: ").hasLineCount(1);

        List<String> documents = new Watch(line -> false, "--for", "200ms", "--json").ends(1);
        assertThat(Ran.json(documents.get(documents.size() - 1))).isEqualTo(Map.of("error", said.strip()));
        assertThat(err.toString()).as("with --json too").isEqualTo(said + said);
    }

    @Test
    void aSilentServerIsSaidAndWaitedFor() throws Exception {
        clusters.dns.silence();
        Watch watch = new Watch(line -> line.contains("local 100 %"), "--timeout", "200ms");
        assertThat(watch.reader.await(line -> line.contains(" state  ")))
                .endsWith("state   local 0 % (unknown), clusterset 0 % (unknown)");
        clusters.dns.speak();

        watch.ends(0);
    }

    /** The discovery keeps the last word of each thing then, and says what it left out. */
    @Test
    void aReaderThatIsTooSlowHoldsTheListenerUp() throws Exception {
        EventFeed feed = new EventFeed(() -> NOON);
        for (int i = 0; i < 1_000; i++) {
            feed.accept(new Event.Trouble("orders.shop", "trouble " + i));
        }
        CompletableFuture<Void> last =
                CompletableFuture.runAsync(() -> feed.accept(new Event.Trouble("orders.shop", "the last")));
        assertThat(feed.next(Duration.ZERO).orElseThrow().event()).hasToString("orders.shop: trouble 0");
        last.get(30, TimeUnit.SECONDS);

        CompletableFuture<Void> held =
                CompletableFuture.runAsync(() -> feed.accept(new Event.Trouble("orders.shop", "one more")));
        feed.end();
        held.get(30, TimeUnit.SECONDS);
        while (feed.next(Duration.ofDays(1)).isPresent()) {
            // at most the one that was held up
        }
    }
}
