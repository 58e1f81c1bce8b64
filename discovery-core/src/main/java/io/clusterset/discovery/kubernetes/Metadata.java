package io.clusterset.discovery.kubernetes;

import java.io.IOException;

/** What is kept of an object's {@code metadata}: who it is, and the labels and annotations that rules ask for. */
final class Metadata {

    private static final int LONGEST_VERSION = 128; // opaque; today 20 digits

    private String namespace = "";
    private String name = "";
    private String version = "";
    private String service = "";
    private String imported = "";
    private String sourceCluster = "";
    private String managedBy = "";
    private String headless = "";
    private String provisionCluster = "";
    private String spansClusters = "";

    void read(Cursor in) throws IOException {
        if (!in.beginsObject()) {
            return;
        }
        while (in.hasField()) {
            switch (in.name()) {
                case "name" -> name = in.word();
                case "namespace" -> namespace = in.word();
                case "resourceVersion" -> version = in.text(LONGEST_VERSION);
                case "labels" -> labels(in);
                case "annotations" -> annotations(in);
                default -> in.skip();
            }
        }
    }

    private void labels(Cursor in) throws IOException {
        if (!in.beginsObject()) {
            return;
        }
        while (in.hasField()) {
            switch (in.name()) {
                case "kubernetes.io/service-name" -> service = in.word();
                case "multicluster.kubernetes.io/service-name" -> imported = in.word();
                case "multicluster.kubernetes.io/source-cluster" -> sourceCluster = in.word();
                case "endpointslice.kubernetes.io/managed-by" -> managedBy = in.word();
                case "lighthouse.submariner.io/is-headless" -> headless = in.word();
                default -> in.skip();
            }
        }
    }

    private void annotations(Cursor in) throws IOException {
        if (!in.beginsObject()) {
            return;
        }
        while (in.hasField()) {
            String key = in.name();
            switch (key) {
                case "endpointslice.karmada.io/provision-cluster" -> provisionCluster = in.word();
                case "service.cilium.io/global", "io.cilium/global-service" -> {
                    if (in.word().equalsIgnoreCase("true")) {
                        spansClusters = key;
                    }
                }
                default -> in.skip();
            }
        }
    }

    String namespace() {
        return namespace;
    }

    String name() {
        return name;
    }

    /** Its resourceVersion. */
    String version() {
        return version;
    }

    /** Label {@code kubernetes.io/service-name}. */
    String service() {
        return service;
    }

    /** Label {@code multicluster.kubernetes.io/service-name}. */
    String imported() {
        return imported;
    }

    /** Label {@code multicluster.kubernetes.io/source-cluster}. */
    String sourceCluster() {
        return sourceCluster;
    }

    /** Label {@code endpointslice.kubernetes.io/managed-by}. */
    String managedBy() {
        return managedBy;
    }

    /** Label {@code lighthouse.submariner.io/is-headless}. */
    String headless() {
        return headless;
    }

    /** Annotation {@code endpointslice.karmada.io/provision-cluster}. */
    String provisionCluster() {
        return provisionCluster;
    }

    /** The annotation that makes a Service Cilium's global one; empty if there is none. */
    String spansClusters() {
        return spansClusters;
    }
}
