package io.clusterset.discovery.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A kind of object that is watched: where it is found, and how it is read. Holds no state. */
final class Kind<T> {

    /** {@code discovery.k8s.io/v1}. */
    static final Kind<EndpointSlice> ENDPOINT_SLICES = endpointSlices(address -> false);

    /** Of the group that has no name. */
    static final Kind<ServiceObject> SERVICES = new Kind<>("Service", "", "services", pool -> ServiceDraft.ofService());

    /** Of this group or GKE's {@code net.gke.io}, in the version that is served. */
    static final Kind<ServiceImport> SERVICE_IMPORTS =
            new Kind<>("ServiceImport", "multicluster.x-k8s.io", "serviceimports", pool -> ServiceDraft.ofImport());

    /** As Kubernetes has it: v2, v1, v1beta1, v1alpha1; others last. */
    private static final Comparator<String> BEST_FIRST =
            Comparator.<String>comparingLong(Kind::maturity).reversed();

    private static final Pattern VERSION = Pattern.compile("v([0-9]{1,3})(?:(alpha|beta)([0-9]{1,3}))?");

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

    /**
     * The versions of a group that are served, best first, such as {@code v1beta1, v1alpha1}.
     *
     * @param apiGroupDocument what {@code /apis/GROUP} says
     * @throws IOException if it is something else
     */
    static List<String> servedVersions(byte[] apiGroupDocument) throws IOException {
        List<String> versions = new ArrayList<>();
        try (Cursor in = new Cursor(apiGroupDocument, new Words())) {
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("versions")) {
                        versions(in, versions);
                    } else {
                        in.skip();
                    }
                }
            }
            if (!in.trouble().isEmpty()) {
                throw new IOException("API group: " + in.trouble());
            }
            in.end("API group");
        } catch (JsonProcessingException broken) {
            throw Cursor.broken("API group", broken);
        }
        versions.sort(BEST_FIRST);
        return List.copyOf(versions);
    }

    private static void versions(Cursor in, List<String> versions) throws IOException {
        if (!in.beginsList()) {
            return;
        }
        while (in.hasElement()) {
            if (in.beginsObject()) {
                while (in.hasField()) {
                    if (in.name().equals("version")) {
                        String version = in.word();
                        if (version.matches("[a-z0-9]{1,63}")) { // it goes into a path
                            versions.add(version);
                        }
                    } else {
                        in.skip();
                    }
                }
            }
        }
    }

    private static long maturity(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches()) {
            return -1;
        }
        String level = Optional.ofNullable(parts.group(2)).orElse("");
        long stability = level.isEmpty() ? 2 : level.equals("beta") ? 1 : 0;
        long minor = level.isEmpty() ? 0 : Long.parseLong(parts.group(3));
        return (stability * 1_000 + Long.parseLong(parts.group(1))) * 1_000 + minor;
    }

    @Override
    public String toString() {
        return plural;
    }
}
