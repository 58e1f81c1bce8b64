package io.clusterset.discovery.dns;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.Cidr;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/** Which addresses an answer may hold (rebinding, metadata services, decision in law 13). */
record AddressPolicy(List<Cidr> allowed) {

    /** The rule that drops an address; empty if it may be used. */
    Optional<String> drops(InetAddress address) {
        String kind = Addresses.special(address);
        if (kind.isEmpty() || allowed.stream().anyMatch(block -> block.contains(address))) {
            return Optional.empty();
        }
        return Optional.of(kind + " address from DNS");
    }
}
