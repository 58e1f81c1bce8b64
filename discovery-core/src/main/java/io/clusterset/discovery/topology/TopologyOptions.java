package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Locality;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where this process runs, where endpoints run, and what is made of it. Immutable. */
public final class TopologyOptions {

    private static final TopologyOptions DEFAULTS = new Builder().build();

    private final Locality locality;
    private final String cluster;
    private final Map<String, String> labels;
    private final Optional<Path> labelsFile;
    private final Optional<Topology> policy;
    private final List<Place> places;

    private TopologyOptions(Builder builder) {
        locality = new Locality(builder.region, builder.zone, builder.node);
        cluster = builder.cluster;
        labels = Map.copyOf(builder.labels);
        labelsFile = builder.labelsFile;
        policy = builder.policy;
        places = List.copyOf(builder.places.values());
    }

    /** Nothing said: what the pod's labels say of the own place, and the policy as {@link Eligibility} has it. */
    public static TopologyOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.region = locality.region();
        builder.zone = locality.zone();
        builder.node = locality.node();
        builder.cluster = cluster;
        builder.labels.putAll(labels);
        builder.labelsFile = labelsFile;
        builder.policy = policy;
        places.forEach(builder::place);
        return builder;
    }

    /** The own region, zone and node, as far as said. */
    public Locality locality() {
        return locality;
    }

    /** The own cluster's id, or empty if not said. */
    public String cluster() {
        return cluster;
    }

    /** Further labels of the own node or pod. */
    public Map<String, String> labels() {
        return labels;
    }

    /** The file that holds the own pod's labels. */
    public Optional<Path> labelsFile() {
        return labelsFile;
    }

    /** The policy, if one was said. */
    public Optional<Topology> policy() {
        return policy;
    }

    /** Where blocks of addresses are. */
    public List<Place> places() {
        return places;
    }

    /**
     * Where this process runs: as these options say, part by part, else as its pod's labels do.
     *
     * @param podLabels the labels of the own pod, as far as known
     */
    public Here here(Map<String, String> podLabels) {
        Map<String, String> all = new LinkedHashMap<>(podLabels);
        all.putAll(labels);
        return new Here(locality.or(Labels.locality(all)), cluster, all);
    }

    /** Builds {@link TopologyOptions}. Not thread-safe. */
    public static final class Builder {
        private final Map<String, String> labels = new LinkedHashMap<>();
        private final Map<Cidr, Place> places = new LinkedHashMap<>();
        private String region = "";
        private String zone = "";
        private String node = "";
        private String cluster = "";
        private Optional<Path> labelsFile = Optional.empty();
        private Optional<Topology> policy = Optional.empty();

        private Builder() {}

        /** The own region. Default: the pod's label {@code topology.kubernetes.io/region}, else unknown; 1 to 253 characters. */
        public Builder region(String name) {
            region = Policies.name("region", name);
            return this;
        }

        /** The own zone. Default: the pod's label {@code topology.kubernetes.io/zone}, else unknown; 1 to 253 characters. */
        public Builder zone(String name) {
            zone = Policies.name("zone", name);
            return this;
        }

        /** The own node. Default: the pod's label {@code kubernetes.io/hostname}, else unknown; 1 to 253 characters. */
        public Builder node(String name) {
            node = Policies.name("node", name);
            return this;
        }

        /**
         * The own cluster's id, as the cluster set has it: what sources say of the places of this cluster's endpoints is
         * believed. Default: unknown, so that only endpoints that name no cluster are; 1 to 253 characters.
         */
        public Builder cluster(String id) {
            cluster = Policies.name("cluster", id);
            return this;
        }

        /** A label of the own node or pod, for {@link Topology#ladder}. Default: those of the labels file. */
        public Builder label(String key, String value) {
            labels.put(Policies.name("label", key), Policies.name("label " + key, value));
            return this;
        }

        /**
         * The file that holds the own pod's labels, as the downward API writes it. Read once; what can't be read says nothing.
         * Default {@code /etc/podinfo/labels}.
         */
        public Builder labelsFile(Path file) {
            labelsFile = Optional.of(file);
            return this;
        }

        /**
         * Who within a tier is eligible, and with what weight; goes before what owners of services prefer. Default: what they
         * prefer, else {@link Topology#preferNear} if the own zone or region is known, else {@link Topology#any}.
         */
        public Builder policy(Topology kind) {
            policy = Optional.of(kind);
            return this;
        }

        /**
         * Says where a block of addresses is, over whatever its source says; the longest prefix wins. Said again for a
         * block, it replaces what was said before. Default: none.
         */
        public Builder place(Place place) {
            places.put(place.block(), place);
            return this;
        }

        /** The options. */
        public TopologyOptions build() {
            return new TopologyOptions(this);
        }
    }
}
