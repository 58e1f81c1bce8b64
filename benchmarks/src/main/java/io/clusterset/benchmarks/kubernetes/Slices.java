package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.testkit.FakeApiServer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

/** Services and EndpointSlices as the API server has them, with all that a client may have no use for: 30 KB for 100 pods. */
final class Slices {

    /** Endpoints of one slice: what Kubernetes fills it up to. */
    static final int SIZE = 100;

    static final String NAMESPACE = "shop";

    private static final int NODES = 200;

    private Slices() {}

    static String name(int service) {
        return "orders-" + service;
    }

    static String service(int service) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"" + NAMESPACE
                + "\",\"name\":\""
                + name(service) + "\"},\"spec\":{\"clusterIP\":\"10.96.1." + service
                + "\",\"type\":\"ClusterIP\",\"selector\":{\"app\":\"" + name(service)
                + "\"},\"ports\":[{\"name\":\"http\",\"port\":80,\"protocol\":\"TCP\",\"targetPort\":8080}]}}";
    }

    /**
     * A slice.
     *
     * @param version its resourceVersion; a server that is told of it by {@code apply} says its own
     * @param endpoints of it, each as {@link #endpoint} makes it
     */
    static String slice(int service, int nth, long version, Collection<String> endpoints) {
        String name = name(service);
        String uid = uid("slice/" + service + "/" + nth);
        return "{\"kind\":\"EndpointSlice\",\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"name\":\"" + name
                + "-"
                + nth + "\",\"generateName\":\"" + name + "-\",\"namespace\":\"" + NAMESPACE + "\",\"uid\":\"" + uid
                + "\",\"resourceVersion\":\"" + version
                + "\",\"generation\":37,\"creationTimestamp\":\"2026-11-02T07:14:09Z\",\"labels\":{\"app\":\"" + name
                + "\",\"app.kubernetes.io/managed-by\":\"Helm\","
                + "\"endpointslice.kubernetes.io/managed-by\":\"endpointslice-controller.k8s.io\","
                + "\"kubernetes.io/service-name\":\"" + name
                + "\"},\"annotations\":{\"endpoints.kubernetes.io/last-change-trigger-time\":\"2026-11-21T10:31:12Z\"},"
                + "\"ownerReferences\":[{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"name\":\"" + name
                + "\",\"uid\":\"" + uid(name) + "\",\"controller\":true,\"blockOwnerDeletion\":true}],"
                + "\"managedFields\":[{\"manager\":\"kube-controller-manager\",\"operation\":\"Update\","
                + "\"apiVersion\":\"discovery.k8s.io/v1\",\"time\":\"2026-11-21T10:31:12Z\",\"fieldsType\":\"FieldsV1\","
                + "\"fieldsV1\":{\"f:addressType\":{},\"f:endpoints\":{},\"f:metadata\":{\"f:annotations\":{\".\":{},"
                + "\"f:endpoints.kubernetes.io/last-change-trigger-time\":{}},\"f:generateName\":{},\"f:labels\":{\".\":{},"
                + "\"f:app\":{},\"f:app.kubernetes.io/managed-by\":{},\"f:endpointslice.kubernetes.io/managed-by\":{},"
                + "\"f:kubernetes.io/service-name\":{}},\"f:ownerReferences\":{\".\":{},\"k:{\\\"uid\\\":\\\""
                + uid(name)
                + "\\\"}\":{}}},\"f:ports\":{}}}]},\"addressType\":\"IPv4\",\"endpoints\":["
                + String.join(",", endpoints)
                + "],\"ports\":[{\"name\":\"http\",\"port\":8080,\"protocol\":\"TCP\"}]}";
    }

    /** Puts a service with full slices there; its pods are numbered from {@code service * slices * 100} on. */
    static void put(FakeApiServer api, int service, int slices) {
        api.apply(service(service));
        for (int nth = 0; nth < slices; nth++) {
            api.apply(slice(service, nth, (service * slices + nth) * SIZE));
        }
    }

    /** The slice as it is at first. */
    static String slice(int service, int nth, int firstPod) {
        return slice(service, nth, 0, endpoints(service, firstPod, SIZE));
    }

    /** So many endpoints, all ready. */
    static List<String> endpoints(int service, int firstPod, int count) {
        return IntStream.range(firstPod, firstPod + count)
                .mapToObj(pod -> endpoint(service, pod, true))
                .toList();
    }

    /** One pod; no two have the same number, and the number is its address. */
    static String endpoint(int service, int pod, boolean ready) {
        int node = pod * 31 % NODES;
        String zone = "eu-west-1" + (char) ('a' + node % 3);
        return "{\"addresses\":[\"" + address(pod) + "\"],\"conditions\":{\"ready\":" + ready + ",\"serving\":" + ready
                + ",\"terminating\":false},\"hints\":{\"forZones\":[{\"name\":\"" + zone
                + "\"}]},\"nodeName\":\"ip-10-0-" + node + "-17.eu-west-1.compute.internal\","
                + "\"targetRef\":{\"kind\":\"Pod\",\"namespace\":\"" + NAMESPACE + "\",\"name\":\"" + name(service)
                + "-7d4b9c6f5-" + Integer.toString(1_000_000 + pod, 36) + "\",\"uid\":\"" + uid("pod/" + pod)
                + "\"},\"zone\":\"" + zone + "\"}";
    }

    private static String address(int pod) {
        return "10." + ((pod >> 16) & 255) + "." + ((pod >> 8) & 255) + "." + (pod & 255);
    }

    /** The number of the pod that has this address. */
    static int pod(byte[] address) {
        return ((address[1] & 255) << 16) | ((address[2] & 255) << 8) | (address[3] & 255);
    }

    private static String uid(String of) {
        return UUID.nameUUIDFromBytes(of.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
