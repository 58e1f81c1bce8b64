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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What the cluster set knows of a service: its imported slices, by the labels of KEP-1645 or as Karmada and Cilium put them
 * under a Service's own name; else the virtual addresses of its ServiceImport. Of one question. Not thread-safe.
 */
final class ImportedRules {

    /** What the ServiceImport's schema allows: one for each family. */
    private static final int MOST_ADDRESSES = 2;

    private final PortWish wish;
    private final String service;
    private final String ownCluster;
    private final Predicate<InetAddress> allowed;
    private final Shapes shapes = new Shapes();

    /**
     * Rules for a question.
     *
     * @param service the ServiceImport's name
     * @param ownCluster this cluster's id in the cluster set; empty if nobody knows
     * @param defaultPort the port of a caller who says none
     * @param allowed otherwise refused addresses that are let through
     */
    ImportedRules(
            Question question, String service, String ownCluster, int defaultPort, Predicate<InetAddress> allowed) {
        this.allowed = allowed;
        this.wish = PortWish.of(question, defaultPort);
        this.service = service;
        this.ownCluster = ownCluster;
    }

    /**
     * The answer.
     *
     * @param imported the ServiceImport; empty if there is none
     * @param byLabel slices whose label {@code multicluster.kubernetes.io/service-name} is the service's name
     * @param underOwnName slices whose label {@code kubernetes.io/service-name} is the service's name
     * @param ownName the Service of the same name in this cluster; empty if there is none
     */
    Resolution answer(
            Optional<ServiceImport> imported,
            Collection<Item<EndpointSlice>> byLabel,
            Collection<Item<EndpointSlice>> underOwnName,
            Optional<ServiceObject> ownName,
            Asked asked) {
        Joined joined = new Joined(asked);
        shapes.begin();
        List<Item<EndpointSlice>> all = candidates(byLabel, underOwnName);
        if (imported.isEmpty() && all.isEmpty()) {
            return joined.noSuchName("no ServiceImport " + service + " and no slices of one");
        }
        List<ServicePort> declared = imported.map(ServiceImport::ports)
                .filter(ports -> !ports.isEmpty())
                .or(() -> ownName.map(ServiceObject::ports))
                .orElse(List.of());
        Traffic traffic = imported.map(ServiceImport::traffic)
                .or(() -> ownName.map(ServiceObject::traffic))
                .orElse(Traffic.ANY);
        imported.filter(known -> !known.trouble().isEmpty())
                .ifPresent(known -> joined.note("the ServiceImport is not ready: " + known.trouble()));

        List<Item<EndpointSlice>> usable = usable(all, joined);
        boolean homeLeftOut = all.stream().anyMatch(item -> isOwnVirtual(item.object()));
        if (usable.isEmpty() && !homeLeftOut) {
            return imported.isPresent() && !imported.get().headless()
                    ? virtualAddresses(imported.get(), declared, traffic, joined)
                    : joined.answer();
        }
        usable.forEach(item -> joined.slice(item.object(), Foreign.cluster(item.object())));
        if (usable.stream().allMatch(item -> item.object().endpoints().isEmpty())) {
            return joined.answer();
        }
        Optional<String> none = add(usable, declared, traffic, joined);
        return none.isPresent() ? joined.empty(none.get()) : joined.answer();
    }

    /** Whether there are slices that count, of which an answer can be made even where no ServiceImports are served. */
    boolean anyCounts(Collection<Item<EndpointSlice>> byLabel, Collection<Item<EndpointSlice>> underOwnName) {
        return candidates(byLabel, underOwnName).stream()
                .anyMatch(item -> leavesOut(item.object()).isEmpty());
    }

    /** One of each name, in their order: a slice may carry the labels of both kinds. */
    private static List<Item<EndpointSlice>> candidates(
            Collection<Item<EndpointSlice>> byLabel, Collection<Item<EndpointSlice>> underOwnName) {
        Map<String, Item<EndpointSlice>> all = new TreeMap<>();
        byLabel.forEach(item -> all.put(item.name(), item));
        underOwnName.stream()
                .filter(item -> Foreign.underTheOwnName(item.object()))
                .forEach(item -> all.put(item.name(), item));
        return List.copyOf(all.values());
    }

