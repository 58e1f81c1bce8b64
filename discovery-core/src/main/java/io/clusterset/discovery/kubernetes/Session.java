package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.SharedReflectors.Items;
import io.clusterset.discovery.kubernetes.SharedReflectors.Part;
import io.clusterset.discovery.kubernetes.SharedReflectors.Places;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.source.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * All that is asked of one API server: what belongs to a service is watched once, however many questions are about it. Used on the
 * serial executor.
 */
final class Session {

    private static final String ALL = "*"; // no namespace has that name
    private static final String SLICES = "discovery.k8s.io/v1";
    private static final String SERVICES = "v1";
    private static final String OWN_LABEL = "kubernetes.io/service-name";
    private static final String IMPORTED_LABEL = "multicluster.kubernetes.io/service-name";
    private static final int MOST_WATCHES = 80; // of 100 streams a connection has

    private final ApiServer server;
    private final KubernetesOptions.Scope scope;
    private final Clockwork clockwork;
    private final EventSink events;
    private final int defaultPort;
    private final Supplier<String> ownCluster;
    private final Turnstile turnstile;
    private final Refusals refusals;
    private final ServedImports served;
    private final Places places;
    private final SharedReflectors<EndpointSlice> slices;
    private final SharedReflectors<ServiceObject> services;
    private final SharedReflectors<ServiceImport> imports;
    private final Catalogue catalogue;
    private final Predicate<InetAddress> allowed;
    private final Kind<EndpointSlice> endpointSlices;
    private final OwnPlace ownPlace;
    private final Map<Question, Inquiry> asked = new LinkedHashMap<>();
    private final Set<Inquiry> crowdedOut = new LinkedHashSet<>();
    private boolean closed;

    /**
     * Asks nothing yet.
     *
     * @param allowed otherwise refused addresses that are let through
     * @param ownCluster as configured; empty text to ask for it
     */
    Session(
            ApiServer server,
            KubernetesOptions.Scope scope,
            Clockwork clockwork,
            EventSink events,
            int defaultPort,
            Predicate<InetAddress> allowed,
            Supplier<String> ownCluster,
            OwnPlace ownPlace) {
        this.allowed = allowed;
        this.endpointSlices = Kind.endpointSlices(allowed);
        this.server = server;
        this.scope = scope;
        this.clockwork = clockwork;
        this.events = events;
        this.defaultPort = defaultPort;
        this.ownCluster = ownCluster;
        this.turnstile = new Turnstile(clockwork);
        this.refusals = new Refusals(events);
        this.served = new ServedImports(server, turnstile, clockwork);
        this.places = new Places(scope == KubernetesOptions.Scope.SERVICES ? MOST_WATCHES : Integer.MAX_VALUE);
        this.slices = new SharedReflectors<>(this::reflector, places);
        this.services = new SharedReflectors<>(this::reflector, places);
        this.imports = new SharedReflectors<>(this::reflector, places);
        this.catalogue = new Catalogue(services, ALL, clockwork);
        this.ownPlace = ownPlace;
    }

    private <T> Reflector<T> reflector(Selection<T> selection) {
        return new Reflector<>(server, turnstile, clockwork, selection);
    }

    /** The question's state, made at first. */
    Watched watched(Question question, Topic topic) {
        Inquiry known = asked.get(question);
        if (known == null) {
            known = new Inquiry(question, topic, new Watched(clockwork, refusals, server));
            asked.put(question, known);
            known.begin();
        }
        return known.watched;
    }

    /** The question's state, if somebody watches it. */
    Optional<Watched> watched(Question question) {
        return Optional.ofNullable(asked.get(question)).map(known -> known.watched);
    }

    /** Nobody watches it any more. */
    void forget(Question question) {
        Inquiry known = asked.remove(question);
        if (known != null) {
            known.close();
            admit();
        }
    }

    /**
     * Somebody asks for the Services of a namespace, or of all of them in cluster scope: they are watched for a while.
     *
     * @param namespace where in service scope; empty if nobody knows, and nothing is watched
     * @param taker told their names, as {@code orders.shop}, whenever they change
     */
    void catalogue(String namespace, Consumer<Set<String>> taker) {
        boolean all = scope == KubernetesOptions.Scope.CLUSTER;
        if (!all && namespace.isEmpty()) {
            return;
        }
        catalogue.wanted(
                new Selection<>(
                        Kind.SERVICES,
                        SERVICES,
                        all ? "" : namespace,
                        "",
                        item -> List.of(Keys.of(item.namespace(), item.name()), ALL)),
                taker);
        if (crowdedOut.isEmpty()) {
            catalogue.begin();
        }
    }

