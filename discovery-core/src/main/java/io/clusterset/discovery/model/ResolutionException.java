package io.clusterset.discovery.model;

/** No tier could tell: every source failed or was silent, and nothing was known from before. Worth trying again. */
public final class ResolutionException extends DiscoveryException {

    private static final long serialVersionUID = 1;

    /** With a text. */
    public ResolutionException(String message) {
        super(message);
    }
}
