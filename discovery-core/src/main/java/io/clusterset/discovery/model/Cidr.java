package io.clusterset.discovery.model;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * A block of addresses, as {@code 10.0.0.0/8} or {@code fd00::/8}.
 *
 * @param network its first address; any other is taken for that
 * @param prefix how many leading bits count: 0 to 32 for IPv4, 0 to 128 for IPv6
 */
public record Cidr(InetAddress network, int prefix) {

    /** Checks the prefix and clears the bits behind it, so that equal blocks are equal. */
    public Cidr {
        byte[] octets = network.getAddress();
        int bits = octets.length * 8;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("prefix: " + prefix + " (expected: 0 to " + bits + ")");
        }
        for (int bit = prefix; bit < bits; bit++) {
            octets[bit >> 3] &= (byte) ~(0x80 >> (bit & 7));
        }
        network = address(octets);
    }

    /**
     * Reads {@code 127.0.0.0/8}; a lone address is a block of one.
     *
     * @throws IllegalArgumentException if it is not an IP literal with an optional prefix length
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        InetAddress network = Addresses.literal(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Cidr(network, network.getAddress().length * 8);
        }
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}")) {
            throw new IllegalArgumentException(
                    Text.quote(text) + ": prefix " + Text.quote(length) + " (expected: a number)");
        }
        try {
            return new Cidr(network, Integer.parseInt(length));
        } catch (IllegalArgumentException refused) {
            throw new IllegalArgumentException(Text.quote(text) + ": " + refused.getMessage(), refused);
        }
    }

    private static InetAddress address(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException impossible) {
            throw new IllegalStateException(impossible); // only thrown for a length other than 4 or 16
        }
    }

    /** Whether the address lies in the block; never across families. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] theirs = address.getAddress();
        if (mine.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit++) {
            int mask = 0x80 >> (bit & 7);
            if ((mine[bit >> 3] & mask) != (theirs[bit >> 3] & mask)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return Addresses.literal(network) + "/" + prefix;
    }
}
