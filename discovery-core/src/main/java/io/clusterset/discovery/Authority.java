package io.clusterset.discovery;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.ExternalNameException;
import io.clusterset.discovery.model.NoEndpointException;

/**
 * The host and port of a URL (its authority, RFC 3986 section 3.2), taken for a service of ours. Immutable.
 *
 * @param service the service
 * @param certain whether the name can be nobody else's: {@code orders.shop.svc}, say. {@code orders.shop} might as well be a name of
 *     the internet, as long as no tier knows it and no setting {@code discovery.names.only} says so
 */
public record Authority(Service service, boolean certain) {

    /**
     * Whether the system's resolver is the one to ask after all, since this is why the service has no endpoint: it is an alias of
     * a name outside (ExternalName), or the name may be somebody else's and no tier knows it, or none could tell or be asked.
     */
    public boolean isElsewhere(DiscoveryException reason) {
        boolean ours = certain || reason instanceof NoEndpointException; // which says that there is such a service
        boolean interrupted = reason.getCause() instanceof InterruptedException; // the caller wants no answer any more
        return reason instanceof ExternalNameException || (!ours && !interrupted);
    }
}
