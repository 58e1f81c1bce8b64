package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Cidr;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Which addresses an answer may hold (rebinding, metadata services, decision in law 13). */
record AddressPolicy(List<Cidr> allowed) {

    /** The rule that drops an address; empty if it may be used. */
    Optional<String> drops(InetAddress address) {
        String kind = kind(address);
        if (kind.isEmpty() || allowed.stream().anyMatch(block -> block.contains(address))) {
            return Optional.empty();
        }
        return Optional.of(kind + " address from DNS");
    }

    private static String kind(InetAddress address) {
        byte[] raw = address.getAddress();
        if (address.isAnyLocalAddress() || (address instanceof Inet4Address && raw[0] == 0)) {
            return "unspecified";
        } else if (address.isLoopbackAddress()) {
            return "loopback";
        } else if (address.isLinkLocalAddress()) {
            return "link-local";
        } else if (address.isMulticastAddress()) {
            return "multicast";
        } else if (address instanceof Inet4Address && (raw[0] & 0xf0) == 0xf0) {
            return raw[1] == -1 && raw[2] == -1 && raw[3] == -1 && raw[0] == -1 ? "broadcast" : "reserved";
        } else if (address instanceof Inet6Address six && six.isIPv4CompatibleAddress()) {
            return "IPv4-compatible";
        }
        return "";
    }
}
