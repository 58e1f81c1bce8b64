package io.clusterset.benchmarks.kubernetes;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.kubernetes.KubernetesOptions;
import io.clusterset.discovery.testkit.FakeDnsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An API server's address, a DNS server that knows nobody, and whoever watches the one and may ask the other. */
final class Cluster {

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final Path kubeconfig;

    Cluster(String url) {
        try {
            kubeconfig = Files.writeString(Files.createTempFile("benchmarks", ".kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: fake
                    contexts: [{name: fake, context: {cluster: fake, user: benchmarks}}]
                    clusters: [{name: fake, cluster: {server: "%s"}}]
                    users: [{name: benchmarks, user: {token: none}}]
                    """.formatted(url));
            kubeconfig.toFile().deleteOnExit();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    KubernetesOptions watched() {
        return KubernetesOptions.builder()
                .watch(KubernetesOptions.Scope.CLUSTER)
                .kubeconfig(kubeconfig)
                .build();
    }

    /** All of ours, as in a pod: two tiers, the API for both, DNS where that can't tell. */
    Discovery discovery() {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of(Slices.NAMESPACE), Optional.empty(), List.of()))
                .kubernetes(options -> watched().toBuilder())
                .dns(options -> options.nameservers(List.of(dns.address())))
                .build();
    }
}
