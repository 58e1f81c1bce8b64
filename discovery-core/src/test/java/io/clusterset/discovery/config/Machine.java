package io.clusterset.discovery.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A machine in a directory: the files that a process looks for, and its variables. */
public final class Machine {

    /** What the kubelet writes, but for the nameserver. */
    public static final String SEARCH =
            "search shop.svc.cluster.local svc.cluster.local cluster.local\noptions ndots:5\n";

    private static final String ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";

    private final Path root;
    private final Map<String, String> environment = new HashMap<>();

    /** With nothing on it, as a Windows laptop has it. */
    public Machine(Path root) {
        this.root = root;
    }

    /** A pod on Linux. */
    public static Machine pod(Path root, String nameserver) {
        return new Machine(root)
                .account("shop")
                .resolvConf("nameserver " + nameserver + "\n" + SEARCH)
                .variable("KUBERNETES_SERVICE_HOST", "10.96.0.1");
    }

    /** With a service account's token, mounted as the kubelet mounts it: behind two links. */
    public Machine account(String namespace) {
        try {
            Path folder = root.resolve(ACCOUNT);
            Files.createDirectories(folder.resolve("..2026"));
            Files.writeString(folder.resolve("..2026/namespace"), namespace);
            Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026"));
            Files.createSymbolicLink(folder.resolve("namespace"), Path.of("..data/namespace"));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** With an {@code /etc/resolv.conf}, or another one than before. */
    public Machine resolvConf(String text) {
        return file("etc", "resolv.conf", text);
    }

    /** With the downward API's volume. */
    public Machine labels(String text) {
        return file("etc/podinfo", "labels", text);
    }

    /** With a variable. */
    public Machine variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** The paths of the three files. */
    public Path accountFile() {
        return root.resolve(ACCOUNT).resolve("namespace");
    }

    /** As {@link #accountFile()}. */
    public Path resolvConfFile() {
        return root.resolve("etc/resolv.conf");
    }

    /** As {@link #accountFile()}. */
    public Path labelsFile() {
        return root.resolve("etc/podinfo/labels");
    }

    private Machine file(String folder, String name, String text) {
        try {
            Path parent = Files.createDirectories(root.resolve(folder));
            Files.write(parent.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
            return this;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** What a process sees there. */
    public Surroundings seen() {
        return Surroundings.detect(root, environment);
    }

    /** A text in which the machine's root is {@code /}, as it would be for a process on it. */
    public String shown(String text) {
        return text.replace(root + "/", "/");
    }
}