    /** Asks where this process runs, once. */
    void askForOwnPlace() {
        ownPlace.ask(server, turnstile, clockwork.serial(), () -> asked.values().forEach(one -> one.watched.changed()));
    }

    void close() {
        closed = true;
        asked.values().forEach(Inquiry::close);
        asked.clear();
        catalogue.close();
        served.close();
        slices.close();
        services.close();
        imports.close();
        turnstile.close();
        server.close();
    }

    /** Somebody left: who was crowded out may have a place now, and the catalogue after them. */
    private void admit() {
        for (Inquiry waiting : List.copyOf(crowdedOut)) {
            if (crowdedOut.remove(waiting) && !closed) {
                waiting.begin();
                if (crowdedOut.contains(waiting)) {
                    return;
                }
            }
        }
        catalogue.begin();
    }

    /** One question. */
    private final class Inquiry {
        private final Question question;
        private final Topic topic;
        private final Watched watched;
        private final Runnable versionChanged = this::beginImported;
        private final Runnable changed;
        private Optional<ServedImports.Found> begunWith = Optional.empty();
        private Optional<Items<ServiceImport>> importPart = Optional.empty();
        private ImportedRules rules;
        private String rulesOf = "";
        private boolean toldOfLimit;

        Inquiry(Question question, Topic topic, Watched watched) {
            this.question = question;
            this.topic = topic;
            this.watched = watched;
            this.changed = watched::changed;
            this.rules = new ImportedRules(question, topic.service(), rulesOf, defaultPort, allowed);
        }

        void begin() {
            if (!topic.imported()) {
                beginLocal();
                return;
            }
            served.remove(versionChanged);
            served.add(versionChanged);
            askForOwnPlace();
            begunWith = Optional.empty();
            beginImported();
        }

        void close() {
            served.remove(versionChanged);
            crowdedOut.remove(this);
            watched.close();
        }

        private void beginLocal() {
            Gathered parts = new Gathered();
            Optional<Items<EndpointSlice>> own = parts.add(slices(OWN_LABEL, false));
            Optional<Items<ServiceObject>> service = parts.add(service());
            if (own.isEmpty() || service.isEmpty()) {
                crowded(parts);
                return;
            }
            LocalRules rules = new LocalRules(question, topic.service(), defaultPort, allowed);
            watched.about(new Subject(
                    parts.all,
                    () -> rules.answer(first(service.get()), own.get().items(), asked(parts))));
        }

        private void beginImported() {
            ServedImports.Found found = served.found();
            if (begunWith.filter(found::equals).isPresent()) {
                return;
            }
            if (found.absent()) {
                beginWithoutImports(found);
                return;
            }
            if (found.groupVersion().isEmpty()) {
                begunWith = Optional.empty();
                found.why().ifPresent(watched::hindered);
                return;
            }
            Gathered parts = new Gathered();
            Optional<Items<EndpointSlice>> labelled = parts.add(slices(IMPORTED_LABEL, true));
            Optional<Items<ServiceImport>> imported =
                    parts.add(imported(found.groupVersion().get()));
            Optional<Items<EndpointSlice>> own = parts.add(slices(OWN_LABEL, false));
            Optional<Items<ServiceObject>> service = parts.add(service());
            if (labelled.isEmpty() || imported.isEmpty() || own.isEmpty() || service.isEmpty()) {
                crowded(parts);
                return;
            }
            begunWith = Optional.of(found);
            watched.about(new Subject(
                    parts.all,
                    () -> rules().answer(
                                    first(imported.get()),
                                    labelled.get().items(),
                                    own.get().items(),
                                    first(service.get()),
                                    asked(parts))));
        }

