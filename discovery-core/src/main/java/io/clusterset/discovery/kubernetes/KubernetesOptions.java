package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** Whether and how the Kubernetes API is watched. Immutable. */
public final class KubernetesOptions {

    private static final KubernetesOptions DEFAULTS = new Builder().build();

    private final Scope watch;
    private final Optional<Path> kubeconfig;

    private KubernetesOptions(Builder builder) {
        watch = builder.watch;
        kubeconfig = builder.kubeconfig;
    }

    /** The defaults: nothing is watched. */
    public static KubernetesOptions defaults() {
        return DEFAULTS;
    }

    /** A builder that starts with the defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** A builder that starts with these options. */
    public Builder toBuilder() {
        Builder builder = new Builder().watch(watch);
        kubeconfig.ifPresent(builder::kubeconfig);
        return builder;
    }

    /** What is watched. */
    public Scope watch() {
        return watch;
    }

    /** The file that says where the API server is; empty for the pod's own service account. */
    public Optional<Path> kubeconfig() {
        return kubeconfig;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KubernetesOptions that && watch == that.watch && kubeconfig.equals(that.kubeconfig);
    }

    @Override
    public int hashCode() {
        return Objects.hash(watch, kubeconfig);
    }

    @Override
    public String toString() {
        return "watch " + watch.word()
                + kubeconfig.map(file -> ", kubeconfig " + file).orElse("");
    }

    /** What of a cluster is watched. */
    public enum Scope {
        /** Nothing: DNS answers. */
        OFF,
        /**
         * The services asked for and no others: two watches for each in its namespace, four if the cluster serves ServiceImports, 80
         * at most; needs a Role in these namespaces.
         */
        SERVICES,
        /** All services of all namespaces, by three watches: for gateways, which call most of them; needs a ClusterRole. */
        CLUSTER;

        /** As settings write it: {@code services}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * Reads {@code off}, {@code services} or {@code cluster}.
         *
         * @throws IllegalArgumentException if it is none of them
         */
        public static Scope parse(String text) {
            for (Scope one : values()) {
                if (one.word().equals(text)) {
                    return one;
                }
            }
            throw new IllegalArgumentException(Text.quote(text) + " (expected: off, services or cluster)");
        }
    }

    /** Builds {@link KubernetesOptions}. Not thread-safe. */
    public static final class Builder {
        private Scope watch = Scope.OFF;
        private Optional<Path> kubeconfig = Optional.empty();

        private Builder() {}

        /**
         * What is watched. Default {@link Scope#OFF}: DNS answers. With the others the API answers for tiers under the cluster's
         * and the cluster set's domain, and DNS whenever the API can't.
         */
        public Builder watch(Scope what) {
            watch = Objects.requireNonNull(what, "watch");
            return this;
        }

        /**
         * The file that says where the API server is and who asks: its current context, with a token or a client certificate.
         * Users with an {@code exec} or {@code auth-provider} plug-in are refused: no program is started. Default: the pod's own
         * service account.
         */
        public Builder kubeconfig(Path file) {
            kubeconfig = Optional.of(file);
            return this;
        }

        /** The options. */
        public KubernetesOptions build() {
            return new KubernetesOptions(this);
        }
    }
}
