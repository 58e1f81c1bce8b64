package io.clusterset.discovery;

import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.EndpointTable;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Traffic;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Places;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Joins the tiers' answers into one view: fills in ports and places, names the tier, and gives an endpoint that two tiers
 * name to the first of them (the clusterset's answer contains the local endpoints too). Remembers the last view, since the
 * next one differs from it in few endpoints or none: those that stay are the same objects. Used on the serial executor.
 */
final class Join {

    /** More are cut, always the same ones: an answer must not be able to fill the memory. */
    private static final int MOST_ENDPOINTS = 10_000;

    static final String TOO_MANY = "more than " + MOST_ENDPOINTS + " endpoints";

    private static final int FEW = 16;
    private static final Said NOTHING = new Said(List.of(), List.of(), List.of(), true);

    private final Port port;
    private final int defaultPort;
    private final Places places;
    private List<Said> last = List.of();
    private List<TierView> views = List.of();

    Join(Port port, int defaultPort, Places places) {
        this.port = port;
        this.defaultPort = defaultPort;
        this.places = places;
    }

    /** The tiers with these endpoints: those of their answers, or in need those of earlier ones. */
    List<TierView> views(List<Decider.Known> tiers, Function<Decider.Known, List<Endpoint>> endpoints) {
        List<Said> now = new ArrayList<>(tiers.size());
        for (int i = 0; i < tiers.size(); i++) {
            Said before = last.isEmpty() ? NOTHING : last.get(i);
            now.add(completed(tiers.get(i).tier(), endpoints.apply(tiers.get(i)), before));
        }
        List<TierView> joined = new ArrayList<>(tiers.size());
        if (sameLists(now)) {
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(view(
                        tiers.get(i), views.get(i).endpoints(), views.get(i).dropped()));
            }
        } else if (allDiffered() && fewAreFresh(now)) {
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(view(tiers.get(i), now.get(i).complete(), List.of()));
            }
        } else {
            EndpointTable<Endpoint> owners = new EndpointTable<>(
                    Function.identity(),
                    now.stream().mapToInt(said -> said.complete().size()).sum());
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(deduplicated(tiers.get(i), now.get(i).complete(), owners));
            }
        }
        last = now;
        views = joined;
        return joined;
    }

    private static TierView view(Decider.Known known, List<Endpoint> endpoints, List<Evidence.Dropped> dropped) {
        return new TierView(
                known.tier().name(), known.answer(), known.answeredAt(), known.foundAt(), endpoints, dropped);
    }

    @SuppressWarnings("ReferenceEquality") // the very list: whether it says the same is not worth finding out
    private boolean sameLists(List<Said> now) {
        for (int i = 0; i < now.size(); i++) {
            if (last.isEmpty() || now.get(i).complete() != last.get(i).complete()) {
                return false;
            }
        }
        return true;
    }

    /** Whether no address was said twice the last time, and nothing was cut. */
    private boolean allDiffered() {
        for (int i = 0; i < last.size(); i++) {
            if (views.get(i).endpoints().size() != last.get(i).complete().size()) {
                return false;
            }
        }
        return !last.isEmpty();
    }

    /** Whether all that is new is a few endpoints, none of which has the address of another. */
    private static boolean fewAreFresh(List<Said> now) {
        int few = 0;
        for (Said said : now) {
            few += said.fresh().size();
            if (few > FEW || said.complete().size() > MOST_ENDPOINTS) {
                return false;
            }
        }
        return now.stream()
                .flatMap(said -> said.fresh().stream())
                .allMatch(endpoint -> occurrences(endpoint, now) == 1);
    }

    private static int occurrences(Endpoint endpoint, List<Said> now) {
        int found = 0;
        for (Said said : now) {
            for (int i = 0; i < said.complete().size(); i++) {
                found += endpoint.sameAddress(said.complete().get(i)) ? 1 : 0;
            }
        }
        return found;
    }

    private TierView deduplicated(Decider.Known known, List<Endpoint> endpoints, EndpointTable<Endpoint> owners) {
        String name = known.tier().name();
        List<Endpoint> kept = new ArrayList<>(endpoints.size());
        List<Evidence.Dropped> dropped = new ArrayList<>();
        for (Endpoint endpoint : inStableOrder(endpoints)) {
            Optional<Endpoint> owner = owners.find(endpoint);
            if (owner.isPresent()) {
                if (!owner.get().tier().equals(name)) {
                    dropped.add(new Evidence.Dropped(
                            endpoint.authority(),
                            "belongs to tier " + owner.get().tier()));
                }
            } else if (kept.size() == MOST_ENDPOINTS) {
                dropped.add(new Evidence.Dropped(endpoint.authority(), TOO_MANY));
            } else {
                owners.add(endpoint);
                kept.add(endpoint);
            }
        }
        return view(known, kept.size() == endpoints.size() ? endpoints : kept, dropped);
    }

    /** What is cut must not depend on the order a server happens to answer in. */
    private static List<Endpoint> inStableOrder(List<Endpoint> endpoints) {
        if (endpoints.size() <= MOST_ENDPOINTS) {
            return endpoints;
        }
        List<Endpoint> ordered = new ArrayList<>(endpoints);
        ordered.sort(Comparator.comparingInt(Endpoint::addressHash).thenComparing(Endpoint::authority));
        return ordered;
    }

    /** A tier's endpoints with all that they lack; those that are where they were, from the head or the tail, are kept. */
    @SuppressWarnings("ReferenceEquality") // the very list
    private Said completed(Tier tier, List<Endpoint> endpoints, Said before) {
        if (endpoints == before.endpoints()) {
            return new Said(endpoints, before.complete(), List.of(), before.plain());
        }
        Object[] said = endpoints.toArray(); // arrays: ten thousand of them are compared
        Object[] formerly = before.endpoints().toArray();
        Object[] known = before.complete().toArray();
        int size = said.length;
        int shift = size - formerly.length;
        Endpoint[] complete = new Endpoint[size];
        List<Endpoint> fresh = new ArrayList<>();
        Endpoint.Pool pool = new Endpoint.Pool();
        int kept = -1; // ever further back: none is kept twice
        int i = 0;
        while (i < size) {
            int there = equalAt(said, i, formerly, i, kept) ? i : i - shift;
            if (equalAt(said, i, formerly, there, kept)) {
                int run = Math.max(1, run(said, i, formerly, there));
                System.arraycopy(known, there, complete, i, run);
                i += run;
                kept = there + run - 1;
            } else {
                Endpoint endpoint = (Endpoint) said[i];
                complete[i] = pool.sharing(
                        places.placed(endpoint.withPort(portOf(tier, endpoint)).withTier(tier.name())));
                fresh.add(complete[i]);
                i++;
            }
        }
        boolean plain = before.plain() || fresh.size() == size;
        for (int f = 0; f < fresh.size() && plain; f++) {
            plain = isPlain(fresh.get(f));
        }
        return new Said(endpoints, List.of(complete), fresh, plain);
    }

    private static boolean isPlain(Endpoint endpoint) {
        return endpoint.condition() == Condition.READY
                && endpoint.traffic() == Traffic.ANY
                && endpoint.locality().equals(Locality.UNKNOWN);
    }

    /** Whether no endpoint of a tier, as last joined, says anything that topology would look at. May say no where it could say yes. */
    boolean plain(int tier) {
        return last.get(tier).plain();
    }

    private static boolean equalAt(Object[] said, int index, Object[] formerly, int there, int behind) {
        return there > behind && there < formerly.length && said[index].equals(formerly[there]);
    }

    /** How many are the same objects from here on. */
    private static int run(Object[] these, int from, Object[] those, int there) {
        int most = Math.min(these.length - from, those.length - there);
        int same = 0;
        while (same < most && these[from + same] == those[there + same]) {
            same++;
        }
        return same;
    }

    private int portOf(Tier tier, Endpoint endpoint) {
        if (tier.port().isPresent()) {
            boolean translated = tier.answeredBy() == Tier.AnsweredBy.KUBERNETES && endpoint.port() != 0;
            return translated ? endpoint.port() : tier.port().getAsInt();
        } else if (port instanceof Port.Number number) {
            return endpoint.port() == 0 ? number.number() : endpoint.port();
        }
        return endpoint.port() == 0 ? defaultPort : endpoint.port();
    }

    /**
     * One tier's endpoints.
     *
     * @param endpoints as its source said them
     * @param complete the same with tier, port and place
     * @param fresh those that are not where they were
     * @param plain whether none says anything of its condition, its place or its owner's wishes
     */
    private record Said(List<Endpoint> endpoints, List<Endpoint> complete, List<Endpoint> fresh, boolean plain) {}
}
