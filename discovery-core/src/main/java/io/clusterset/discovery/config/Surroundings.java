package io.clusterset.discovery.config;

import io.clusterset.discovery.model.ServiceName;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a process can see of the cluster it runs in. Reads two small files and the environment, asks nobody, and fails at
 * nothing: what isn't there is simply not known.
 *
 * @param namespace the pod's namespace: from the service account's files, else (a pod may have none) from resolv.conf's
 *     search list ({@code shop.svc.cluster.local})
 * @param clusterDomain the cluster's domain, from resolv.conf's search list ({@code svc.cluster.local})
 * @param nameservers resolv.conf's nameservers, port 53, at most 8
 * @param environment the variables that Kubernetes sets for each Service, such as {@code ORDERS_SERVICE_HOST}; no others,
 *     for they may hold secrets
 */
public record Surroundings(
        Optional<String> namespace,
        Optional<String> clusterDomain,
        List<InetSocketAddress> nameservers,
        Map<String, String> environment) {

    private static final Path NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Pattern SERVICE_VARIABLE = Pattern.compile("[A-Z0-9_]+_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)");
    private static final int MOST_BYTES = 64 * 1024;

    /** Copies list and map. */
    public Surroundings {
        nameservers = List.copyOf(nameservers);
        environment = Map.copyOf(environment);
    }

    /** With no environment variables. */
    public Surroundings(
            Optional<String> namespace, Optional<String> clusterDomain, List<InetSocketAddress> nameservers) {
        this(namespace, clusterDomain, nameservers, Map.of());
    }

    /** What this process sees. */
    public static Surroundings detect() {
        return detect(NAMESPACE, RESOLV_CONF, System.getenv());
    }

    /** What these files and variables say. */
    public static Surroundings detect(Path namespaceFile, Path resolvConf, Map<String, String> environment) {
        ResolvConf dns = ResolvConf.parse(read(resolvConf));
        Optional<String> namespace = label(read(namespaceFile).strip()).or(dns::namespace);
        Map<String, String> services = new HashMap<>(environment);
        services.keySet()
                .removeIf(variable -> !SERVICE_VARIABLE.matcher(variable).matches());
        return new Surroundings(namespace, dns.clusterDomain(), dns.nameservers(), services);
    }

    /** Resolv.conf's nameservers as of now: it may change while the process runs. Reads a file; empty if it can't. */
    public static List<InetSocketAddress> currentNameservers() {
        return ResolvConf.parse(read(RESOLV_CONF)).nameservers();
    }

    private static Optional<String> label(String text) {
        try {
            return Optional.of(ServiceName.label(text));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /** The whole lines within the first 64 KiB; nothing if it can't be read, or is no file. */
    private static String read(Path file) {
        if (!Files.isRegularFile(file)) {
            return ""; // a pipe would block, a device might never end
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MOST_BYTES + 1);
            String text = new String(bytes, StandardCharsets.ISO_8859_1); // comments may be in any encoding
            return bytes.length <= MOST_BYTES ? text : text.substring(0, text.lastIndexOf('\n') + 1);
        } catch (IOException | RuntimeException unreadable) {
            return "";
        }
    }
}
