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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a process can see of the cluster it runs in. Reads three small files and the environment, asks nobody, and fails at
 * nothing: what isn't there is simply not known.
 *
 * @param namespace the pod's namespace: from the service account's files, else (a pod may have none) from resolv.conf's
 *     search list ({@code shop.svc.cluster.local})
 * @param clusterDomain the cluster's domain, from resolv.conf's search list ({@code svc.cluster.local})
 * @param nameservers resolv.conf's nameservers, port 53, at most 8
 * @param environment the variables that Kubernetes sets for each Service, such as {@code ORDERS_SERVICE_HOST}; no others,
 *     for they may hold secrets
 * @param labels the pod's labels, from the file the downward API writes where its volume is mounted at {@code /etc/podinfo}
 */
public record Surroundings(
        Optional<String> namespace,
        Optional<String> clusterDomain,
        List<InetSocketAddress> nameservers,
        Map<String, String> environment,
        Map<String, String> labels) {

    private static final Path NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final Path LABELS = Path.of("/etc/podinfo/labels");
    private static final Pattern LABEL = Pattern.compile("([^=\\s\"]{1,317})=\"([-A-Za-z0-9_.]{1,63})\"");
    private static final Pattern SERVICE_VARIABLE = Pattern.compile("[A-Z0-9_]+_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)");
    private static final int MOST_BYTES = 64 * 1024;

    /** Copies list and maps. */
    public Surroundings {
        nameservers = List.copyOf(nameservers);
        environment = Map.copyOf(environment);
        labels = Map.copyOf(labels);
    }

    /** With no labels. */
    public Surroundings(
            Optional<String> namespace,
            Optional<String> clusterDomain,
            List<InetSocketAddress> nameservers,
            Map<String, String> environment) {
        this(namespace, clusterDomain, nameservers, environment, Map.of());
    }

    /** With neither environment variables nor labels. */
    public Surroundings(
            Optional<String> namespace, Optional<String> clusterDomain, List<InetSocketAddress> nameservers) {
        this(namespace, clusterDomain, nameservers, Map.of());
    }

    /** What this process sees. */
    public static Surroundings detect() {
        return detect(NAMESPACE, RESOLV_CONF, LABELS, System.getenv());
    }

    /** What these files and variables say. */
    public static Surroundings detect(
            Path namespaceFile, Path resolvConf, Path labelsFile, Map<String, String> environment) {
        ResolvConf dns = ResolvConf.parse(read(resolvConf));
        Optional<String> namespace = label(read(namespaceFile).strip()).or(dns::namespace);
        Map<String, String> services = new HashMap<>(environment);
        services.keySet()
                .removeIf(variable -> !SERVICE_VARIABLE.matcher(variable).matches());
        return new Surroundings(namespace, dns.clusterDomain(), dns.nameservers(), services, labels(labelsFile));
    }

    /** Resolv.conf's nameservers as of now: it may change while the process runs. Reads a file; empty if it can't. */
    public static List<InetSocketAddress> currentNameservers() {
        return ResolvConf.parse(read(RESOLV_CONF)).nameservers();
    }

    /** The labels in a file that the downward API wrote: {@code key="value"}, one a line. Others are passed over. */
    public static Map<String, String> labels(Path file) {
        Map<String, String> labels = new HashMap<>();
        read(file)
                .lines()
                .map(line -> LABEL.matcher(line.strip()))
                .filter(Matcher::matches)
                .forEach(line -> {
                    labels.putIfAbsent(line.group(1), line.group(2));
                });
        return labels;
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
