package io.clusterset.discovery;

import io.clusterset.discovery.balance.BalanceOptions;
import io.clusterset.discovery.cache.CacheOptions;
import io.clusterset.discovery.cache.CacheStats;
import io.clusterset.discovery.cache.WarmStart;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.dns.DnsOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.HealthOptions;
import io.clusterset.discovery.health.Prober;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.observe.Figures;
import io.clusterset.discovery.observe.Measured;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.NameOptions;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.DurationRange;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.topology.TopologyOptions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns service names into the endpoint to call now: the local cluster's while it is healthy, the cluster set's when it is
 * not, and back again without a stampede. Make one per application and close it with it. Thread-safe.
 *
 * <p>Making one does no network I/O and fails for no network reason. It runs three daemon threads, named {@code discovery-…},
 * started when first needed; a fourth that reads and writes files; and one, with the selector thread of a JDK HTTP client, for
 * HTTPS probes.
 *
 * <pre>{@code
 * try (Discovery discovery = Discovery.create()) {
 *   Service orders = discovery.service("orders.shop");
 *   String body = orders.call(Call.idempotent(), endpoint -> get(endpoint, "/list"));
 * }
 * }</pre>
 */
public final class Discovery implements AutoCloseable, Measured {

    private static final Duration CLOSED_WITHIN = Duration.ofMillis(800); // and a little for what it does itself
    private static final Duration PATIENCE = Duration.ofMillis(250); // with one thread

    private final Configuration configuration;
    private final Stages stages;
    private final Optional<WarmStart> warmStart;
    private final List<AutoCloseable> owned;
    private final LongSupplier untold;
    private final Residents residents;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Authorities authorities;

    private Discovery(Parts parts) {
        this.configuration = parts.configuration();
        this.authorities = new Authorities(configuration.get());
        this.stages = parts.stages();
        this.warmStart = parts.warmStart();
        this.owned = parts.owned();
        this.untold = parts.untold();
        this.residents = new Residents(stages, closed::get);
        stages.drills().onChange(residents::drilled);
        configuration.onChange(this::replanned);
    }

    /**
     * With everything detected: namespace and cluster domain from the pod's files, nameservers from resolv.conf, settings
     * from {@code discovery.properties} on the class path, the file that {@code CLUSTERSET_CONFIG} names, {@code CLUSTERSET_*}
     * variables and {@code discovery.*} system properties.
     *
     * @throws IllegalArgumentException if a setting is malformed; the text names it
     */
    public static Discovery create() {
        return builder().build();
    }

    /** A builder that starts with everything detected, as {@link #create()}. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * The service of this name. Cheap: the same name gives the same service. Starts looking it up in the background.
     *
     * @param name any of the forms of {@link Naming}, such as {@code orders.shop} or {@code orders.shop:http}
     * @throws IllegalArgumentException if the name is malformed or not one of ours; the text says what was expected
     * @throws DiscoveryException if the discovery is closed or 10,000 services are in use
     */
    public Service service(String name) {
        return service(naming().parse(name));
    }

    /**
     * As {@link #service(String)}, for a name already read.
     *
     * @throws IllegalArgumentException if no tier looks such names up
     * @throws DiscoveryException if the discovery is closed or 10,000 services are in use
     */
    public Service service(ServiceName asked) {
        Naming naming = naming();
        return residents.of(naming.withOwnPort(asked), naming);
    }

    /**
     * What an HTTP client means by the host and port of a URL, if it is a service of ours; empty if the name is somebody else's, the
     * library is switched off, the discovery is closed or 10,000 services are in use: then the system's resolver is the one to ask, as
     * if the library were not there. For adapters. Asks nobody, never waits and never throws; cheap for a name that was asked for
     * before.
     *
     * <p>Where a tier has one fixed name, and so endpoints whatever is asked for, names of one or two labels are ours only if {@code
     * discovery.names.only} or {@code discovery.services} says so.
     *
     * @param host as the URL says it: a name or an address
     * @param port as the URL says it, or its scheme's
     * @param schemePort its scheme's: a service that has a port of its own ({@code discovery.services[…].port}, which may be a name)
     *     is reached there, unless the URL says another
     */
    public Optional<Authority> authority(String host, int port, int schemePort) {
        return authority(Authorities.Asked.of(host, port, schemePort));
    }

