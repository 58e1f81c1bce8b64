package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * A zone of Kubernetes that a tier looks in.
 *
 * @param tier the first one that does
 * @param servers who is asked; the discovery's nameservers, or the tier's own
 */
record Zone(String tier, String domain, List<InetSocketAddress> servers) {

    /** Those of all tiers, each domain once, home's first. Names of load balancers are in zones of somebody else. */
    static List<Zone> of(List<Tier> tiers, List<InetSocketAddress> nameservers) {
        List<Zone> zones = new ArrayList<>();
        for (Tier tier : tiers) {
            boolean known = zones.stream().anyMatch(zone -> zone.domain().equals(tier.domain()));
            if (tier.isStandard() && !known) {
                List<InetSocketAddress> own = tier.nameservers();
                zones.add(new Zone(tier.name(), tier.domain(), own.isEmpty() ? nameservers : own));
            }
        }
        return zones;
    }
}
