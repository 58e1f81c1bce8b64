package io.clusterset.discovery.kubernetes;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Whether and how the Kubernetes API is watched. Immutable. */
public final class KubernetesOptions {

    private static final KubernetesOptions DEFAULTS = new Builder().build();

    private final Watching watch;
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
    public Watching watch() {
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

    /** Builds {@link KubernetesOptions}. Not thread-safe. */
    public static final class Builder {
        private Watching watch = Watching.OFF;
        private Optional<Path> kubeconfig = Optional.empty();

        private Builder() {}

        /**
         * What is watched. Default {@link Watching#OFF}: DNS answers. With the others the API answers for tiers under the cluster's
         * and the cluster set's domain, and DNS whenever the API can't.
         */
        public Builder watch(Watching what) {
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
