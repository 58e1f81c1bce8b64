package io.clusterset.discovery;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Joins the tiers' answers into one view: fills in ports, names the tier, and gives an endpoint that two tiers name to the
 * first of them (the clusterset's answer contains the local endpoints too).
 */
final class Join {

    /** More are cut, always the same ones: an answer must not be able to fill the memory. */
    private static final int MOST_ENDPOINTS = 10_000;

    static final String TOO_MANY = "more than " + MOST_ENDPOINTS + " endpoints";

    private final Port port;
    private final int defaultPort;
    private final Map<InetSocketAddress, String> owners = new HashMap<>();

    Join(Port port, int defaultPort) {
        this.port = port;
        this.defaultPort = defaultPort;
    }

    /** A tier with these endpoints: those of its answer, or in need those of an earlier one. */
    TierView view(Tier tier, Resolution answer, List<Endpoint> endpoints, long answeredAt) {
        List<Endpoint> kept = new ArrayList<>();
        List<Evidence.Dropped> dropped = new ArrayList<>();
        for (Endpoint endpoint : inStableOrder(endpoints)) {
            Endpoint complete = endpoint.withPort(portOf(tier, endpoint)).withTier(tier.name());
            String owner = owners.get(complete.socketAddress());
            if (owner != null) {
                if (!owner.equals(tier.name())) {
                    dropped.add(new Evidence.Dropped(complete.authority(), "belongs to tier " + owner));
                }
            } else if (kept.size() == MOST_ENDPOINTS) {
                dropped.add(new Evidence.Dropped(complete.authority(), TOO_MANY));
            } else {
                owners.put(complete.socketAddress(), tier.name());
                kept.add(complete);
            }
        }
        return new TierView(tier.name(), answer, answeredAt, kept, dropped);
    }

    /** What is cut must not depend on the order a server happens to answer in. */
    private static List<Endpoint> inStableOrder(List<Endpoint> endpoints) {
        if (endpoints.size() <= MOST_ENDPOINTS) {
            return endpoints;
        }
        List<Endpoint> ordered = new ArrayList<>(endpoints);
        ordered.sort(Comparator.<Endpoint>comparingInt(
                        e -> mixed(Arrays.hashCode(e.address().getAddress())))
                .thenComparing(Endpoint::authority));
        return ordered;
    }

    /** Spreads neighbouring addresses apart, or one subnet would be cut whole. */
    private static int mixed(int hash) {
        int h = hash * 0x9e3779b9;
        return h ^ (h >>> 15);
    }

    private int portOf(Tier tier, Endpoint endpoint) {
        if (tier.port().isPresent()) {
            return tier.port().getAsInt();
        } else if (port instanceof Port.Number number) {
            return endpoint.port() == 0 ? number.number() : endpoint.port();
        }
        return endpoint.port() == 0 ? defaultPort : endpoint.port();
    }
}
