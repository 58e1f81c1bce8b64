package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.recorded.Recording.Entry;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.testkit.RecordType;
import io.clusterset.discovery.testkit.Transport;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every recorded answer to A, AAAA and SRV goes through the library over a socket, and comes out as a rule says that knows
 * only the recording's metadata. An answer is replayed alone: the other family of its name has nothing, SRV targets without
 * glue have an address of the test's, and a name whose SRV question was refused exists.
 */
class RecordedAnswersTest {

    private static final Pattern NAMED_PORT =
            Pattern.compile("_([a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?)\\._(tcp|udp)\\.(.+)");
    private static final int MOST_TARGETS = 32;
    private static final long LONG = 86_400;

    private static final Map<String, Resolution> RESOLUTIONS = new HashMap<>();
    private static final Set<String> ASKED_BY_TCP = new HashSet<>();

    /** How a recording is replayed: which question of the library brings its bytes back. */
    private record Case(Recording recording, Question question, Transplant transplant, List<String> unglued) {

        static Case of(Recording recording) {
            String name = recording.asked();
            if (!recording.type().equals("SRV")) {
                Question plain = new Question("tier", name, zone(name), Optional.empty());
                return new Case(recording, plain, Transplant.none(recording), List.of());
            }
            Matcher named = NAMED_PORT.matcher(name);
            boolean askable = named.matches() && named.group(1).matches(".*[a-z].*");
            String base = askable ? named.group(4) : name;
            Port.Named port = askable
                    ? new Port.Named(
                            named.group(1), Port.Protocol.valueOf(named.group(3).toUpperCase(Locale.ROOT)))
                    : (Port.Named) Port.named("any");
            Transplant transplant = askable ? Transplant.none(recording) : Transplant.below(port.labels(), recording);
            return new Case(
                    recording,
                    new Question("tier", base, zone(base), Optional.of(port)),
                    transplant,
                    unglued(recording));
        }

        private static List<String> unglued(Recording recording) {
            Set<String> targets = new LinkedHashSet<>();
            recording.answers().forEach(srv -> targets.add(target(srv)));
            recording.additionals().forEach(glue -> targets.remove(Recording.bare(glue.owner())));
            return List.copyOf(targets);
        }

        Set<String> names() {
            Set<String> names = new HashSet<>(unglued);
            names.add(question.name());
            names.add(transplant.name());
            return names;
        }

        void script(Replay replay) {
            replay.script(recording, transplant);
            if (!recording.type().equals("SRV")) {
                replay.dns.on(question.name(), other(recording.type())).nodata();
                recording
                        .negativeTtl()
                        .ifPresent(ttl -> replay.dns
                                .on(question.name(), other(recording.type()))
                                .nodata()
                                .soa(Duration.ofSeconds(ttl), Duration.ofSeconds(ttl)));
            }
            for (int i = 0; i < unglued.size(); i++) {
                replay.dns.service(unglued.get(i), Duration.ofSeconds(LONG), ownAddress(i));
            }
        }

        private static RecordType other(String type) {
            return type.equals("A") ? RecordType.AAAA : RecordType.A;
        }
    }

    /** All of them once, many at a time: names that differ don't meet. */
    @BeforeAll
    static void replay() throws InterruptedException {
        List<Case> ours = new ArrayList<>();
        List<Case> others = new ArrayList<>();
        Recordings.all().stream().map(Case::of).forEach(c -> (c.recording().ours() ? ours : others).add(c));
        try (Replay replay = new Replay()) {
            for (List<Case> wave : waves(ours)) {
                replay(replay, wave);
            }
            assertThat(replay.troubles()).isEmpty();
        }
        List<Replay> separately = new ArrayList<>(); // they share a name and all end by the deadline
        for (Case other : others) {
            Replay replay = new Replay(Duration.ofMillis(700));
            separately.add(replay);
            other.script(replay);
            replay.ask(other.question());
        }
        for (int i = 0; i < others.size(); i++) {
            RESOLUTIONS.put(
                    others.get(i).recording().id(),
                    separately.get(i).await(others.get(i).question()));
            assertThat(separately.get(i).troubles()).isEmpty();
            separately.get(i).close();
        }
    }

