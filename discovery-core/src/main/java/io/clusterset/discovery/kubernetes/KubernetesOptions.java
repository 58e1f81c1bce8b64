package io.clusterset.discovery.kubernetes;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Which API server is asked, and for how much of it. Immutable; equal if all of it is. */
public final class KubernetesOptions {

    private static final KubernetesOptions DEFAULTS = new Builder().build();

    private final Optional<Path> kubeconfig;
    private final Scope scope;

    private KubernetesOptions(Builder builder) {
        kubeconfig = builder.kubeconfig;
        scope = builder.scope;
    }

    /** How much is watched. */
    public enum Scope {
        /**
         * What belongs to the services in use: two watches for each in its own cluster, three or four for one of the cluster
         * set. A Role in each of their namespaces is enough. At most 80 watches; services beyond that stay with DNS.
         */
        SERVICE,
        /** All services of the cluster: one watch for each kind of object. Wants a ClusterRole, and memory for all of them. */
        CLUSTER
    }

    /** The defaults: the cluster this pod runs in, service scope. */
    public static KubernetesOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder().scope(scope);
        builder.kubeconfig = kubeconfig;
        return builder;
    }

    /** The file that names the API server and who asks; empty to use what a pod is given. */
    public Optional<Path> kubeconfig() {
        return kubeconfig;
    }

    /** How much is watched. */
    public Scope scope() {
        return scope;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KubernetesOptions that && kubeconfig.equals(that.kubeconfig) && scope == that.scope;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kubeconfig, scope);
    }

    @Override
    public String toString() {
        return "KubernetesOptions[kubeconfig=" + kubeconfig.map(Path::toString).orElse("") + ", scope=" + scope + "]";
    }

    /** Builds {@link KubernetesOptions}. Not thread-safe. */
    public static final class Builder {
        private Optional<Path> kubeconfig = Optional.empty();
        private Scope scope = Scope.SERVICE;

        private Builder() {}

        /**
         * The file that names the API server and who asks: its current context. Default: none, so that the pod's own service
         * account asks the API server of its own cluster; no other place is searched for one. Plug-ins that fetch
         * credentials ({@code exec}, {@code auth-provider}) are not run.
         */
        public Builder kubeconfig(Path file) {
            kubeconfig = Optional.of(file);
            return this;
        }

        /** How much is watched. Default {@link Scope#SERVICE}, {@link Scope#CLUSTER} for who uses more than some 30 services. */
        public Builder scope(Scope watched) {
            scope = watched;
            return this;
        }

        /** The options. */
        public KubernetesOptions build() {
            return new KubernetesOptions(this);
        }
    }
}
