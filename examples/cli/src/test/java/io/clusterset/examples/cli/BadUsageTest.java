package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadUsageTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "resolve foo..bar | 'foo..bar': empty label (expected: letters, digits, hyphens)",
                "resolve orders.shop --bogus | --bogus: unknown option (nearest: ",
                "resolve orders.shop --dsn 10.0.0.1:53 | --dsn: unknown option (nearest: --dns, ",
                "look orders.shop | look: unknown command (expected: resolve, explain, pick, call, watch, trace",
                "resolve | NAME: missing (expected: SERVICE.NAMESPACE, such as orders.shop)",
                "resolve a b | 'b': one argument too many (expected: one NAME; ",
                "resolve orders.shop --dns | --dns: no value (expected: IP[:PORT])",
                "resolve orders.shop --dns foo | --dns: 'foo' (expected: IP[:PORT])",
                "resolve orders.shop --dns dns.example:53 | --dns: 'dns.example:53' (expected: IP[:PORT])",
                "resolve orders.shop --tier foo | --tier: 'foo' (expected: name=template@domain[:port]",
                "resolve orders.shop --tier a={service}@b,dns=c | --tier a: template ",
                "resolve orders.shop --source kubernetes --kubeconfig nosuch | --kubeconfig: 'nosuch': not there (expected: a ",
                "resolve orders.shop --source kubernetes --kubeconfig . | --kubeconfig: '.': can't be read (expected: a ",
                "resolve orders.shop --source static | --source: 'static' (expected: dns or kubernetes; ",
                "resolve orders.shop --kubeconfig f | --kubeconfig: 'f' (expected: --source kubernetes ",
                "resolve orders.shop --zone é | --zone: '\\u00e9' (expected: 1 to 253 letters, digits or signs, no ",
                "resolve orders.shop --topology near | --topology: 'near' (expected: any, hints, prefer-near, ",
                "resolve orders.shop --topology hints+near | --topology: 'near' (expected: any, hints, prefer-near, ",
                "resolve orders.shop --topology ladder:*,a | --topology: ladder: '*' (expected: a label key, or * as ",
                "resolve orders.shop --topology ladder:a,a | --topology: ladder: 'a' given twice (expected: once)",
                "resolve orders.shop --topology clusters: | --topology: clusters: '' (expected: 1 to 253 letters, ",
                "resolve orders.shop --balancer fast | --balancer: 'fast' (expected: weighted-round-robin, random, ",
                "resolve orders.shop --probe icmp | --probe: 'icmp' (expected: tcp, http:/PATH, https:/PATH or none)",
                "resolve orders.shop --probe-interval x | --probe-interval: 'x' (expected: a duration such as ",
                "resolve orders.shop --probe-interval 1ms | probeInterval: PT0.001S (expected: PT0.1S to PT10M)",
                "resolve orders.shop --drill local | --drill: 'local' (expected: TIER=PERCENT, such as local=0)",
                "resolve orders.shop --drill local=101 | --drill: 101 % (expected: 0 to 100)",
                "resolve orders.shop --drill home=0 | --drill: tier 'home' (expected: local, clusterset)",
                "resolve orders.shop --timeout x | --timeout: 'x' (expected: a duration such as ",
                "resolve orders.shop --timeout 0s | --timeout: '0s' (expected: more than 0)",
                "resolve orders.shop --allow-addresses x | --allow-addresses: 'x' (expected: a block such as ",
                "resolve orders.shop --config /no/such/file | --config: /no/such/file: cannot be read ",
                "resolve orders.shop --namespace a --namespace b | --namespace: given twice (expected: once)",
                "resolve www.example.com | 'www.example.com': not a name of ours ",
                "resolve orders.shop:99999 | port: 99999 (expected: 1 to 65535)",
                "pick orders.shop --count x | --count: 'x' (expected: a number from 1 to 10000000)",
                "pick orders.shop --count 0 | --count: '0' (expected: a number from 1 to 10000000)",
                "pick orders.shop --count -1 | --count: '-1' (expected: a number from 1 to 10000000)",
                "call orders.shop --path list | --path: 'list' (expected: a path such as /list)",
                "call orders.shop --path /^ | --path: '/^' (expected: a path such as /list)",
                "call orders.shop --interval 2h | --interval: '2h' (expected: a duration such as 10ms, at most 10m)",
                "call orders.shop --concurrency 0 | --concurrency: '0' (expected: a number from 1 to 1000)",
                "doctor foo..bar | 'foo..bar': empty label (expected: letters, digits, hyphens)",
                "doctor www.example.com | 'www.example.com': not a name of ours ",
                "doctor a b | 'b': one argument too many (expected: one NAME; ",
                "doctor --dns foo | --dns: 'foo' (expected: IP[:PORT])",
                "doctor --timeout 0s | --timeout: '0s' (expected: more than 0)",
                "doctor --timeout x | --timeout: 'x' (expected: a duration such as ",
                "doctor --config /no/such/file | --config: /no/such/file: cannot be read ",
                "doctor --namespace a_b | 'a_b': label 'a_b' (expected: ",
                "doctor --bogus | --bogus: unknown option (nearest: ",
                "watch orders.shop --for x | --for: 'x' (expected: a duration such as 30s, 5m or 2h)",
                "watch orders.shop --for 0s | --for: '0s' (expected: a duration such as 30s, 5m or 2h)",
                "watch orders.shop --count 0 | --count: '0' (expected: a number from 1 to ",
                "watch orders.shop --fro 5s | --fro: unknown option (nearest: --for, ",
                "trace orders.shop --path list | --path: 'list' (expected: a path such as /list)",
                "trace orders.shop --count 3 | --count: unknown option (nearest: ",
                "drill orders.shop | --tier: missing (expected: the tier to force, such as --tier local)",
                "drill orders.shop --tier a --tier b | --tier: given twice (expected: one tier to force)",
                "drill orders.shop --tier home | --tier: 'home' (expected: local, clusterset)",
                "drill orders.shop --tier local --percent 101 | --percent: '101' (expected: a number from 0 to 100)",
                "drill orders.shop --tier local --time 1ms | --time: '1ms' (expected: a duration from 1s to 24h)",
                "drill orders.shop --tier local --count 3 | --count, --interval, --concurrency: no calls are made ",
                "ui | NAME: missing (expected: SERVICE.NAMESPACE, such as orders.shop)",
                "ui orders.shop foo..bar | 'foo..bar': empty label (expected: letters, digits, hyphens)",
                "ui orders.shop --listen 8421 | --listen: '8421' (expected: HOST:PORT, such as 127.0.0.1:8421 or [::1]:0)",
                "ui orders.shop --listen 127.0.0.1:65536 | --listen: '127.0.0.1:65536' (expected: HOST:PORT, ",
                "ui orders.shop --listen example.com:80 | --listen: 'example.com:80' (expected: HOST:PORT, ",
                "ui orders.shop --listen 0.0.0.0:0 | --listen: '0.0.0.0:0' can be reached from elsewhere (expected: 127.0.0.1:PORT, ",
                "ui orders.shop --listen 192.0.2.1:0 --open-to-others | --listen: '192.0.2.1:0': ",
                "ui orders.shop --for 0s | --for: '0s' (expected: a duration such as 30s, 5m or 2h)",
                "drill orders.shop --tier local --drill local=0 | --drill: unknown option (nearest: ",
            })
    void isOneLineAndStatusTwo(String args, String line) {
        Ran ran = Ran.discovery(args.split(" ")).endsWith(2);

        assertThat(ran.err()).startsWith(line).hasLineCount(1);
        assertThat(ran.out()).isEmpty();
    }

    /** One line names the file, the key, the value and what was expected. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "discovery.default-port=http | discovery.default-port: 'http' from FILE: not a number (expected: a number from 1 ",
                "discovery.nosuch=1 | --config: FILE: unknown key 'discovery.nosuch' (expected: a known key; nearest: ",
                "discovery.dns.timeout=31s | discovery.dns.timeout: '31s' from FILE (expected: > 0, at most 30s)",
                "discovery.namespace=\\u00zz | --config: FILE: cannot be read: Malformed ",
            })
    void aBadFileIsToo(String text, String line, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("a.properties"), text);
        for (String command :
                new String[] {"resolve", "explain", "pick", "call", "watch", "trace", "drill --tier local", "ui"}) {
            List<String> args = new ArrayList<>(List.of(command.split(" ")));
            args.addAll(List.of("orders.shop", "--config", file.toString()));
            Ran ran = Ran.discovery(args.toArray(String[]::new)).endsWith(2);

            assertThat(ran.err())
                    .startsWith(line.replace("FILE", file.toString()))
                    .contains("(expected: ")
                    .hasLineCount(1);
            assertThat(ran.out()).isEmpty();
        }
    }

    @Test
    void withJsonTheLineIsADocumentToo() {
        for (String args : new String[] {"resolve foo..bar --json", "resolve orders.shop --json --bogus"}) {
            Ran ran = Ran.discovery(args.split(" ")).endsWith(2);

            assertThat(ran.err()).hasLineCount(1);
            assertThat(ran.json()).isEqualTo(Map.of("error", ran.err().strip()));
        }
    }

    @Test
    void aStackTraceIsShownOnlyWhenAskedFor() {
        assertThat(Ran.discovery("resolve", "foo..bar", "--verbose").endsWith(2).err())
                .contains("\tat io.clusterset.");
    }

    @Test
    void withoutACommandTheCommandsAreNamed() {
        assertThat(Ran.discovery().endsWith(2).err())
                .startsWith("COMMAND: missing (expected: resolve, explain, pick, call, watch, trace")
                .hasLineCount(1);
    }

    @Test
    void whatIsShownOfAnArgumentCannotForgeALine() {
        assertThat(Ran.discovery("resolve", "orders.shop", "--x\nerror: forged")
                        .endsWith(2)
                        .err())
                .hasLineCount(1);
        assertThat(Ran.discovery("resolve", "a\u001b[31mb.shop").endsWith(2).err())
                .doesNotContain("\u001b");
    }

    @Test
    void helpNamesOnlyWhatWorks() {
        Ran root = Ran.discovery("--help").endsWith(0).fits();
        assertThat(root.out()).contains("resolve", "explain", "pick", "call", "watch", "trace", "drill", "ui");

        for (String command : new String[] {"resolve", "explain", "pick", "call", "watch", "trace", "drill", "ui"}) {
            Ran help = Ran.discovery(command, "--help").endsWith(0).fits();
            assertThat(help.out())
                    .startsWith("Usage: discovery " + command + " NAME ")
                    .contains("--dns=IP[:PORT]", "--tier=", "--json", "--timeout=")
                    .contains("--zone=", "--region=", "--node=", "--cluster=", "--topology=", "--balancer=")
                    .contains("--config=FILE")
                    .containsPattern("Variables\\s+\\(CLUSTERSET_\\*\\) and options go before it")
                    .contains("--source=dns|kubernetes", "--kubeconfig=FILE");
        }
    }

    @Test
    void theVersionIsTheOneThatWasBuilt() {
        assertThat(Ran.discovery("--version").endsWith(0).out()).matches("(?s)discovery \\d+\\.\\d+\\.\\d+.*");
    }
}
