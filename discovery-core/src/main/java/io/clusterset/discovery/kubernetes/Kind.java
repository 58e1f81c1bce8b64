package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Endpoint;
import java.net.InetAddress;
import java.util.function.Function;
import java.util.function.Predicate;

/** A kind of object that is watched: where it is found, and how it is read. Holds no state. */
final class Kind<T> {

    /** {@code discovery.k8s.io/v1}. */
    static final Kind<EndpointSlice> ENDPOINT_SLICES = endpointSlices(address -> false);

    /** Of the group that has no name. */
    static final Kind<ServiceObject> SERVICES = new Kind<>("Service", "", "services", pool -> ServiceDraft.ofService());

    /** Of this group or GKE's {@code net.gke.io}, in the version that is served. */
    static final Kind<ServiceImport> SERVICE_IMPORTS =
            new Kind<>("ServiceImport", "multicluster.x-k8s.io", "serviceimports", pool -> ServiceDraft.ofImport());

    private final String name;
    private final String group;
    private final String plural;
    private final Function<Endpoint.Pool, Draft<T>> drafts;

    private Kind(String name, String group, String plural, Function<Endpoint.Pool, Draft<T>> drafts) {
        this.name = name;
        this.group = group;
        this.plural = plural;
        this.drafts = drafts;
    }

    /**
     * As {@link #ENDPOINT_SLICES}.
     *
     * @param allowed otherwise refused addresses (loopback, link-local, ...) that are let through
     */
    static Kind<EndpointSlice> endpointSlices(Predicate<InetAddress> allowed) {
        return new Kind<>(
                "EndpointSlice", "discovery.k8s.io", "endpointslices", pool -> new EndpointSliceDraft(pool, allowed));
    }

    /** Such as {@code EndpointSlice}. */
    String name() {
        return name;
    }

    /** The API group; empty for the one that has no name. */
    String group() {
        return group;
    }

    /** The resource, such as {@code endpointslices}: what a Role has to allow. */
    String plural() {
        return plural;
    }

    /**
     * Where its objects are listed, such as {@code /apis/discovery.k8s.io/v1/namespaces/shop/endpointslices}.
     *
     * @param groupVersion such as {@code v1} or {@code multicluster.x-k8s.io/v1beta1}
     * @param namespace empty for all of them
     */
    String path(String groupVersion, String namespace) {
        return (groupVersion.indexOf('/') < 0 ? "/api/" : "/apis/")
                + groupVersion
                + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
                + "/"
                + plural;
    }

    /** One to read an object into. */
    Draft<T> draft(Endpoint.Pool pool) {
        return drafts.apply(pool);
    }

    @Override
    public String toString() {
        return plural;
    }
}
