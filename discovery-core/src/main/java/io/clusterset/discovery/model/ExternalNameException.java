package io.clusterset.discovery.model;

/**
 * The service is an alias of a name outside the cluster set (a Service of type ExternalName). This library does not look such
 * names up; adapters hand the service's name to the system's resolver, as if they were not there.
 */
public final class ExternalNameException extends DiscoveryException {

    private static final long serialVersionUID = 1;

    private final String target;

    /** With a text, and the name that it is an alias of. */
    public ExternalNameException(String message, String target) {
        super(message);
        this.target = target;
    }

    /** The name that it is an alias of, such as {@code db.example.com}. */
    public String target() {
        return target;
    }
}
