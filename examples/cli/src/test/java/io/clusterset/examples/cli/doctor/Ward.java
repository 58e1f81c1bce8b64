package io.clusterset.examples.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A pod in a directory, with nameservers on loopback: what the doctor looks at. */
final class Ward implements AutoCloseable {

    static final String HOME = "cluster.local";
    static final String SET = "clusterset.local";
    static final Questions ASKED = new Questions("no-such-service");
    static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    static final String SEARCH = "search shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n";

    private static final String API = "https://10.96.0.1:443/apis/multicluster.x-k8s.io/v1alpha1";

    final FakeDnsServer dns = FakeDnsServer.start();
    final List<InetSocketAddress> nameservers = new ArrayList<>(List.of(dns.address()));
    final List<Duration> pauses = new ArrayList<>();

    private final Path root;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, String> labels = new HashMap<>(Map.of("topology.kubernetes.io/zone", "eu-1"));
    private Duration timeout = Duration.ofSeconds(20);
    private Duration tick = Duration.ZERO;
    private Instant now = NOW;
    private ApiAnswer api = ApiAnswer.skipped("no ca.crt: not in a pod");

    Ward(Path root) {
        this.root = root;
        resolvConf("nameserver 10.96.0.10\n" + SEARCH);
        dns.serving(); // what is not said here is REFUSED, and shows
    }

    Ward resolvConf(String text) {
        try {
            Files.createDirectories(root.resolve("etc"));
            Files.writeString(root.resolve("etc/resolv.conf"), text);
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Ward withoutResolvConf() {
        try {
            Files.delete(root.resolve("etc/resolv.conf"));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    Ward setting(String key, String value) {
        settings.put(key, value);
        return this;
    }

    Ward withoutLabels() {
        labels.clear();
        return this;
    }

    Ward timeout(Duration time) {
        timeout = time;
        return this;
    }

    /** The clock goes on by this much whenever somebody looks at it. */
    Ward tick(Duration time) {
        tick = time;
        return this;
    }

    Ward now(Instant time) {
        now = time;
        return this;
    }

    /** The API server's answer, dated like our own clock but for this. */
    Ward api(int status, String body, Duration behindUs) {
        api = new ApiAnswer(API, "", "", status, Optional.of(NOW.minus(behindUs)), NOW, body);
        return this;
    }

    /** Answers a question with a recording; with several, one after the other. */
    Ward says(Query query, String... ids) {
        script(dns, query, ids);
        return this;
    }

    static void script(FakeDnsServer server, Query query, String... ids) {
        var script = server.on(query.name(), RecordType.valueOf(query.type()));
        script.raw(Recorded.as(ids[0], query));
        for (int i = 1; i < ids.length; i++) {
            script.then().raw(Recorded.as(ids[i], query));
        }
    }

    /** Home as CoreDNS serves it when all is well. */
    Ward home() {
        home(dns);
        return this;
    }

    static void home(FakeDnsServer server) {
        script(server, ASKED.apex(HOME), "negative-0075");
        script(server, ASKED.api(HOME), "cluster-b-0827");
        script(server, ASKED.absent(HOME), "negative-0055");
        script(server, ASKED.version(HOME), "negative-0084");
        script(server, ASKED.behindNodeLocal(HOME), "negative-0055");
        script(server, ASKED.clusterDns(HOME), "negative-0055");
    }

    /** The cluster set's zone as the external plugin serves it when all is well. */
    Ward set() {
        set(dns);
        return this;
    }

    static void set(FakeDnsServer server) {
        script(server, ASKED.apex(SET), "multicluster-external-0481");
        script(server, ASKED.absent(SET), "multicluster-external-0473");
        script(server, ASKED.version(SET), "multicluster-external-0486");
    }

    /** The cluster set's zone where nobody serves it: the upstream's word for a name outside. */
    Ward setOutside() {
        for (Query query : List.of(ASKED.apex(SET), ASKED.absent(SET), ASKED.version(SET))) {
            says(query, "negative-0103");
        }
        return this;
    }

    Diagnosis examine() {
        return Diagnosis.of(look(Optional.empty()));
    }

    Diagnosis examine(String name) {
        return Diagnosis.of(look(Optional.of(name)));
    }

    Observations look(Optional<String> name) {
        AtomicLong nanos = new AtomicLong();
        Ticker ticker = () -> nanos.addAndGet(tick.toNanos());
        Surroundings surroundings =
                new Surroundings(Optional.of("shop"), Optional.of(HOME), nameservers, Map.of(), labels);
        Doctor.Senses senses = new Doctor.Senses(ticker, () -> now, pauses::add, ASKED.madeUp());
        Doctor doctor = new Doctor(root, surroundings, within -> api, senses);
        Settings held = Settings.none().withProperties(settings, "a test");
        try (Discovery discovery =
                Discovery.builder().settings(held).surroundings(surroundings).build()) {
            return doctor.look(discovery, held, name, timeout);
        }
    }

    /** The only finding of a check. */
    static Finding the(Diagnosis diagnosis, String check) {
        List<Finding> findings = all(diagnosis, check);
        assertThat(findings).as(check + " in " + diagnosis.findings()).hasSize(1);
        return findings.get(0);
    }

    static List<Finding> all(Diagnosis diagnosis, String check) {
        return diagnosis.findings().stream()
                .filter(finding -> finding.check().equals(check))
                .toList();
    }

    @Override
    public void close() {
        dns.close();
    }
}
