package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.testkit.RecordType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** However long names, tiers, addresses and reasons are, 80 columns hold what every command says. */
class WidthTest {

    private static final String LABEL = "l".repeat(63);
    private static final String DOMAIN = "zone-with-a-long-name.".repeat(4) + "example";
    private static final String LONG_TIER = "t".repeat(30) + "-" + "u".repeat(29);
    private static final String LONG_ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666";
    private static final List<List<String>> COMMANDS = List.of(
            List.of("resolve"),
            List.of("explain"),
            List.of("pick", "--count", "7"),
            List.of("call", "--count", "2", "--interval", "0ms"),
            List.of("watch", "--for", "300ms"),
            List.of("trace", "--path", "/" + "p".repeat(200)),
            List.of("drill", "--tier", LONG_TIER, "--time", "1s", "--path", "/", "--count", "1"));

    private final Clusters clusters = new Clusters();

    @AfterEach
    void close() {
        clusters.close();
    }

    private Ran run(List<String> command, String... more) {
        List<String> args = new ArrayList<>(List.of(command.get(0), LABEL + "." + LABEL));
        args.addAll(command.subList(1, command.size()));
        args.addAll(List.of(
                "--tier",
                LONG_TIER + "={service}.{namespace}.svc.{domain}@" + DOMAIN,
                "--tier",
                "second={service}.{namespace}.svc.{domain}@clusterset.local:" + clusters.remoteA.port(),
                "--zone",
                "z".repeat(60),
                "--timeout",
                "2s"));
        args.addAll(Arrays.asList(more));
        return clusters.discovery(args.toArray(String[]::new));
    }

    @Test
    void longNamesTiersAndAddressesFit() {
        String name = LABEL + "." + LABEL + ".svc.";
        clusters.dns.serving(DOMAIN, "clusterset.local");
        clusters.dns.on(name + DOMAIN, RecordType.AAAA).answer(LONG_ADDRESS, "fe80::1111:2222:3333:4444");
        clusters.dns.service(name + "clusterset.local", "127.0.0.1");
        assertThat((name + DOMAIN).length()).isGreaterThan(210);
        for (List<String> command : COMMANDS) {
            Ran ran = run(command, "--allow-addresses", "2001:db8::/32");
            assertThat(ran.out()).as("%s %s", command, ran.err()).isNotBlank();
            ran.fits();
        }
        assertThat(run(List.of("resolve"), "--allow-addresses", "2001:db8::/32").out())
                .contains("[" + LONG_ADDRESS + "]:80  ")
                .contains("t…");
        assertThat(run(List.of("resolve"), "--allow-addresses", "2001:db8::/32", "--verbose")
                        .out())
                .contains("[" + LONG_ADDRESS + "]:80  " + LONG_TIER);
    }

    @Test
    void namesOfTheFullLengthFit() {
        String label = "a".repeat(61);
        String name = String.join(".", label, label, label, "b".repeat(253 - 3 * 62 - ".svc.cluster.local".length()))
                + ".svc.cluster.local.";
        assertThat(name).hasSize(254);
        clusters.dns.service(name.substring(0, 253), "127.0.0.1");
        for (List<String> command : COMMANDS.subList(0, 6)) {
            List<String> args = new ArrayList<>(command);
            args.add(1, name + ":" + clusters.localA.port());
            Ran ran =
                    clusters.discovery(args.toArray(String[]::new)).endsWith(0).fits();
            assertThat(ran.out()).isNotBlank();
        }
    }

    @Test
    void longComplaintsOfServersFit() {
        clusters.dns.stop();
        for (List<String> command : COMMANDS) {
            run(command).endsWith(1).fits();
        }
    }

    @Test
    void linesOfAWatchAreWrappedUnlessAllIsWantedInOne() {
        String endpoint = "[" + LONG_ADDRESS + "]:65535";
        Event event = new Event.VerdictChanged(
                endpoint, Verdict.UNKNOWN, new Verdict(Verdict.State.UNHEALTHY, "connection refused"));
        EventLine line = EventLine.of(Instant.EPOCH, "orders.shop", event);

        assertThat(line.lines(Paint.NONE, false))
                .allSatisfy(part -> assertThat(part).hasSizeLessThanOrEqualTo(Table.WIDTH))
                .containsExactly(
                        "00:00:00.000 verdict " + endpoint + ": unknown ->",
                        " ".repeat(21) + "unhealthy: connection refused");
        assertThat(line.lines(Paint.NONE, true))
                .containsExactly("00:00:00.000 verdict " + endpoint + ": unknown -> unhealthy: connection refused");
        assertThat(line.lines(new Paint(true), false).stream().map(Ran::uncoloured))
                .containsExactlyElementsOf(line.lines(Paint.NONE, false));
    }
}
