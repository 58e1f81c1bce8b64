package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EndpointTable;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Text;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * An answer in the making: endpoints of many slices, one of each address and port, and what there is to say of them. Slices
 * come in the order of their names, so that the same objects make the same answer.
 */
final class Joined {

    private static final int MOST_DROPPED = 64;
    private static final int MOST_NOTES = 16;
    private static final int MOST_CLUSTERS = 8;

    private final Asked asked;
    private final List<List<Endpoint>> lists = new ArrayList<>();
    private final Set<String> products = new TreeSet<>();
    private final Set<String> clusters = new TreeSet<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final List<Evidence.Dropped> dropped = new ArrayList<>();
    private int slices;
    private int more;
    private boolean filtered;

    Joined(Asked asked) {
        this.asked = asked;
    }

    /** In the order of their names. */
    static List<Item<EndpointSlice>> ordered(List<Item<EndpointSlice>> items) {
        return items.stream()
                .sorted(Comparator.comparing((Item<EndpointSlice> item) -> item.name()))
                .toList();
    }

    /** A slice that counts, though maybe without endpoints, or without the port. */
    void slice(EndpointSlice slice, String cluster) {
        slices++;
        String product = Flavour.product(slice.managedBy());
        if (!product.isEmpty()) {
            products.add(product);
        }
        if (!cluster.isEmpty()) {
            clusters.add(cluster);
        }
        filtered |= !slice.dropped().isEmpty();
        slice.dropped().forEach(one -> drop(one.address(), one.rule()));
    }

    /** Endpoints to join. */
    void add(List<Endpoint> endpoints) {
        lists.add(endpoints);
    }

    /** Something left out. */
    void drop(String what, String rule) {
        if (dropped.size() < MOST_DROPPED) {
            dropped.add(new Evidence.Dropped(Text.safe(what), rule));
        } else {
            more++;
        }
    }

    /** Something else to say. */
    void note(String sentence) {
        if (notes.size() < MOST_NOTES) {
            notes.add(sentence);
        }
    }

    /** What is found, or that nothing is. */
    Resolution answer() {
        List<Endpoint> endpoints = joined();
        if (!endpoints.isEmpty()) {
            return new Resolution.Found(endpoints, asked.freshFor(), evidence(counted(endpoints)));
        }
        return filtered
                ? new Resolution.Unknown(
                        List.of(), asked.freshFor(), evidence(slices() + ", no address that may be used"))
                : empty(slices() + ", no endpoints");
    }

    /** That nothing is there, since it is elsewhere, or has no such port. */
    Resolution empty(String why) {
        return new Resolution.Empty(asked.freshFor(), evidence(why));
    }

    /** That it is an alias. */
    Resolution alias(String outside) {
        return new Resolution.Empty(
                asked.freshFor(), evidence("ExternalName " + Text.safe(outside)), Optional.of(outside));
    }

    /** That nobody knows the name. */
    Resolution noSuchName(String why) {
        return new Resolution.NoSuchName(asked.freshFor(), evidence(why));
    }

    /** One of each address: a ready one if there is, else that of the first slice. */
    private List<Endpoint> joined() {
        int all = lists.stream().mapToInt(List::size).sum();
        EndpointTable<Endpoint> known = new EndpointTable<>(Function.identity(), all);
        List<Endpoint> joined = new ArrayList<>(all);
        for (boolean ready : new boolean[] {true, false}) {
            for (List<Endpoint> list : lists) {
                for (Endpoint one : list) {
                    if ((one.condition() == Condition.READY) == ready
                            && known.find(one).isEmpty()) {
                        known.add(one);
                        joined.add(one);
                    }
                }
            }
        }
        if (joined.size() < all) {
            note(plural(all - joined.size(), "endpoint") + " in more than one slice");
        }
        return joined;
    }

    private String counted(List<Endpoint> endpoints) {
        long ready = endpoints.stream()
                .filter(one -> one.condition() == Condition.READY)
                .count();
        long notReady = endpoints.stream()
                .filter(one -> one.condition() == Condition.NOT_READY)
                .count();
        long terminating = endpoints.size() - ready - notReady;
        return (slices == 0 ? plural(endpoints.size(), "virtual address", "virtual addresses") : slices())
                + ", " + ready + " ready"
                + (notReady == 0 ? "" : ", " + notReady + " not ready")
                + (terminating == 0 ? "" : ", " + terminating + " terminating");
    }

    private String slices() {
        return (slices == 0 ? "no slices" : plural(slices, "slice"))
                + (products.isEmpty() ? "" : " (" + String.join(", ", products) + ")")
                + (clusters.isEmpty() ? "" : " of " + shownClusters());
    }

    private String shownClusters() {
        return String.join(", ", clusters.stream().limit(MOST_CLUSTERS).toList())
                + (clusters.size() > MOST_CLUSTERS ? " and " + (clusters.size() - MOST_CLUSTERS) + " more" : "");
    }

    private Evidence evidence(String said) {
        List<Evidence.Dropped> all = new ArrayList<>(dropped);
        if (more > 0) {
            all.add(new Evidence.Dropped(more + " more", "not shown"));
        }
        List<String> parts = new ArrayList<>();
        parts.add(said);
        parts.addAll(notes);
        return new Evidence(asked.watched(), asked.answeredBy(), "", String.join("; ", parts), all);
    }

    /** {@code 1 slice}, {@code 3 slices}. */
    static String plural(int count, String one) {
        return plural(count, one, one + "s");
    }

    private static String plural(int count, String one, String many) {
        return count + " " + (count == 1 ? one : many);
    }
}
