package io.clusterset.discovery.simulator;

import io.clusterset.discovery.model.Endpoint;
import java.util.List;

/**
 * What a cluster's DNS says of the service.
 *
 * @param kind which of the four answers
 * @param endpoints none unless found
 */
public record Answer(Kind kind, List<Endpoint> endpoints) {

    /** Seconds that all answers may be believed, as CoreDNS says it. */
    public static final int TTL_SECONDS = 5;

    /** Copies the list. */
    public Answer {
        endpoints = List.copyOf(endpoints);
    }

    static Answer of(List<Endpoint> endpoints, boolean virtual) {
        return endpoints.isEmpty() // a ClusterIP is there with no pod behind it, a headless name is not
                ? new Answer(virtual ? Kind.EMPTY : Kind.NO_SUCH_NAME, List.of())
                : new Answer(Kind.FOUND, endpoints);
    }

    static Answer none(Kind kind) {
        return new Answer(kind, List.of());
    }

    /** Whether it has endpoints. */
    public boolean found() {
        return kind == Kind.FOUND;
    }

    /** The four answers. */
    public enum Kind {
        /** NOERROR with addresses. */
        FOUND,
        /** NOERROR without. */
        EMPTY,
        /** NXDOMAIN. */
        NO_SUCH_NAME,
        /** SERVFAIL, or silence. */
        UNKNOWN
    }
}