        /**
         * Cilium's global services and Karmada's MultiClusterService need no ServiceImport: other clusters' slices are under the
         * Service's own name. A service without any is DNS's. Of slices with the other label, those are seen that are watched
         * anyway.
         */
        private void beginWithoutImports(ServedImports.Found found) {
            Gathered parts = new Gathered();
            Optional<Items<EndpointSlice>> own = parts.add(slices(OWN_LABEL, false));
            Optional<Items<EndpointSlice>> labelled = scope == KubernetesOptions.Scope.CLUSTER
                    ? parts.add(slices(IMPORTED_LABEL, true)) // the same watch
                    : own;
            Optional<Items<ServiceObject>> service = parts.add(service());
            if (own.isEmpty() || labelled.isEmpty() || service.isEmpty()) {
                crowded(parts);
                return;
            }
            begunWith = Optional.of(found);
            watched.about(new Subject(parts.all, () -> {
                List<Item<EndpointSlice>> byLabel = labelled.get().items().stream()
                        .filter(item -> item.object().imported().equals(topic.service()))
                        .toList();
                return rules().anyCounts(byLabel, own.get().items())
                        ? rules().answer(
                                        Optional.empty(),
                                        byLabel,
                                        own.get().items(),
                                        first(service.get()),
                                        asked(parts))
                        : watched.unknown(found.why().orElse(""));
            }));
        }

        /** They change when the own cluster's id becomes known. */
        private ImportedRules rules() {
            String cluster = cluster();
            if (!cluster.equals(rulesOf)) {
                rulesOf = cluster;
                rules = new ImportedRules(question, topic.service(), cluster, defaultPort, allowed);
            }
            return rules;
        }

        private Asked asked(Gathered parts) {
            return new Asked(parts.shown(), server.name(), Watched.FRESH);
        }

        private String cluster() {
            String configured = ownCluster.get();
            return configured.isEmpty() ? ownPlace.cluster().orElse("") : configured;
        }

        private void crowded(Gathered parts) {
            parts.all.forEach(Part::release);
            if (catalogue.giveUp()) {
                begin(); // with its place
                return;
            }
            crowdedOut.add(this);
            String what = "the API server is watched for others: " + places.most()
                    + " watches are all there are (expected: discovery.kubernetes.watch=cluster with so many services)";
            watched.hindered(what);
            if (!toldOfLimit) {
                toldOfLimit = true;
                events.accept(new Event.Limit(topic.toString(), what + "; DNS is asked instead"));
            }
        }

        private <T> Optional<T> first(Items<T> items) {
            return items.items().stream().map(Item::object).findFirst();
        }

        private Optional<Items<EndpointSlice>> slices(String label, boolean imported) {
            Selection<EndpointSlice> selection = scope == KubernetesOptions.Scope.CLUSTER
                    ? new Selection<>(endpointSlices, SLICES, "", "", Keys::ofSlice)
                    : new Selection<>(
                            endpointSlices,
                            SLICES,
                            topic.namespace(),
                            Selection.label(label, topic.service()),
                            Keys::ofSlice);
            return slices.need(
                    selection, imported ? Keys.imported(topic.namespace(), topic.service()) : key(), changed);
        }

        private Optional<Items<ServiceObject>> service() {
            return services.need(single(Kind.SERVICES, SERVICES), key(), changed);
        }

        private Optional<Items<ServiceImport>> imported(String version) {
            importPart = imports.need(single(Kind.SERVICE_IMPORTS, version), key(), () -> {
                if (importPart
                        .flatMap(part -> part.state().trouble())
                        .filter(Inquiry::isGone)
                        .isPresent()) {
                    served.doubt();
                }
                watched.changed();
            });
            return importPart;
        }

        private static boolean isGone(ApiServer.Answer why) {
            return why instanceof ApiServer.Answer.Refused refused && refused.status() == 404;
        }

        private <T> Selection<T> single(Kind<T> kind, String version) {
            return scope == KubernetesOptions.Scope.CLUSTER
                    ? new Selection<>(
                            kind, version, "", "", item -> List.of(Keys.of(item.namespace(), item.name()), ALL))
                    : new Selection<>(
                            kind,
                            version,
                            topic.namespace(),
                            Selection.named(topic.service()),
                            item -> List.of(Keys.of(item.namespace(), item.name())));
        }

        private String key() {
            return Keys.of(topic.namespace(), topic.service());
        }
    }

    /** The parts of a subject, as far as they could be had. */
    private static final class Gathered {
        private final List<Part> all = new ArrayList<>();

        <T> Optional<Items<T>> add(Optional<Items<T>> part) {
            part.ifPresent(all::add);
            return part;
        }

        List<String> shown() {
            return all.stream().map(Part::shown).toList();
        }
    }
}
