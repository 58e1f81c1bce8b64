package io.clusterset.discovery.testkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Addresses and ports, as sockets have them and as people write them. */
final class Addresses {

    static final String LOOPBACK = "127.0.0.1";

    private Addresses() {}

    static InetSocketAddress socket(String address, int port) {
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port: " + port + " (expected: 0...65535)");
        }
        return new InetSocketAddress(address, port);
    }

    /** {@code 127.0.0.1:53} or {@code [::1]:53}. */
    static String text(InetSocketAddress socket) {
        InetAddress address = socket.getAddress();
        String literal = address.getHostAddress();
        return (address instanceof Inet6Address ? '[' + literal + ']' : literal) + ':' + socket.getPort();
    }

    /** What is in front of the port, without the brackets of IPv6. */
    static String addressIn(String endpoint) {
        String address = endpoint.substring(0, colon(endpoint));
        return address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
    }

    static int portIn(String endpoint) {
        try {
            return Integer.parseInt(endpoint.substring(colon(endpoint) + 1));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("endpoint: " + endpoint + " (expected: ADDRESS:PORT)", e);
        }
    }

    private static int colon(String endpoint) {
        int colon = endpoint.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("endpoint: " + endpoint + " (expected: ADDRESS:PORT)");
        }
        return colon;
    }
}