    /**
     * As {@link #authority(String, int, int)}, of a name that is in no URL: {@code orders.shop}, {@code orders.shop:8080} or {@code
     * orders.shop:http}. One without a port has the service's own, else {@code discovery.default-port}.
     */
    public Optional<Authority> authority(String name) {
        return authority(Authorities.Asked.of(name));
    }

    private Optional<Authority> authority(Authorities.Asked asked) {
        Plan plan = configuration.get();
        if (!plan.enabled() || closed.get()) {
            return Optional.empty();
        }
        Authorities now = authorities;
        if (!now.isOf(plan)) {
            now = new Authorities(plan);
            authorities = now;
        }
        try {
            return now.find(asked, this::service);
        } catch (DiscoveryException noRoom) { // or closed meanwhile
            if (residents.isFullAnew() && !closed.get()) {
                stages.log()
                        .accept(new Event.Limit(
                                "", noRoom.getMessage() + "; what is new in URLs goes to the system's resolver"));
            }
            return Optional.empty();
        }
    }

    /**
     * The services there are: those in use, and those that the settings or the builder name. Without port, sorted: {@code orders.shop}, or the
     * name as it was asked for if it means one tier or exactly one name. DNS lists no services; where the Kubernetes API is watched, those of the own namespace are
     * among them (of all namespaces with {@code discovery.kubernetes.watch=cluster}), soon after this is called for the first time and as long as it is called at least every 10 minutes. While the library is switched off, nobody is asked.
     */
    public Set<String> serviceNames() {
        Set<String> names = new TreeSet<>(configuration.get().services().keySet());
        residents.all().forEach(service -> names.add(service.name().base()));
        if (!closed.get() && enabled()) { // who is switched off asks nobody
            names.addAll(stages.sources().serviceNames());
        }
        return Collections.unmodifiableSet(names);
    }

    private Naming naming() {
        return configuration.get().naming();
    }

    /**
     * Whether the library does its work. If not, adapters hand every name to the system's resolver, and {@link Service}s ask it
     * themselves, on the caller's thread. Costs one volatile read.
     */
    public boolean enabled() {
        return configuration.get().enabled();
    }

    /** Whether {@link #close} was called. Costs one volatile read. */
    public boolean closed() {
        return closed.get();
    }

    /**
     * The kill switch: with {@code false}, calls go past the library from now on, as if it were not there; with {@code true}, they
     * come back to it as soon as it knows where to send them, unless the setting {@code discovery.enabled} says no. Callers never
     * wait for either. Thread-safe.
     */
    public void enabled(boolean on) {
        if (!closed.get()) {
            configuration.enable(on, stages.log());
        }
    }

    /**
     * Reads the settings again and takes over, at once and all together, what may change while the process runs; what may not is
     * left as it is and named in the result. What was learned (verdicts, latencies, returns under way, answers) is kept. What the
     * builder said goes on winning; its functions are called again. Files are read on the calling thread.
     *
     * <p>The settings of the process, or those of a supplier given to the builder, are looked at four times a second anyway.
     *
     * @throws IllegalArgumentException if something is malformed, out of range, unknown or cannot be read: then nothing has
     *     changed. The text names key, value, origin and what was expected
     * @throws DiscoveryException if the discovery is closed
     */
    public Reload reload() {
        if (closed.get()) {
            throw new DiscoveryException("reload: the discovery was closed");
        }
        return configuration.reload(stages.log());
    }

    /**
     * Every setting of the discovery as it holds now, and who said so: those of {@link io.clusterset.discovery.config.Setting}, in their order, {@code
     * discovery.config} only where a file is read; those of single services are in their explanations. Immutable.
     */
    public List<Provenance> settings() {
        return configuration.get().provenance();
    }

    /** {@inheritDoc} After {@link #close}, what there was last. */
    @Override
    public Figures figures() {
        CacheStats cache = cacheStats();
        return new Figures(
                enabled(),
                residents.all().stream().map(Service::figures).toList(),
                new Figures.OfCache(cache.joined(), cache.asked(), cache.confirmations(), cache.watched()),
                stages.log().counts(),
                untold.getAsLong());
    }

    /**
     * What is seen of a service in use without using it, for who only looks: no lookup begins, none is kept going, and nobody waits.
     * Empty if it is not in use, has yet to be decided on, rests, or the library is switched off.
     *
     * @param name as {@link #service(String)}, or as {@link #figures()} say it
     * @throws IllegalArgumentException as {@link #service(String)}
     */
    public Optional<Sight> sight(String name) {
        Naming naming = naming();
        return residents.find(naming.withOwnPort(naming.parse(name))).flatMap(Service::sight);
    }

