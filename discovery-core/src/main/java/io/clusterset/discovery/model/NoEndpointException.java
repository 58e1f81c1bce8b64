package io.clusterset.discovery.model;

/** The service is known and has no endpoint in any tier at present. */
public final class NoEndpointException extends DiscoveryException {

    private static final long serialVersionUID = 1;

    /** With a text. */
    public NoEndpointException(String message) {
        super(message);
    }
}
