package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Addresses;
import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Predicate;

/** The addresses of a Service or ServiceImport itself, behind which its endpoints are. */
final class VirtualAddresses {

    private VirtualAddresses() {}

    /**
     * Those that may be used; the others are said.
     *
     * @param where they stand, such as {@code a ServiceImport's ips}
     * @param allowed otherwise refused addresses that are let through
     */
    static List<InetAddress> of(List<String> ips, String where, Predicate<InetAddress> allowed, Joined joined) {
        LinkedHashSet<InetAddress> addresses = new LinkedHashSet<>();
        for (String ip : ips) {
            try {
                InetAddress address = Addresses.literal(ip.indexOf('%') < 0 ? ip : "");
                String kind = EndpointSliceDraft.special(address);
                if (kind.isEmpty() || allowed.test(address)) {
                    addresses.add(address);
                } else {
                    joined.drop(ip, kind + " address in " + where);
                }
            } catch (IllegalArgumentException none) {
                joined.drop(ip.isEmpty() ? "''" : ip, "not an IP address in " + where);
            }
        }
        return List.copyOf(addresses);
    }
}
