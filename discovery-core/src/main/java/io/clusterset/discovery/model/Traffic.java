package io.clusterset.discovery.model;

import java.util.Locale;

/**
 * Where the owner of a Service wants its traffic to go: {@code internalTrafficPolicy} and {@code trafficDistribution} of a
 * Service or ServiceImport. DNS says nothing of it.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-network/2086-service-internal-traffic-policy">
 *     KEP-2086</a>, KEP-4444 and KEP-3015
 */
public enum Traffic {
    /** Anywhere. */
    ANY,
    /** To the caller's zone if possible: {@code PreferSameZone}, formerly {@code PreferClose}. */
    PREFER_SAME_ZONE,
    /** To the caller's node if possible, else to its zone: {@code PreferSameNode}. */
    PREFER_SAME_NODE,
    /** To the caller's node or nowhere: {@code internalTrafficPolicy: Local}. Goes before whatever the client wishes. */
    NODE_LOCAL;

    /**
     * What the two fields come to; an empty text stands for an absent one, and a value that is not known for {@link #ANY}, as
     * in kube-proxy.
     */
    public static Traffic of(String internalTrafficPolicy, String trafficDistribution) {
        if (internalTrafficPolicy.equalsIgnoreCase("Local")) {
            return NODE_LOCAL;
        }
        return switch (trafficDistribution.toLowerCase(Locale.ROOT)) {
            case "preferclose", "prefersamezone" -> PREFER_SAME_ZONE;
            case "prefersamenode" -> PREFER_SAME_NODE;
            default -> ANY;
        };
    }
}
