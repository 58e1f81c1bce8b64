package io.clusterset.discovery.model;

/**
 * Discovery could not do what was asked. Unchecked. The text reads: who: what (evidence). Subtypes exist only where a caller
 * acts differently.
 */
public class DiscoveryException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With a text. */
    public DiscoveryException(String message) {
        super(message);
    }

    /** With a text and what caused it. */
    public DiscoveryException(String message, Throwable cause) {
        super(message, cause);
    }
}
