package io.clusterset.discovery;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Places;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    private static final Said NOTHING = new Said(List.of(), List.of(), 0, 0);

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
        int changed = 0;
        for (int i = 0; i < tiers.size(); i++) {
            Said before = last.isEmpty() ? NOTHING : last.get(i);
            Said next = completed(tiers.get(i).tier(), endpoints.apply(tiers.get(i)), before);
            changed += next.fresh();
            now.add(next);
        }
        boolean fewChanged = !views.isEmpty()
                && changed <= FEW
                && views.stream().allMatch(view -> view.dropped().isEmpty());
        boolean asBefore = !views.isEmpty() && sameLists(now, last);
        last = now;
        List<TierView> joined = new ArrayList<>(tiers.size());
        if (asBefore) {
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(view(
                        tiers.get(i), views.get(i).endpoints(), views.get(i).dropped()));
            }
        } else if (fewChanged && noneTwice()) {
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(view(tiers.get(i), now.get(i).complete(), List.of()));
            }
        } else {
            Addresses owners = new Addresses(
                    now.stream().mapToInt(said -> said.complete().size()).sum());
            for (int i = 0; i < tiers.size(); i++) {
                joined.add(deduplicated(tiers.get(i), now.get(i).complete(), owners));
            }
        }
        views = joined;
        return joined;
    }

    private static TierView view(Decider.Known known, List<Endpoint> endpoints, List<Evidence.Dropped> dropped) {
        return new TierView(known.tier().name(), known.answer(), known.answeredAt(), endpoints, dropped);
    }

    @SuppressWarnings("ReferenceEquality") // the very list: whether it says the same is not worth finding out
    private static boolean sameLists(List<Said> now, List<Said> before) {
        for (int i = 0; i < now.size(); i++) {
            if (now.get(i).complete() != before.get(i).complete()) {
                return false;
            }
        }
        return true;
    }

    /** Whether none of the few that are new has the address of another, all others being different from each other. */
    private boolean noneTwice() {
        for (Said said : last) {
            for (int i = 0; i < said.fresh(); i++) {
                if (occurrences(said.complete().get(said.from() + i)) > 1) {
                    return false;
                }
            }
        }
        return true;
    }

    private int occurrences(Endpoint endpoint) {
        int found = 0;
        for (Said said : last) {
            for (Endpoint other : said.complete()) {
                found += endpoint.sameAddress(other) ? 1 : 0;
            }
        }
        return found;
    }

    @SuppressWarnings("ReferenceEquality") // itself, or the one before it
    private TierView deduplicated(Decider.Known known, List<Endpoint> endpoints, Addresses owners) {
        String name = known.tier().name();
        List<Endpoint> kept = new ArrayList<>(endpoints.size());
        List<Evidence.Dropped> dropped = new ArrayList<>();
        for (Endpoint endpoint : inStableOrder(endpoints)) {
            boolean full = kept.size() == MOST_ENDPOINTS;
            Endpoint owner = full ? owners.find(endpoint) : owners.add(endpoint);
            if (owner != endpoint) {
                if (!owner.tier().equals(name)) {
                    dropped.add(new Evidence.Dropped(endpoint.authority(), "belongs to tier " + owner.tier()));
                }
            } else if (full) {
                dropped.add(new Evidence.Dropped(endpoint.authority(), TOO_MANY));
            } else {
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

    /** A tier's endpoints with all that they lack; those that were there before, at the list's head and tail, are kept. */
    @SuppressWarnings("ReferenceEquality") // the very list
    private Said completed(Tier tier, List<Endpoint> endpoints, Said before) {
        if (endpoints == before.endpoints()) {
            return new Said(endpoints, before.complete(), 0, 0);
        }
        int most = Math.min(endpoints.size(), before.endpoints().size());
        int head = 0;
        while (head < most && endpoints.get(head).equals(before.endpoints().get(head))) {
            head++;
        }
        int tail = 0;
        while (tail < most - head && fromEnd(endpoints, tail).equals(fromEnd(before.endpoints(), tail))) {
            tail++;
        }
        Endpoint[] complete = new Endpoint[endpoints.size()];
        Endpoint.Pool pool = new Endpoint.Pool();
        for (int i = 0; i < complete.length; i++) {
            int fromEnd = complete.length - 1 - i;
            if (i < head) {
                complete[i] = before.complete().get(i);
            } else if (fromEnd < tail) {
                complete[i] = fromEnd(before.complete(), fromEnd);
            } else {
                Endpoint endpoint = endpoints.get(i);
                complete[i] = pool.sharing(
                        places.placed(endpoint.withPort(portOf(tier, endpoint)).withTier(tier.name())));
            }
        }
        return new Said(endpoints, List.of(complete), head, complete.length - head - tail);
    }

    private static Endpoint fromEnd(List<Endpoint> list, int index) {
        return list.get(list.size() - 1 - index);
    }

    private int portOf(Tier tier, Endpoint endpoint) {
        if (tier.port().isPresent()) {
            return tier.port().getAsInt();
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
     * @param from where those begin that are not as before
     * @param fresh how many these are
     */
    private record Said(List<Endpoint> endpoints, List<Endpoint> complete, int from, int fresh) {}

    /** Endpoints by address and port: open addressing, since this is looked through for ten thousand at a time. */
    private static final class Addresses {
        private final Endpoint[] slots;

        Addresses(int most) {
            slots = new Endpoint[Integer.highestOneBit(Math.max(2, most * 2)) * 2];
        }

        /** The one that has its address already; itself if it is the first. */
        Endpoint add(Endpoint endpoint) {
            int slot = slot(endpoint);
            Endpoint there = slots[slot];
            if (there == null) {
                slots[slot] = endpoint;
                return endpoint;
            }
            return there;
        }

        /** As {@link #add}, and does not add it. */
        Endpoint find(Endpoint endpoint) {
            Endpoint there = slots[slot(endpoint)];
            return there == null ? endpoint : there;
        }

        private int slot(Endpoint endpoint) {
            int slot = endpoint.addressHash() & (slots.length - 1);
            while (slots[slot] != null && !slots[slot].sameAddress(endpoint)) {
                slot = (slot + 1) & (slots.length - 1);
            }
            return slot;
        }
    }
}
