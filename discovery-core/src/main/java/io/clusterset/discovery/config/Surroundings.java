package io.clusterset.discovery.config;

import io.clusterset.discovery.model.Addresses;
import io.clusterset.discovery.model.ServiceName;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a process can see of the cluster it runs in. Reads two small files, asks nobody, and fails at nothing: what isn't
 * there is simply not known.
 *
 * @param namespace the pod's namespace, from the service account's files
 * @param clusterDomain the cluster's domain, from resolv.conf's search list ({@code svc.cluster.local})
 * @param nameservers resolv.conf's nameservers, port 53, at most 8
 */
public record Surroundings(
        Optional<String> namespace, Optional<String> clusterDomain, List<InetSocketAddress> nameservers) {

    private static final Path NAMESPACE = Path.of("/var/run/secrets/kubernetes.io/serviceaccount/namespace");
    private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");
    private static final long LARGEST = 64 * 1024;
    private static final int MOST_NAMESERVERS = 8;
    private static final int DNS_PORT = 53;

    /** Copies the list. */
    public Surroundings {
        nameservers = List.copyOf(nameservers);
    }

    /** What this process sees. */
    public static Surroundings detect() {
        return detect(NAMESPACE, RESOLV_CONF);
    }

    /** What these files say. */
    public static Surroundings detect(Path namespaceFile, Path resolvConf) {
        Optional<String> namespace = read(namespaceFile).map(String::strip).filter(Surroundings::isLabel);
        Optional<String> clusterDomain = Optional.empty();
        List<InetSocketAddress> nameservers = new ArrayList<>();
        for (String line : read(resolvConf).orElse("").split("\\R")) {
            String[] words = line.replaceFirst("[#;].*", "").strip().split("\\s+");
            if (words[0].equals("nameserver") && words.length > 1 && nameservers.size() < MOST_NAMESERVERS) {
                nameserver(words[1]).ifPresent(nameservers::add);
            } else if (words[0].equals("search")) {
                clusterDomain = clusterDomain(words); // the last search line counts, as in the resolver
            }
        }
        return new Surroundings(namespace, clusterDomain, nameservers);
    }

    private static Optional<String> clusterDomain(String[] search) {
        for (String entry : search) {
            String domain = entry.endsWith(".") ? entry.substring(0, entry.length() - 1) : entry;
            if (domain.startsWith("svc.") && isName(domain)) {
                return Optional.of(ServiceName.name(domain.substring("svc.".length())));
            }
        }
        return Optional.empty();
    }

    private static Optional<InetSocketAddress> nameserver(String literal) {
        try {
            return Optional.of(new InetSocketAddress(Addresses.literal(literal), DNS_PORT));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    private static boolean isName(String text) {
        try {
            ServiceName.name(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static boolean isLabel(String text) {
        try {
            ServiceName.label(text);
            return true;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.isReadable(file) && Files.size(file) <= LARGEST
                    ? Optional.of(Files.readString(file))
                    : Optional.empty();
        } catch (IOException | RuntimeException unreadable) {
            return Optional.empty();
        }
    }
}
