package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Watches the API server: EndpointSlices and Services for the own cluster's names, ServiceImports and imported EndpointSlices for
 * the cluster set's. Says each change as it happens, and "unknown" whenever it can't be sure: no answer within 1 s, no leave to
 * look, a watch that has been lost for 5 s. What it said last is then worth as much as an old DNS answer, and DNS may know more.
 *
 * <p>Nothing is asked before the first question. Thread-safe; all state lives on the serial executor, no caller waits.
 */
public final class KubernetesSource implements EndpointSource {

    private static final String NOT_OURS = "the API is not asked for names of pods, nor of other zones";

    private final KubernetesOptions options;
    private final Supplier<ApiServer> server;
    private final String clusterDomain;
    private final String clustersetDomain;
    private final Supplier<String> configuredCluster;
    private final Supplier<String> namespace;
    private final int defaultPort;
    private final Predicate<InetAddress> allowed;
    private final Clockwork clockwork;
    private final EventSink events;
    private final OwnPlace ownPlace;

    // used on the serial executor
    private final Map<Question, List<Listener>> listeners = new LinkedHashMap<>();
    private Optional<Session> session = Optional.empty();
    private boolean wantsOwnPlace;
    private boolean closed;

    private final AtomicBoolean asksForNames = new AtomicBoolean(); // however many call at once, it is one task
    private volatile Set<String> names = Set.of(); // written on the serial executor, as is that below
    private volatile Optional<ApiServer> open = Optional.empty(); // for who closes

    /**
     * A source that asks with fabric8's client.
     *
     * @param options which API server, and how much of it is watched
     * @param access what a pod is given to reach it
     * @param clusterDomain the zone of names asked for in the own cluster, such as {@code cluster.local}
     * @param clustersetDomain the zone of names asked for in the cluster set
     * @param ownCluster the id of the own cluster as configured; empty text to ask the API server for it
     * @param namespace this process's own; empty text if nobody knows it
     * @param defaultPort the port of questions that name none, as far as the service has it
     * @param allowed otherwise refused addresses (loopback, link-local, ...) that are let through
     * @param background where files are read and classes loaded
     * @param random where delays are spread from
     */
    public KubernetesSource(
            KubernetesOptions options,
            KubernetesAccess access,
            String clusterDomain,
            String clustersetDomain,
            Supplier<String> ownCluster,
            Supplier<String> namespace,
            int defaultPort,
            Predicate<InetAddress> allowed,
            Executor background,
            Ticker ticker,
            Scheduler scheduler,
            Executor serial,
            RandomGenerator random,
            EventSink events) {
        this(
                options,
                access,
                () -> LateServer.of(options, access, background, ticker, scheduler, events),
                clusterDomain,
                clustersetDomain,
                ownCluster,
                namespace,
                defaultPort,
                allowed,
                background,
                new Clockwork(ticker, scheduler, serial, random),
                events);
    }

    KubernetesSource(
            KubernetesOptions options,
            KubernetesAccess access,
            Supplier<ApiServer> server,
            String clusterDomain,
            String clustersetDomain,
            Supplier<String> ownCluster,
            Supplier<String> namespace,
            int defaultPort,
            Predicate<InetAddress> allowed,
            Executor background,
            Clockwork clockwork,
            EventSink events) {
        this.options = options;
        this.server = server;
        this.clusterDomain = clusterDomain;
        this.clustersetDomain = clustersetDomain;
        this.configuredCluster = ownCluster;
        this.namespace = namespace;
        this.defaultPort = defaultPort;
        this.allowed = allowed;
        this.clockwork = clockwork;
        this.events = events;
        this.ownPlace = new OwnPlace(access, background, options.kubeconfig().isEmpty());
    }

    @Override
    public Watch watch(Question question, Listener listener) {
        clockwork.serial().execute(() -> begin(question, listener));
        return () -> clockwork.serial().execute(() -> end(question, listener));
    }

    private void begin(Question question, Listener listener) {
        if (closed) {
            return;
        }
        Optional<Topic> topic = Topic.of(question, clusterDomain, clustersetDomain);
        if (topic.isEmpty()) {
            listener.resolved(new Resolution.Unknown(List.of(), Watched.FRESH, Evidence.of(NOT_OURS)));
            return;
        }
        listeners.computeIfAbsent(question, q -> new ArrayList<>()).add(listener);
        session().watched(question, topic.get()).join(listener);
    }

    private void end(Question question, Listener listener) {
        List<Listener> told = listeners.get(question);
        if (told == null || !told.remove(listener)) {
            return;
        }
        if (told.isEmpty()) {
            listeners.remove(question);
        }
        session.flatMap(current -> current.watched(question))
                .filter(watched -> watched.leave(listener))
                .ifPresent(nobodyLeft -> session.ifPresent(current -> current.forget(question)));
    }

    @Override
    public void refresh(Question question, Effort effort) {
        clockwork
                .serial()
                .execute(() ->
                        session.flatMap(current -> current.watched(question)).ifPresent(Watched::refresh));
    }

    /**
     * Of the own namespace, or of all with {@link KubernetesOptions.Scope#CLUSTER}. Watched from the first call, which finds none
     * yet, until nobody has called for 10 minutes; the next call begins anew and finds what was known then. In service scope,
     * questions come first where watches are short.
     */
    @Override
    public Set<String> serviceNames() {
        if (asksForNames.compareAndSet(false, true)) {
            clockwork.serial().execute(() -> {
                asksForNames.set(false);
                if (!closed) {
                    session().catalogue(namespace.get(), now -> names = now);
                }
            });
        }
        return names;
    }

    /** Asked for at the first call, which finds nothing yet. */
    @Override
    public Optional<Locality> ownLocality() {
        askForOwnPlace();
        return ownPlace.locality();
    }

    /** The id of the own cluster, if there is a ClusterProperty that says it. Asked for at the first call, which finds nothing yet. */
    public Optional<String> ownCluster() {
        askForOwnPlace();
        return ownPlace.cluster();
    }

    private void askForOwnPlace() {
        clockwork.serial().execute(() -> {
            if (!wantsOwnPlace && !closed) {
                wantsOwnPlace = true;
                session().askForOwnPlace();
            }
        });
    }

    private Session session() {
        if (session.isEmpty()) {
            ApiServer asked = server.get();
            open = Optional.of(asked);
            Session begun = new Session(
                    asked, options.watch(), clockwork, events, defaultPort, allowed, configuredCluster, ownPlace);
            session = Optional.of(begun);
        }
        return session.get();
    }

    /** Idempotent. Connections are closed and threads end while it is called, whatever the serial executor is at. */
    @Override
    public void close() {
        clockwork.serial().execute(() -> {
            closed = true;
            session.ifPresent(Session::close);
            session = Optional.empty();
            listeners.clear();
        });
        open.ifPresent(ApiServer::close);
    }
}