    private List<Item<EndpointSlice>> usable(List<Item<EndpointSlice>> all, Joined joined) {
        List<Item<EndpointSlice>> usable = new ArrayList<>();
        for (Item<EndpointSlice> item : all) {
            Optional<String> rule = leavesOut(item.object());
            if (rule.isPresent()) {
                joined.drop(item.name(), rule.get());
            } else {
                usable.add(item);
            }
        }
        return usable;
    }

    private Optional<String> leavesOut(EndpointSlice slice) {
        if (Foreign.underTheOwnName(slice)) {
            return Optional.empty();
        } else if (slice.managedBy().equals(Flavour.IN_TREE)) {
            return Optional.of("slice of this cluster's own controller: its Service bears the label");
        } else if (slice.sourceCluster().isEmpty()) {
            return Optional.of("slice without label multicluster.kubernetes.io/source-cluster");
        } else if (isOwnVirtual(slice)) {
            return Optional.of("virtual address of the own cluster: its endpoints are the local tier's");
        }
        return Optional.empty();
    }

    private boolean isOwnVirtual(EndpointSlice slice) {
        return slice.virtual() && isOwn(Foreign.cluster(slice));
    }

    private boolean isOwn(String cluster) {
        return !ownCluster.isEmpty() && cluster.equals(ownCluster);
    }

    /** Adds all that have the port; says why if none has. */
    private Optional<String> add(
            List<Item<EndpointSlice>> usable, List<ServicePort> declared, Traffic traffic, Joined joined) {
        List<EndpointSlice> pods = usable.stream()
                .map(Item::object)
                .filter(slice -> !slice.virtual())
                .toList();
        Choice choice = wish.ofPods(declared, pods);
        Optional<SlicePort> virtual = wish.ofVirtualAddress(declared);
        boolean served = false;
        for (Item<EndpointSlice> item : usable) {
            EndpointSlice slice = item.object();
            String cluster = Foreign.cluster(slice);
            if (!slice.virtual()) {
                PodSlices.add(item, choice, cluster, traffic, isOwn(cluster), shapes, joined);
                served |= !(choice instanceof PortWish.None);
            } else if (virtual.isPresent()) {
                joined.add(shapes.shaped(slice, new Shapes.Shape(virtual.get(), cluster, traffic, false)));
                served = true;
            }
            if (slice.managedBy().equals(Flavour.CILIUM_MESH)) {
                joined.note("Cilium calls every endpoint of another cluster ready: that is not health");
            }
        }
        if (served) {
            PodSlices.explain(choice, joined);
            return Optional.empty();
        }
        return Optional.of(
                choice instanceof PortWish.None none && !pods.isEmpty() ? none.why() : wish.notServed(declared));
    }

    /** Without slices there are only the addresses that lead anywhere in the set. */
    private Resolution virtualAddresses(
            ServiceImport imported, List<ServicePort> declared, Traffic traffic, Joined joined) {
        List<InetAddress> addresses = VirtualAddresses.of(imported.ips(), "a ServiceImport's ips", allowed, joined);
        if (addresses.isEmpty()) {
            return joined.empty("no slices, and no address in the ServiceImport's ips");
        }
        Optional<SlicePort> port = wish.ofVirtualAddress(declared);
        if (port.isEmpty()) {
            return joined.empty(wish.notServed(declared));
        }
        if (addresses.size() > MOST_ADDRESSES) {
            joined.note(addresses.size() + " ips (expected: at most " + MOST_ADDRESSES
                    + "): taken for one of each cluster");
        }
        joined.note("which cluster answers at a virtual address can't be told, the own one included");
        String cluster = addresses.size() == 1 && imported.clusters().size() == 1
                ? imported.clusters().get(0)
                : "";
        List<Endpoint> bare =
                addresses.stream().map(address -> Endpoint.of(address, 0)).toList();
        joined.add(new Shapes.Shape(port.get(), cluster, traffic, false).of(bare));
        return joined.answer();
    }
}
