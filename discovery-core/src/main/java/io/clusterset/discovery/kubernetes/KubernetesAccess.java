package io.clusterset.discovery.kubernetes;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a pod is given to reach the API server of its cluster: variables, and the files of its service account.
 *
 * @param root where {@code var/run/secrets} is: {@code /} for this process's own, another directory for a test's
 * @param environment such as {@code KUBERNETES_SERVICE_HOST}
 */
public record KubernetesAccess(Path root, Map<String, String> environment) {

    private static final String ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";

    /** Copies the map. */
    public KubernetesAccess {
        environment = Map.copyOf(environment);
    }

    /** What this process sees. */
    public static KubernetesAccess detect() {
        return new KubernetesAccess(Path.of("/"), System.getenv());
    }

    /** A variable; empty text if it isn't set. */
    String variable(String name) {
        return environment.getOrDefault(name, "").strip();
    }

    /** A file of the service account. */
    Path account(String file) {
        return root.resolve(ACCOUNT).resolve(file);
    }

    /** Without the variables: there may be secrets among them. */
    @Override
    public String toString() {
        return "KubernetesAccess[" + root + "]";
    }
}
