package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.EndpointSlice.SlicePort;
import io.clusterset.discovery.kubernetes.PortWish.Choice;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Question;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * What this cluster knows of a Service: its own endpoints and nobody else's, for other clusters' may stand under the same name
 * (Cilium, Karmada). Karmada's {@code derived-X} is a Service of this cluster whose endpoints all are elsewhere. Of one
 * question. Not thread-safe.
 */
final class LocalRules {

    private final PortWish wish;
    private final String service;
    private final Predicate<InetAddress> allowed;
    private final Shapes shapes = new Shapes();

    /**
     * Rules for a question.
     *
     * @param service the Service's name, which is not the question's where a tier's template says another
     * @param defaultPort the port of a caller who says none
     * @param allowed otherwise refused addresses that are let through
     */
    LocalRules(Question question, String service, int defaultPort, Predicate<InetAddress> allowed) {
        this.allowed = allowed;
        this.wish = PortWish.of(question, defaultPort);
        this.service = service;
    }

    /**
     * The answer.
     *
     * @param object the Service; empty if there is none
     * @param slices those whose label {@code kubernetes.io/service-name} is the Service's name, in any order
     */
    Resolution answer(Optional<ServiceObject> object, Collection<Item<EndpointSlice>> slices, Asked asked) {
        Joined joined = new Joined(asked);
        shapes.begin();
        if (object.isPresent() && !object.get().externalName().isEmpty()) {
            return joined.alias(object.get().externalName());
        }
        if (object.isEmpty() && slices.isEmpty()) {
            return joined.noSuchName("no Service " + service + " and no slices of one");
        }
        List<Item<EndpointSlice>> own = own(slices, joined);
        if (object.isPresent() && own.size() == slices.size() && onlyItsAddressLeadsAnywhere(object.get(), own)) {
            return virtualAddresses(object.get(), joined);
        }
        object.filter(known -> !known.spansClusters().isEmpty())
                .ifPresent(known -> joined.note("the name spans clusters already (" + known.spansClusters()
                        + "): its virtual address leads to other clusters, too; these are this cluster's endpoints"));
        if (object.isEmpty()) {
            joined.note("there is no Service " + service);
        }
        List<ServicePort> declared = object.map(ServiceObject::ports).orElse(List.of());
        Choice choice = wish.ofPods(declared, own.stream().map(Item::object).toList());
        own.forEach(item -> joined.slice(item.object(), ""));
        if (own.stream().allMatch(item -> item.object().endpoints().isEmpty())) {
            return joined.answer(); // that nothing is there says more than which port it lacks
        }
        if (choice instanceof PortWish.None none) {
            return joined.empty(none.why());
        }
        Traffic traffic = object.map(ServiceObject::traffic).orElse(Traffic.ANY);
        for (Item<EndpointSlice> item : own) {
            boolean placed = !item.object().managedBy().equals(Flavour.KARMADA); // zones and nodes of elsewhere
            PodSlices.add(item, choice, "", traffic, placed, shapes, joined);
        }
        PodSlices.explain(choice, joined);
        return joined.answer();
    }

    /** Other clusters' endpoints are behind the Service's address, and no slices say which (Cilium, unless it syncs them). */
    private static boolean onlyItsAddressLeadsAnywhere(ServiceObject object, List<Item<EndpointSlice>> own) {
        return !object.spansClusters().isEmpty()
                && !object.ips().isEmpty()
                && own.stream()
                        .allMatch(item -> item.object().endpoints().isEmpty()
                                && item.object().dropped().isEmpty());
    }

    private Resolution virtualAddresses(ServiceObject object, Joined joined) {
        joined.note("the name spans clusters already (" + object.spansClusters()
                + "), and this cluster has no endpoints: its virtual address leads to other clusters");
        List<Endpoint> bare = VirtualAddresses.of(object.ips(), "a Service's clusterIPs", allowed, joined).stream()
                .map(address -> Endpoint.of(address, 0))
                .toList();
        if (bare.isEmpty()) {
            return joined.empty("no slices, and no address in the Service's clusterIPs");
        }
        Optional<SlicePort> port = wish.ofVirtualAddress(object.ports());
        if (port.isEmpty()) {
            return joined.empty(wish.notServed(object.ports()));
        }
        joined.add(new Shapes.Shape(port.get(), "", object.traffic(), false).of(bare));
        return joined.answer();
    }

    /** Those of this cluster; the others are said. */
    private static List<Item<EndpointSlice>> own(Collection<Item<EndpointSlice>> slices, Joined joined) {
        List<Item<EndpointSlice>> own = new ArrayList<>();
        Set<String> owners = new TreeSet<>();
        int foreign = 0;
        for (Item<EndpointSlice> item : Joined.ordered(List.copyOf(slices))) {
            Optional<String> owner = owner(item.object());
            if (owner.isEmpty()) {
                own.add(item);
            } else {
                foreign++;
                owners.add(owner.get());
                joined.drop(item.name(), "slice of " + owner.get());
            }
        }
        if (foreign > 0) {
            joined.note("the name spans clusters already: " + Joined.plural(foreign, "slice") + " of others left out ("
                    + String.join(", ", owners) + ")");
        }
        return own;
    }

    /** The other cluster it comes from, in words; empty if it is this one. */
    private static Optional<String> owner(EndpointSlice slice) {
        String cluster = Foreign.cluster(slice);
        if (!slice.sourceCluster().isEmpty() || !slice.imported().isEmpty() || Foreign.underTheOwnName(slice)) {
            String product = Flavour.product(slice.managedBy());
            return Optional.of((cluster.isEmpty() ? "a cluster set" : "cluster " + cluster)
                    + (product.isEmpty() ? "" : " by " + product));
        }
        return Optional.empty();
    }
}
