package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.time.WallClock;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Looks at the surroundings of a process, asks every nameserver it has and the API server, and says what is wrong and how to mend
 * it. Asks only: nothing is changed. Threads: one per nameserver while it looks.
 */
public final class Doctor {

    private static final Duration LONGEST_ANSWER = Duration.ofMillis(1500);
    private static final int ANSWERS_IN_TIME = 4;

    private final Path root;
    private final Surroundings surroundings;
    private final ApiServer api;
    private final Senses senses;

    /**
     * How it knows the time, and what it makes up.
     *
     * @param ticker for waiting
     * @param clock what time it is
     * @param sleeper waits for a cache to age
     * @param label of a service that nobody has
     */
    record Senses(Ticker ticker, InstantSource clock, Sleeper sleeper, String label) {}

    Doctor(Path root, Surroundings surroundings, ApiServer api, Senses senses) {
        this.root = root;
        this.surroundings = surroundings;
        this.api = api;
        this.senses = senses;
    }

    /** For the process it runs in. */
    public static Doctor ofThisProcess() {
        return of(Path.of("/"), System.getenv());
    }

    /** For a process with these files and variables, as {@link Surroundings#detect(Path, Map)} has it. */
    public static Doctor of(Path root, Map<String, String> environment) {
        Senses senses = new Senses(
                Ticker.system(),
                WallClock.system(),
                time -> Thread.sleep(time.toMillis()), // the one real wait: tests hand in a clock
                "no-such-service-" + UUID.randomUUID().toString().substring(0, 8));
        Surroundings surroundings = Surroundings.detect(root, environment);
        return new Doctor(root, surroundings, new PodApiServer(root, environment, senses.clock()), senses);
    }

    /** What the discovery to be examined should be built with. */
    public Surroundings surroundings() {
        return surroundings;
    }

    /**
     * Looks, and judges.
     *
     * @param discovery whose settings hold; it is asked nothing
     * @param settings it was built with, for their warnings
     * @param name to look up as well
     * @param timeout for all of it
     * @throws IllegalArgumentException if the name is malformed, or none of ours
     */
    public Diagnosis examine(Discovery discovery, Settings settings, Optional<String> name, Duration timeout) {
        return Diagnosis.of(look(discovery, settings, name, timeout));
    }

    Observations look(Discovery discovery, Settings settings, Optional<String> name, Duration timeout) {
        long deadline = senses.ticker().nanos() + timeout.toNanos();
        ResolvConf file = ResolvConf.read(root.resolve("etc/resolv.conf"));
        Library library = library(discovery, settings);
        Optional<Subject> subject = name.map(text -> subject(discovery, library, text, file));
        Questions questions = new Questions(senses.label());
        Duration share = timeout.dividedBy(ANSWERS_IN_TIME);
        Duration longest = share.compareTo(LONGEST_ANSWER) < 0 ? share : LONGEST_ANSWER;
        Visit visit = new Visit(
                library,
                questions,
                subject,
                otherHomes(library, file),
                senses.ticker(),
                senses.sleeper(),
                deadline,
                longest);
        ExecutorService threads = Executors.newCachedThreadPool(Doctor::thread);
        try {
            Future<ApiAnswer> apiAnswer = threads.submit(() -> api.ask(timeout.dividedBy(2)));
            List<Server> first = visit.first(threads);
            List<Server> behind = visit.behind(threads, first);
            List<Server> all = visit.again(threads, first);
            Instant now = senses.clock().instant();
            return new Observations(file, library, questions, all, behind, apiAnswer.get(), now, subject);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException("doctor: interrupted", interrupted);
        } catch (ExecutionException failed) {
            throw new DiscoveryException("doctor: could not look: " + failed.getCause(), failed);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "doctor");
        thread.setDaemon(true);
        return thread;
    }

    private Library library(Discovery discovery, Settings settings) {
        List<Provenance> told = discovery.settings();
        String given = told.stream()
                .filter(one -> one.key().equals(Setting.DNS_NAMESERVERS.property()))
                .map(Provenance::value)
                .findFirst()
                .orElse("");
        List<InetSocketAddress> nameservers =
                given.isEmpty() ? surroundings.nameservers() : Settings.parseList(given, ',', Addresses::nameserver);
        String note =
                given.isEmpty() || surroundings.nameservers().equals(nameservers) ? surroundings.nameserversNote() : "";
        return new Library(Zone.of(discovery.tiers(), nameservers), nameservers, note, told, settings.warnings());
    }

    private static Subject subject(Discovery discovery, Library library, String text, ResolvConf file) {
        String namespace = library.value(Setting.NAMESPACE);
        Naming naming = new Naming(discovery.tiers(), namespace.isEmpty() ? Optional.empty() : Optional.of(namespace));
        ServiceName name = naming.parse(text);
        return Subject.of(name, discovery.tiers(name), library.nameservers(), file);
    }

    /** Domains that the search list takes for the cluster's, and the library does not. */
    private static List<String> otherHomes(Library library, ResolvConf file) {
        return file.domains().stream()
                .filter(domain ->
                        library.zones().stream().noneMatch(zone -> zone.domain().equals(domain)))
                .toList();
    }
}