    /** What the caches of all tiers did so far. Cheap; for metrics and for tests. */
    public CacheStats cacheStats() {
        return stages.sources().stats();
    }

    /**
     * Forces a tier to a share of the traffic of all services of this process, for a while: 0 to see what happens without it,
     * 5 to try a standby. What the tier loses by that comes back as after an illness, by dwell and steps. A drill never becomes
     * an outage: it is suspended where no other tier has a healthy endpoint, forces nothing on a tier that has none, and
     * leaves a tier what guarded ones ({@code max-load}) may not take.
     *
     * @param tier the name of a tier, such as {@code local}
     * @param percent its share, 0 to 100
     * @param time for how long, 1 s to 24 h; a second drill of the same tier takes the first one's place
     * @return ends the drill when closed; idempotent
     * @throws IllegalArgumentException if no tier has that name or a value is out of range
     * @throws DiscoveryException if the discovery is closed
     */
    public Drill drill(String tier, int percent, Duration time) {
        Set<String> names = naming().tierLists().stream()
                .flatMap(List::stream)
                .map(Tier::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
        if (!names.contains(tier)) {
            throw new IllegalArgumentException(
                    "drill: tier " + Text.quote(tier) + " (expected: " + String.join(", ", names) + ")");
        }
        if (percent < 0 || percent > 100) {
            throw new IllegalArgumentException("drill: " + percent + " % (expected: 0 to 100)");
        }
        new DurationRange(Duration.ofSeconds(1), Duration.ofDays(1)).check("drill", time);
        if (closed.get()) {
            throw new DiscoveryException("drill of " + tier + ": the discovery was closed");
        }
        Object key = new Object();
        stages.serial().execute(() -> {
            if (!closed.get()) {
                stages.drills().begin(tier, percent, time, key);
            }
        });
        return () -> stages.serial().execute(() -> stages.drills().end(tier, key));
    }

    /** The tiers of services that have none of their own, in order; the first is home. */
    public List<Tier> tiers() {
        return naming().tiers();
    }

    /**
     * The tiers that look a service up, in order.
     *
     * @throws IllegalArgumentException if none does
     */
    public List<Tier> tiers(ServiceName name) {
        return naming().tiers(name);
    }

    /** Another plan holds. */
    private void replanned() {
        if (!enabled()) {
            residents.all().forEach(Service::bypass); // at once, whatever the executor is busy with
        }
        stages.serial().execute(() -> {
            if (!closed.get()) {
                stages.sources().reconfigured(naming());
                stages.health().reconfigured();
                residents.replanned();
            }
        });
    }

    /**
     * Ends everything within a second: callers that wait get a {@link DiscoveryException}, threads and sockets are let go.
     * Idempotent.
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        long began = stages.ticker().nanos();
        // waiting callers first: they must not depend on the executor getting round to it
        residents.all().forEach(Service::wakeWaiters);
        warmStart.ifPresent(WarmStart::close); // while the sources still know what there is to write
        CountDownLatch letGo = new CountDownLatch(1);
        stages.serial().execute(() -> {
            try {
                stages.drills().close();
                residents.shut();
                stages.health().close();
                stages.sources().close();
            } finally {
                stages.log().close();
                letGo.countDown();
            }
        });
        try {
            // the executors drop what they have not begun
            boolean inTime = letGo.await(100, TimeUnit.MILLISECONDS);
            if (!inTime) {
                stages.log()
                        .accept(new Event.Trouble(
                                "", "close: the discovery's executor had not got round to it in 100 ms"));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        for (AutoCloseable resource : owned) {
            try {
                if (resource instanceof DaemonScheduler thread) {
                    Duration left = CLOSED_WITHIN.minusNanos(stages.ticker().nanos() - began);
                    thread.close(left.compareTo(PATIENCE) < 0 ? left : PATIENCE);
                } else {
                    resource.close();
                }
            } catch (Exception contained) {
                stages.log().accept(new Event.Trouble("", "close: " + contained));
            }
        }
    }

    /** A running drill. */
    @FunctionalInterface
    public interface Drill extends AutoCloseable {
        @Override
        void close();
    }

    /** Builds a {@link Discovery}. Not thread-safe. Values set here win over settings from outside. */
    public static final class Builder {

        private final Map<Tier, EndpointSource> customTiers = new LinkedHashMap<>();
        private final List<Tier> tiers = new ArrayList<>();
        private final Map<String, UnaryOperator<ServiceOptions.Builder>> services = new LinkedHashMap<>();
        private final List<Consumer<Event>> listeners = new ArrayList<>();
        private Optional<Supplier<Settings>> settings = Optional.empty();
        private boolean looksAgain = true;
        private boolean enabled = true;
        private Optional<Surroundings> surroundings = Optional.empty();
        private Optional<String> namespace = Optional.empty();
        private Optional<String> clusterDomain = Optional.empty();
        private Optional<String> clustersetDomain = Optional.empty();
        private Optional<Integer> defaultPort = Optional.empty();
        private UnaryOperator<NameOptions.Builder> names = UnaryOperator.identity();
        private UnaryOperator<DnsOptions.Builder> dns = UnaryOperator.identity();
        private UnaryOperator<KubernetesOptions.Builder> kubernetes = UnaryOperator.identity();
        private UnaryOperator<CacheOptions.Builder> cache = UnaryOperator.identity();
        private UnaryOperator<HealthOptions.Builder> health = UnaryOperator.identity();
        private UnaryOperator<FailoverOptions.Builder> failover = UnaryOperator.identity();
        private UnaryOperator<BudgetOptions.Builder> budget = UnaryOperator.identity();
        private UnaryOperator<TopologyOptions.Builder> topology = UnaryOperator.identity();
        private UnaryOperator<BalanceOptions.Builder> balance = UnaryOperator.identity();
        private Optional<Prober> prober = Optional.empty();
        private Optional<Executor> executor = Optional.empty();
        private Optional<Ticker> ticker = Optional.empty();
        private Optional<Scheduler> scheduler = Optional.empty();
        private RandomGenerator random = new SecureRandom();
        private SystemResolver system = SystemResolver.JVM;
        private Logger log = LoggerFactory.getLogger("io.clusterset.discovery");

        private Builder() {}

        /** Replaces the settings of the process (files, variables and system properties): these, as long as it runs. */
        public Builder settings(Settings values) {
            settings = Optional.of(() -> values);
            looksAgain = false;
            return this;
        }

        /**
         * Replaces the settings of the process by what this says, now and four times a second from then on: {@link
         * Settings#process(java.nio.file.Path)}. Called by {@link #build}, by {@link Discovery#reload} and on a thread of ours that does
         * nothing else but read and write files, or on the lent executor; two calls in a row must say the same before that holds. What
         * it throws while the process runs is an event, and what held before holds on.
         */
        public Builder settings(Supplier<Settings> values) {
            settings = Optional.of(values);
            looksAgain = true;
            return this;
        }

        /**
         * Whether the library does its work; see {@link Discovery#enabled(boolean)}. Default true. With {@code false} no setting
         * switches it on.
         */
        public Builder enabled(boolean on) {
            enabled = on;
            return this;
        }

        /** Replaces what is detected of the process's surroundings. */
        public Builder surroundings(Surroundings seen) {
            surroundings = Optional.of(seen);
            return this;
        }

        /** The namespace of names that don't say one. Default: the pod's; unknown outside a pod. */
        public Builder namespace(String name) {
            namespace = Optional.of(name);
            return this;
        }

        /** The home tier's domain. Default: from resolv.conf's search list, else {@code cluster.local}. */
        public Builder clusterDomain(String domain) {
            clusterDomain = Optional.of(domain);
            return this;
        }

        /** The second tier's domain. Default {@code clusterset.local}. */
        public Builder clustersetDomain(String domain) {
            clustersetDomain = Optional.of(domain);
            return this;
        }

        /**
         * Adds a tier; tiers given here, in their order, replace the two default ones. DNS is asked for its names, or the
         * variables for {@link Tier#environment}.
         */
        public Builder tier(Tier tier) {
            tiers.add(tier);
            return this;
        }

        /** Adds a tier answered by a source of the caller's, which is closed with the discovery. */
        public Builder tier(Tier tier, EndpointSource source) {
            customTiers.put(tier.place(), source);
            return tier(tier);
        }

        /**
         * Changes what holds for one service: {@code service("orders.shop", s -> s.port("http"))}. Default: what holds for
         * all. Said again, it replaces what was said before.
         *
         * @param name {@code SERVICE.NAMESPACE}, or {@code SERVICE} in the own namespace
         */
        public Builder service(String name, UnaryOperator<ServiceOptions.Builder> change) {
            services.put(name, change);
            return this;
        }

        /** The port of endpoints when neither caller, tier nor source says one. Default 80; 1 to 65535. */
        public Builder defaultPort(int port) {
            defaultPort = Optional.of(new Port.Number(port).number());
            return this;
        }

        /** Changes which names adapters take for services: {@code names(n -> n.only(List.of("*.shop")))}. */
        public Builder names(UnaryOperator<NameOptions.Builder> change) {
            names = change;
            return this;
        }

        /** Changes how DNS is asked: {@code dns(d -> d.timeout(Duration.ofSeconds(1)))}. */
        public Builder dns(UnaryOperator<DnsOptions.Builder> change) {
            dns = change;
            return this;
        }

        /**
         * Changes whether and how the Kubernetes API is watched: {@code kubernetes(k -> k.watch(Scope.SERVICES))}. Wants fabric8's
         * kubernetes-client and its JDK HTTP client on the class path.
         */
        public Builder kubernetes(UnaryOperator<KubernetesOptions.Builder> change) {
            kubernetes = change;
            return this;
        }

        /** Changes for how long answers are believed. */
        public Builder cache(UnaryOperator<CacheOptions.Builder> change) {
            cache = change;
            return this;
        }

        /** Changes how verdicts are come to. */
        public Builder health(UnaryOperator<HealthOptions.Builder> change) {
            health = change;
            return this;
        }

        /** Changes how traffic leaves a tier and comes back. */
        public Builder failover(UnaryOperator<FailoverOptions.Builder> change) {
            failover = change;
            return this;
        }

        /** Changes how many retries calls may cost, per service. */
        public Builder budget(UnaryOperator<BudgetOptions.Builder> change) {
            budget = change;
            return this;
        }

        /** Changes what is known of places, and what is made of it: {@code topology(t -> t.zone("a"))}. */
        public Builder topology(UnaryOperator<TopologyOptions.Builder> change) {
            topology = change;
            return this;
        }

        /** Changes who is picked: {@code balance(b -> b.balancer(Balancer.peakEwma()))}. */
        public Builder balance(UnaryOperator<BalanceOptions.Builder> change) {
            balance = change;
            return this;
        }

        /** Adds a listener for events; called on the callback thread, what it throws is contained. */
        public Builder listener(Consumer<Event> listener) {
            listeners.add(listener);
            return this;
        }

        /** Probes in place of the built-in TCP, HTTP and HTTPS probes; not used with {@code Probe.none()}. */
        public Builder prober(Prober kind) {
            prober = Optional.of(kind);
            return this;
        }

        /** Lends threads for the library's own short tasks and for callbacks. Default: two daemon threads of its own. */
        public Builder executor(Executor lender) {
            executor = Optional.of(lender);
            return this;
        }

        /**
         * Where time comes from: a {@link io.clusterset.discovery.time.ManualTime} in tests, given twice. A scheduler that is
         * a {@link Sleeper} too is where blocking calls pause.
         */
        public Builder time(Ticker clock, Scheduler timer) {
            ticker = Optional.of(clock);
            scheduler = Optional.of(timer);
            return this;
        }

        /** Where lines go, in place of the logger that has the library's name. */
        Builder log(Logger logger) {
            log = logger;
            return this;
        }

        /** Who answers while the library is switched off. */
        Builder system(SystemResolver resolver) {
            system = resolver;
            return this;
        }

        /** Where jitter and message ids come from; used by several threads. Default: a {@link SecureRandom}. */
        public Builder random(RandomGenerator source) {
            random = source;
            return this;
        }

        /**
         * The discovery. Does no network I/O.
         *
         * @throws IllegalArgumentException if a value is malformed or out of range; the text names it, its origin and what was
         *     expected
         */
        public Discovery build() {
            Surroundings seen = surroundings.orElseGet(Surroundings::detect);
            Planner planner = new Planner(said(), seen, Long.toHexString(random.nextLong()));
            Configuration plans = new Configuration(planner, settings.orElseGet(Settings::process));
            Lent lent = new Lent(executor, ticker, scheduler, random, prober, listeners, customTiers, system, log);
            return new Discovery(new Parts(lent, seen, plans, planner.noticed(), looksAgain));
        }

        private Said said() {
            return new Said(
                    enabled,
                    namespace,
                    clusterDomain,
                    clustersetDomain,
                    tiers,
                    customTiers.keySet(),
                    services,
                    defaultPort,
                    names,
                    dns,
                    kubernetes,
                    cache,
                    health,
                    failover,
                    budget,
                    topology,
                    balance);
        }
    }
}