    private static void replay(Replay replay, List<Case> wave) throws InterruptedException {
        replay.dns.forgetQuestions();
        wave.forEach(c -> c.script(replay));
        wave.forEach(c -> replay.ask(c.question()));
        for (Case c : wave) {
            RESOLUTIONS.put(c.recording().id(), replay.await(c.question()));
            if (replay.dns.questions(c.transplant().name()).stream().anyMatch(q -> q.transport() == Transport.TCP)) {
                ASKED_BY_TCP.add(c.recording().id());
            }
        }
        for (Case c : wave) {
            replay.forget(c.question());
            c.names().forEach(replay.dns::forget);
        }
    }

    private static List<List<Case>> waves(List<Case> cases) {
        List<List<Case>> waves = new ArrayList<>();
        List<Set<String>> taken = new ArrayList<>();
        for (Case c : cases) {
            int wave = 0;
            while (wave < waves.size()
                    && (waves.get(wave).size() == 40 || !Collections.disjoint(taken.get(wave), c.names()))) {
                wave++;
            }
            if (wave == waves.size()) {
                waves.add(new ArrayList<>());
                taken.add(new HashSet<>());
            }
            waves.get(wave).add(c);
            taken.get(wave).addAll(c.names());
        }
        return waves;
    }

    @TestFactory
    Stream<DynamicContainer> everyRecordedAnswerComesOutAsItsMetadataSays() {
        Map<String, List<DynamicTest>> groups = new LinkedHashMap<>();
        for (Recording recording : Recordings.all()) {
            String group = recording.id().substring(0, recording.id().lastIndexOf('-'));
            groups.computeIfAbsent(group, g -> new ArrayList<>())
                    .add(DynamicTest.dynamicTest(recording.toString(), () -> check(Case.of(recording))));
        }
        return groups.entrySet().stream().map(e -> DynamicContainer.dynamicContainer(e.getKey(), e.getValue()));
    }

    private static void check(Case c) {
        Resolution resolution = RESOLUTIONS.get(c.recording().id());
        expected(c).check(c.recording(), Objects.requireNonNull(resolution));
        if (c.recording().truncated()) {
            assertThat(ASKED_BY_TCP)
                    .as("%s: asked by TCP", c.recording())
                    .contains(c.recording().id());
        }
    }

    @Test
    void theRecordingsAreAllThere() {
        assertThat(Recordings.all()).hasSize(814);
        assertThat(Recordings.all().stream().filter(r -> !r.ours())).hasSize(5);
        assertThat(Recordings.all().stream().filter(Recording::truncated)).hasSize(66);
        assertThat(Recordings.all().stream().filter(Recording::byTcp)).hasSize(23);
    }

    // The rule. It must not ask our code anything but how an address is written.

    private static Expected expected(Case c) {
        Recording recording = c.recording();
        if (!recording.ours()) {
            return Expected.unknown("").saying("no answer from");
        }
        boolean positive = recording.rcode().equals("NOERROR");
        if (!positive && !recording.rcode().equals("NXDOMAIN")) {
            return Expected.unknown(recording.rcode()).saying(recording.rcode());
        }
        if (recording.type().equals("SRV")) {
            return services(c);
        }
        return positive
                ? addresses(c)
                : Expected.noSuchName().freshFor(recording.negativeTtl().orElse(5));
    }

