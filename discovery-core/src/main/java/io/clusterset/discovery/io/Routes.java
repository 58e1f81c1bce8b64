package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.util.Optional;

/** What the kernel's routing table says. Nothing is sent. */
public final class Routes {

    private static final int DISCARD = 9; // any port will do

    private Routes() {}

    /** The address packets to this one would come from; empty if there is no route, as to IPv6 on most IPv4 networks. */
    public static Optional<InetAddress> sourceTowards(InetAddress destination) {
        StandardProtocolFamily family =
                destination instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try (DatagramChannel probe = DatagramChannel.open(family)) {
            probe.connect(new InetSocketAddress(destination, DISCARD));
            return probe.getLocalAddress() instanceof InetSocketAddress local
                    ? Optional.of(local.getAddress())
                    : Optional.empty();
        } catch (IOException | RuntimeException noRoute) {
            return Optional.empty();
        }
    }
}
