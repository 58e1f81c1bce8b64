package io.clusterset.discovery.testkit;

import java.util.List;

/**
 * One SRV record, and the addresses that are sent along with it. Immutable.
 *
 * @param priority 0 to 65535, lower is tried first
 * @param weight 0 to 65535
 * @param port 0 to 65535
 * @param target the name behind which the service answers
 * @param glue addresses of the target (IPv4 or IPv6 literals) for the additional section; may be empty
 */
public record Srv(int priority, int weight, int port, String target, List<String> glue) {

    /**
     * Checks ranges and copies the glue.
     *
     * @throws IllegalArgumentException if priority, weight or port is not in 0 to 65535
     */
    public Srv {
        requireShort("priority", priority);
        requireShort("weight", weight);
        requireShort("port", port);
        glue = List.copyOf(glue);
    }

    /**
     * A record of priority 0 and weight 0 without glue.
     *
     * @throws IllegalArgumentException if the port is not in 0 to 65535
     */
    public static Srv to(String target, int port) {
        return new Srv(0, 0, port, target, List.of());
    }

    /**
     * The same with another priority.
     *
     * @throws IllegalArgumentException if it is not in 0 to 65535
     */
    public Srv withPriority(int newPriority) {
        return new Srv(newPriority, weight, port, target, glue);
    }

    /**
     * The same with another weight.
     *
     * @throws IllegalArgumentException if it is not in 0 to 65535
     */
    public Srv withWeight(int newWeight) {
        return new Srv(priority, newWeight, port, target, glue);
    }

    /** The same with these addresses of the target sent along, instead of those there were. */
    public Srv withGlue(String... addresses) {
        return new Srv(priority, weight, port, target, List.of(addresses));
    }

    private static void requireShort(String what, int value) {
        if (value < 0 || value > 65_535) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: 0...65535)");
        }
    }
}
