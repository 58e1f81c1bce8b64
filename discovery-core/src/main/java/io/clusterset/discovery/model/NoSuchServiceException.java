package io.clusterset.discovery.model;

/** Every tier said that the name does not exist. Asking somebody else is sensible; asking again soon is not. */
public final class NoSuchServiceException extends DiscoveryException {

    private static final long serialVersionUID = 1;

    /** With a text. */
    public NoSuchServiceException(String message) {
        super(message);
    }
}
