package io.clusterset.discovery.model;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** IP addresses read and shown as literals: nothing here ever asks a resolver. */
public final class Addresses {

    private static final int DNS_PORT = 53;

    /** 39 characters of IPv6 or 45 with an embedded IPv4, and a scope. */
    private static final int LONGEST = 64;

    /** Roughly; the JDK reads it. One that began with a dot would be taken for a host name and looked up. */
    private static final Pattern V6 =
            Pattern.compile("[0-9A-Fa-f:][0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*(%[0-9A-Za-z_.-]{1,15})?");

    private Addresses() {}

    /**
     * Reads a nameserver, at port 53 unless it says another: {@code 10.0.0.1}, {@code 10.0.0.1:5353}, {@code fd00::1}, {@code
     * [fd00::1]}, {@code [fd00::1]:5353}. IPv6 with a port needs brackets: {@code fd00::1:53} is an address.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static InetSocketAddress nameserver(String text) {
        boolean bare = text.indexOf(':') < 0 || (!text.startsWith("[") && text.indexOf(':') != text.lastIndexOf(':'));
        if (bare) {
            return new InetSocketAddress(literal(text), DNS_PORT);
        }
        return parse(text.endsWith("]") ? text + ":" + DNS_PORT : text);
    }

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
        if (bracketed && host.indexOf(':') < 0) {
            throw new IllegalArgumentException(Text.quote(text) + ": no IPv6 in the brackets (expected: IP:PORT)");
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
        try {
            if (text.indexOf(':') < 0) {
                byte[] octets = new byte[4];
                if (readOctets(text, octets)) {
                    return InetAddress.getByAddress(octets);
                }
            } else if (text.length() <= LONGEST && V6.matcher(text).matches()) {
                return nameless(InetAddress.getByName(text)); // a literal: parsed, not looked up
            }
        } catch (UnknownHostException malformed) {
            // falls through to the one message below
        }
        throw new IllegalArgumentException(
                Text.quote(text) + ": not an IP address (expected: an IPv4 or IPv6 literal)");
    }

    /** By hand, since an API server says thousands: four numbers from 0 to 255, without leading zeros, which some read as octal. */
    private static boolean readOctets(String text, byte[] octets) {
        int part = 0;
        int digits = 0;
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                if (digits > 0 && value == 0) {
                    return false;
                }
                digits++;
                value = value * 10 + c - '0';
                if (value > 255) {
                    return false;
                }
            } else if (c == '.' && digits > 0 && part < 3) {
                octets[part] = (byte) value;
                part++;
                digits = 0;
                value = 0;
            } else {
                return false;
            }
        }
        octets[part] = (byte) value;
        return part == 3 && digits > 0;
    }

    /** The literal form without a scope or a leading slash. */
    public static String literal(InetAddress address) {
        String text = address.getHostAddress();
        int scope = text.indexOf('%');
        String bare = scope < 0 ? text : text.substring(0, scope);
        return address instanceof Inet6Address ? compress(bare) : bare;
    }

    /**
     * What keeps an address from being an endpoint's as a rule: {@code unspecified}, {@code loopback}, {@code link-local},
     * {@code multicast}, {@code broadcast}, {@code reserved} or {@code IPv4-compatible}; empty if nothing does.
     */
    public static String special(InetAddress address) {
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
