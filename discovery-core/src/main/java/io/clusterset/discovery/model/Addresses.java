package io.clusterset.discovery.model;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** IP addresses read and shown as literals: nothing here ever asks a resolver. */
public final class Addresses {

    private Addresses() {}

    /**
     * Reads {@code 10.0.0.1:80} or {@code [fd00::1]:80}.
     *
     * @throws IllegalArgumentException if it is not an IP literal with a port from 1 to 65535
     */
    public static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException(Text.quote(text) + ": no port (expected: IP:PORT or [IPv6]:PORT)");
        }
        String host = text.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(Text.quote(text) + ": IPv6 without brackets (expected: [IPv6]:PORT)");
        }
        InetAddress address = literal(bracketed ? host.substring(1, host.length() - 1) : host);
        if (!(Port.parse(text.substring(colon + 1)) instanceof Port.Number port)) {
            throw new IllegalArgumentException(Text.quote(text) + ": no port number (expected: IP:PORT)");
        }
        return new InetSocketAddress(address, port.number());
    }

    /**
     * Reads an IPv4 or IPv6 literal.
     *
     * @throws IllegalArgumentException if it is anything else, a host name included
     */
    public static InetAddress literal(String text) {
        boolean v4 = text.matches("(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");
        boolean v6 = text.indexOf(':') >= 0 && text.matches("[0-9A-Fa-f:.]+(%[0-9A-Za-z]+)?");
        if (v4 || v6) {
            try {
                return nameless(InetAddress.getByName(text)); // a literal: parsed, not looked up
            } catch (UnknownHostException malformed) {
                // falls through to the one message below
            }
        }
        throw new IllegalArgumentException(
                Text.quote(text) + ": not an IP address (expected: an IPv4 or IPv6 literal)");
    }

    /** The literal form without a scope or a leading slash. */
    public static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String bare = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? compress(bare) : bare;
    }

    static InetAddress nameless(InetAddress address) {
        if (address instanceof Inet6Address six && six.getScopeId() != 0) {
            return address;
        }
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // only thrown for a length other than 4 or 16
        }
    }

    /** RFC 5952: the longest run of two or more zero groups becomes {@code ::}. */
    private static String compress(String full) {
        String[] groups = full.split(":");
        int bestStart = -1;
        int bestLength = 1;
        for (int i = 0; i < groups.length; i++) {
            int j = i;
            while (j < groups.length && groups[j].equals("0")) {
                j++;
            }
            if (j - i > bestLength) {
                bestStart = i;
                bestLength = j - i;
            }
            i = Math.max(i, j - 1);
        }
        if (bestStart < 0) {
            return full;
        }
        String head = String.join(":", java.util.Arrays.copyOfRange(groups, 0, bestStart));
        String tail = String.join(":", java.util.Arrays.copyOfRange(groups, bestStart + bestLength, groups.length));
        return head + "::" + tail;
    }
}
