package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.ServiceName.Scope;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The name that was asked about.
 *
 * @param lookups in the tiers that ask DNS for it, in order
 * @param absolute the name taken as absolute; empty if nobody would take it so
 * @param elsewhere what a resolver with a search list makes of it, outside of the tiers' zones
 */
record Subject(ServiceName name, List<Lookup> lookups, Optional<Query> absolute, List<Query> elsewhere) {

    /**
     * In one tier.
     *
     * @param servers who is asked there
     */
    record Lookup(String tier, String zone, String name, Optional<Port.Named> port, List<InetSocketAddress> servers) {

        Query ipv4() {
            return Query.udp(name, "A");
        }

        Query ipv6() {
            return Query.udp(name, "AAAA");
        }

        /** Of the name itself: all ports, says CoreDNS. */
        Query ports() {
            return Query.udp(name, "SRV");
        }

        /** Of the named port, if one was named. */
        Optional<Query> namedPort() {
            return port.map(named -> Query.udp(named.labels() + "." + name, "SRV"));
        }
    }

    static Subject of(ServiceName name, List<Tier> tiers, List<InetSocketAddress> nameservers, ResolvConf file) {
        List<Lookup> lookups = new ArrayList<>();
        for (Tier tier : tiers) {
            if (tier.isNamed()) {
                tier.question(name)
                        .map(question -> lookup(question, nameservers))
                        .ifPresent(lookups::add);
            }
        }
        boolean short_ = name.scope() instanceof Scope.AllTiers;
        List<Query> elsewhere = file.search().stream()
                .filter(domain -> short_ && tiers.stream().noneMatch(tier -> isBelow(domain, tier.domain())))
                .map(domain -> Query.udp(name.base() + "." + domain, "A"))
                .toList();
        return new Subject(
                name, lookups, short_ ? Optional.of(Query.udp(name.base(), "A")) : Optional.empty(), elsewhere);
    }

    private static Lookup lookup(Question question, List<InetSocketAddress> nameservers) {
        List<InetSocketAddress> servers = question.nameservers().isEmpty() ? nameservers : question.nameservers();
        return new Lookup(question.tier(), question.zone(), question.name(), question.port(), servers);
    }

    static boolean isBelow(String name, String zone) {
        return name.equals(zone) || name.endsWith("." + zone);
    }
}
