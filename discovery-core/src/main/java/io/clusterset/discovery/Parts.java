package io.clusterset.discovery;

import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.cache.WarmStart;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.dns.Detected;
import io.clusterset.discovery.dns.DnsSource;
import io.clusterset.discovery.health.Health;
import io.clusterset.discovery.health.Probe;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.health.WireProber;
import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.io.Routes;
import io.clusterset.discovery.kubernetes.KubernetesAccess;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.kubernetes.KubernetesSource;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.observe.DecisionRing;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.EnvironmentSource;
import io.clusterset.discovery.source.Meanwhile;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.time.WallClock;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * The parts of a discovery, put together: threads and clock, the log, sources behind caches, health. Starts no thread, but for what
 * reads snapshots.
 */
final class Parts {

    private final Configuration configuration;
    private final Stages stages;
    private final Optional<WarmStart> warmStart;
    private final List<AutoCloseable> owned;
    private final LongSupplier untold;

    /**
     * With what there is to put together.
     *
     * @param seen what the process sees of its cluster
     * @param noticed what was odd about that
     * @param looksAgain whether settings may change without being asked for
     */
    Parts(Lent lent, Surroundings seen, Configuration configuration, List<String> noticed, boolean looksAgain) {
        this.configuration = configuration;
        Plan plan = configuration.get();
        Ticker clock = lent.ticker().orElseGet(Ticker::system);
        DaemonScheduler main = new DaemonScheduler("discovery-main");
        DaemonScheduler own = new DaemonScheduler("discovery-callbacks");
        DaemonScheduler files = new DaemonScheduler("discovery-files");
        Executor callbacks = lent.executor()
                .<Executor>map(lender -> new SerialExecutor(lender, thrown -> {}))
                .orElse(own);
        Scheduler timer = lent.scheduler().orElse(main);
        Listeners told = new Listeners(lent.listeners(), callbacks);
        EventLog log = new EventLog(lent.log(), clock, timer, told);
        untold = told::untold;
        Consumer<Throwable> broken = thrown -> log.accept(new Event.Trouble("", "internal: " + thrown));
        SerialExecutor serial = new SerialExecutor(lent.executor().orElse(main), broken);
        warmStart = plan.cache()
                .snapshotDirectory()
                .map(directory -> new WarmStart(
                        directory,
                        () -> cluster(configuration.get(), seen),
                        address -> configuration.get().dns().allows(address),
                        WallClock.system(),
                        clock,
                        timer,
                        serial,
                        files,
                        lent.random(),
                        log));
        warmStart.ifPresent(WarmStart::start); // reads while the rest is built
        IoLoop io = new IoLoop("discovery-io", clock, broken);
        WireProber wire = new WireProber(plan.health().probeTls(), io, timer, log);
        Function<Probe, Prober> probers = lent.prober()
                .<Function<Probe, Prober>>map(users -> any -> users)
                .orElse(wire::prober);
        Health verdicts =
                new Health(() -> configuration.get().health(), probers, clock, timer, serial, lent.random(), log);
        Function<EndpointSource, CachingSource> remembered = upstream ->
                new CachingSource(upstream, () -> configuration.get().cache(), clock, timer, serial, lent.random());
        Map<Tier, CachingSource> given = new HashMap<>();
        lent.sources().forEach((tier, source) -> given.put(tier, remembered.apply(source)));
        DnsSource dns = new DnsSource(
                () -> configuration.get().dns(),
                () -> whomToAsk(seen),
                io,
                callbacks,
                lent.random(),
                clock,
                timer,
                serial,
                log,
                Routes::sourceTowards);
        // a mount that hangs must not hold up callbacks
        Executor background = lent.executor().isPresent() ? callbacks : files;
        Optional<EndpointSource> watching = Optional.of(plan.kubernetes())
                .filter(options -> options.watch() != KubernetesOptions.Scope.OFF)
                .map(options -> new KubernetesSource(
                        options,
                        KubernetesAccess.detect(),
                        plan.domains().cluster(),
                        plan.domains().clusterset(),
                        () -> configuration.get().here().cluster(),
                        () -> configuration.get().naming().namespace().orElse(""),
                        plan.defaultPort(),
                        address -> configuration.get().dns().allowAddresses().stream()
                                .anyMatch(block -> block.contains(address)),
                        background,
                        clock,
                        timer,
                        serial,
                        lent.random(),
                        log))
                .map(api -> new Meanwhile(api, dns, serial));
        Sources sources = new Sources(
                given,
                remembered.apply(
                        new EnvironmentSource(seen.environment(), plan.naming().namespace())),
                dns,
                watching,
                remembered);
        sources.serve(plan.naming());
        warmStart.ifPresent(warm -> warm.serve(sources.worthKeeping()));
        Stream.concat(plan.settings().warnings().stream(), noticed.stream())
                .forEach(odd -> log.accept(new Event.Trouble("", odd)));
        configuration.tellIfOff(log);
        owned = new ArrayList<>(List.of(wire, io, files, main, own));
        if (looksAgain) {
            owned.add(0, configuration.watch(clock, timer, background, log)::run);
        }
        stages = new Stages(
                configuration,
                () -> configuration.get().budget(),
                sources,
                lent.system(),
                verdicts,
                new Drills(clock, timer, serial, log),
                log,
                new DecisionRing(),
                clock,
                timer,
                timer instanceof Sleeper sleeper ? sleeper : main,
                serial,
                callbacks,
                lent.random());
    }

    Configuration configuration() {
        return configuration;
    }

    Stages stages() {
        return stages;
    }

    /** What outlives the process, if it is wanted. */
    Optional<WarmStart> warmStart() {
        return warmStart;
    }

    /** How many events no listener was told of. */
    LongSupplier untold() {
        return untold;
    }

    /** What to close at the end, in this order. */
    List<AutoCloseable> owned() {
        return owned;
    }

    /** What tells this cluster's snapshots from another's. */
    private static List<String> cluster(Plan plan, Surroundings seen) {
        List<InetSocketAddress> nameservers = plan.dns().nameservers().isEmpty()
                ? seen.nameservers()
                : plan.dns().nameservers();
        return Stream.concat(
                        Stream.of("cluster " + plan.here().cluster()),
                        nameservers.stream().map(OptionGroup::show))
                .toList();
    }

    private static Detected whomToAsk(Surroundings seen) {
        Surroundings now = seen.again();
        return new Detected(now.nameservers(), now.nameserversNote());
    }
}
