package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Evidence;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Puts addresses of both families into the order of RFC 6724, section 6: rules 1, 2, 5, 6 and 8. Rules 3, 4 and 7 ask for what
 * a process can't see; rule 9 would undo the server's shuffling. What has no route from here is left out (rule 1 has it
 * last, but whoever spreads load over a list uses its last one too), unless nothing has one. An answer of one family is left
 * alone.
 *
 * @param source the address packets to a destination would come from
 */
record AddressOrder(Function<InetAddress, Optional<InetAddress>> source) {

    private static final int LINK_LOCAL = 2;
    private static final int SITE_LOCAL = 5;
    private static final int GLOBAL = 14;

    /** The default policy table of RFC 6724, 2.1, longest prefixes first. */
    private static final List<Policy> TABLE = List.of(
            new Policy("::1/128", 50, 0),
            new Policy("::/96", 1, 3),
            new Policy("2001::/32", 5, 5),
            new Policy("2002::/16", 30, 2),
            new Policy("3ffe::/16", 1, 12),
            new Policy("fec0::/10", 1, 11),
            new Policy("fc00::/7", 3, 13),
            new Policy("::/0", 40, 1));

    private static final Policy IPV4 = new Policy("0.0.0.0/0", 35, 4); // ::ffff:0:0/96

    List<InetAddress> sorted(Collection<InetAddress> addresses, List<Evidence.Dropped> dropped) {
        List<InetAddress> all = new ArrayList<>(addresses);
        long four = all.stream().filter(Inet4Address.class::isInstance).count();
        if (four == 0 || four == all.size()) {
            return all;
        }
        Map<Kind, Optional<Kind>> sources =
                new HashMap<>(); // one question of the kernel for each kind, not each address
        Map<InetAddress, Rank> ranks = new HashMap<>();
        for (InetAddress address : all) {
            Kind kind = Kind.of(address);
            Optional<Kind> from =
                    sources.computeIfAbsent(kind, k -> source.apply(address).map(Kind::of));
            ranks.put(address, new Rank(kind, from));
        }
        if (ranks.values().stream().anyMatch(Rank::usable)) {
            all.removeIf(address -> {
                boolean unusable = !ranks.getOrDefault(address, Rank.NONE).usable();
                if (unusable) {
                    dropped.add(
                            new Evidence.Dropped(Addresses.literal(address), "no route from here (RFC 6724, rule 1)"));
                }
                return unusable;
            });
        }
        all.sort(Comparator.comparing(address -> ranks.getOrDefault(address, Rank.NONE)));
        return all;
    }

    /** What the rules look at. */
    private record Kind(int scope, int precedence, int label) {
        static Kind of(InetAddress address) {
            Policy policy = address instanceof Inet4Address
                    ? IPV4
                    : TABLE.stream()
                            .filter(p -> p.block().contains(address))
                            .findFirst()
                            .orElse(IPV4);
            return new Kind(scope(address), policy.precedence(), policy.label());
        }

        private static int scope(InetAddress address) {
            if (address.isLinkLocalAddress() || address.isLoopbackAddress()) {
                return LINK_LOCAL;
            }
            return address.isSiteLocalAddress() && !(address instanceof Inet4Address) ? SITE_LOCAL : GLOBAL;
        }
    }

    /** A destination with its source; the better one is the lesser. */
    private record Rank(Kind to, Optional<Kind> from) implements Comparable<Rank> {
        static final Rank NONE = new Rank(new Kind(GLOBAL, 0, -1), Optional.empty());

        boolean usable() {
            return from.isPresent();
        }

        private boolean scopesMatch() {
            return from.map(f -> f.scope() == to.scope()).orElse(false);
        }

        private boolean labelsMatch() {
            return from.map(f -> f.label() == to.label()).orElse(false);
        }

        @Override
        public int compareTo(Rank other) {
            return Comparator.comparing((Rank rank) -> !rank.usable())
                    .thenComparing(rank -> !rank.scopesMatch())
                    .thenComparing(rank -> !rank.labelsMatch())
                    .thenComparing(rank -> -rank.to().precedence())
                    .thenComparing(rank -> rank.to().scope())
                    .compare(this, other);
        }
    }

    private record Policy(Cidr block, int precedence, int label) {
        Policy(String block, int precedence, int label) {
            this(Cidr.parse(block), precedence, label);
        }
    }
}