    private static Expected addresses(Case c) {
        Recording recording = c.recording();
        String owner = recording.asked();
        List<Long> ttls = new ArrayList<>();
        for (int hop = 0; hop < recording.answers().size(); hop++) {
            for (Entry alias : recording.answers()) {
                if (alias.type().equals("CNAME")
                        && Recording.bare(alias.owner()).equals(owner)) {
                    owner = Recording.bare(alias.data());
                    ttls.add(alias.ttl());
                    if (!owner.endsWith("." + c.question().zone())) {
                        return Expected.empty()
                                .freshFor(recording.negativeTtl().orElse(5))
                                .aliasOf(owner);
                    }
                    break;
                }
            }
        }
        Set<String> found = new LinkedHashSet<>();
        for (Entry record : recording.answers()) {
            if (record.type().equals(recording.type())
                    && Recording.bare(record.owner()).equals(owner)) {
                found.add(authority(record.data(), 0));
                ttls.add(record.ttl());
            }
        }
        if (found.isEmpty()) {
            return Expected.empty().freshFor(recording.negativeTtl().orElse(5));
        }
        Expected expected = Expected.found(List.copyOf(found)).freshFor(least(ttls));
        return recording.truncated() ? expected.withMoreToCome() : expected;
    }

    private static Expected services(Case c) {
        Recording recording = c.recording();
        String port = c.question().port().orElseThrow().name();
        if (recording.answers().isEmpty()) {
            return Expected.empty()
                    .freshFor(recording.negativeTtl().orElse(5))
                    .saying("port name " + port + " not served");
        }
        if (recording.answers().stream().allMatch(srv -> port(srv) == 0)) {
            return Expected.unknown("NOERROR").saying("port 0");
        }
        Map<String, String> found = new LinkedHashMap<>(); // one endpoint per address and port, whoever names it
        List<Long> ttls = new ArrayList<>();
        for (Entry srv : recording.answers()) {
            ttls.add(srv.ttl());
            String target = target(srv);
            String cluster = cluster(target, c.question().name());
            for (Entry glue : recording.additionals()) {
                if (Recording.bare(glue.owner()).equals(target)) {
                    ttls.add(glue.ttl());
                    found.putIfAbsent(authority(glue.data(), port(srv)), cluster);
                }
            }
            int own = c.unglued().indexOf(target);
            if (own >= 0 && own < MOST_TARGETS) {
                found.putIfAbsent(ownAddress(own) + ":" + port(srv), cluster);
            }
        }
        List<String> endpoints =
                found.entrySet().stream().map(e -> e.getKey() + e.getValue()).toList();
        Expected expected = Expected.found(endpoints).freshFor(least(ttls));
        boolean partial = recording.truncated() || c.unglued().size() > MOST_TARGETS;
        return partial ? expected.withMoreToCome() : expected;
    }

    /** {@code host.cluster} in front of the service's own name. */
    private static String cluster(String target, String service) {
        Matcher front =
                Pattern.compile("[^.]+\\.([^.]+)\\." + Pattern.quote(service)).matcher(target);
        return front.matches() ? "@" + front.group(1) : "";
    }

    private static String zone(String name) {
        for (String zone : List.of("cluster.local", "clusterset.local")) {
            if (name.equals(zone) || name.endsWith("." + zone)) {
                return zone;
            }
        }
        String[] labels = name.split("\\.");
        return labels.length == 1 ? name : labels[labels.length - 2] + "." + labels[labels.length - 1];
    }

    private static String target(Entry srv) {
        return Recording.bare(srv.data().split(" ")[3]);
    }

    private static int port(Entry srv) {
        return Integer.parseInt(srv.data().split(" ")[2]);
    }

    private static String ownAddress(int nth) {
        return "10.99." + nth / 250 + "." + (nth % 250 + 1);
    }

    private static String authority(String address, int port) {
        InetAddress literal = Addresses.literal(address);
        String text = Addresses.literal(literal);
        return text.indexOf(':') < 0 ? text + ":" + port : "[" + text + "]:" + port;
    }

    private static long least(List<Long> ttls) {
        return ttls.stream().flatMapToLong(LongStream::of).min().orElseThrow();
    }
}
