package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.model.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the process finds around it, and what the library makes of that. */
final class SurroundingsChecks {

    private static final String NAMESERVERS = "discovery.dns.nameservers";

    private SurroundingsChecks() {}

    static List<Finding> of(Observations seen) {
        List<Finding> findings = new ArrayList<>();
        findings.add(resolvConf(seen));
        findings.add(library(seen.library()));
        seen.library()
                .warnings()
                .forEach(warning -> findings.add(
                        Finding.note("settings", warning, "It is passed over.", "Correct its name, or remove it.")));
        return findings;
    }

    private static Finding resolvConf(Observations seen) {
        ResolvConf file = seen.file();
        boolean needed = seen.library().value(Setting.DNS_NAMESERVERS).isEmpty();
        String name = file.file().toString();
        if (!file.trouble().isEmpty() || file.nameservers().isEmpty()) {
            String what = file.trouble().isEmpty() ? "no nameserver in it" + odd(file) : file.trouble();
            return needed
                    ? Finding.problem(
                            "resolv-conf",
                            name + ": " + what,
                            "The library knows nobody to ask: every tier stays unknown.",
                            "Give the pod dnsPolicy: ClusterFirst (the default), or name the cluster's nameservers: "
                                    + NAMESERVERS + "=IP, or --dns IP here.")
                    : Finding.note(
                            "resolv-conf",
                            name + ": " + what,
                            "Nothing for the library: its nameservers were given. Other programs here resolve no name.",
                            "");
        }
        String shown = name + ": nameserver " + String.join(" ", file.nameservers()) + odd(file)
                + (file.search().isEmpty() ? "; no search list" : "; search " + String.join(" ", file.search()))
                + (file.ndots().isPresent() ? "; ndots " + file.ndots().getAsInt() : "");
        if (file.domains().isEmpty()) {
            return Finding.note(
                    "resolv-conf",
                    shown,
                    "No svc.DOMAIN in the search list, as the kubelet writes it for a pod: cluster domain and namespace"
                            + " are not found here, and the nameserver may not be the cluster's.",
                    "In a pod with hostNetwork: dnsPolicy: ClusterFirstWithHostNet. With dnsPolicy Default or None: "
                            + NAMESERVERS + ", discovery.cluster-domain and discovery.namespace.");
        }
        if (!file.oddNameservers().isEmpty()) {
            return Finding.note("resolv-conf", shown, "What is no address is passed over.", "Write IP addresses only.");
        }
        return Finding.ok("resolv-conf", shown);
    }

    private static String odd(ResolvConf file) {
        return file.oddNameservers().isEmpty()
                ? ""
                : " (no address: "
                        + file.oddNameservers().stream().map(Text::quote).collect(Collectors.joining(", ")) + ")";
    }

    private static Finding library(Library library) {
        if (library.value(Setting.ENABLED).equals("false")) {
            return Finding.problem(
                    "library",
                    "discovery.enabled=" + library.shown(Setting.ENABLED),
                    "The library is switched off: names go to the system resolver, and nothing fails over.",
                    "Set discovery.enabled=true where it is said to be false.");
        }
        if (library.nameservers().isEmpty()) {
            return Finding.problem(
                    "library",
                    library.nameserversNote(),
                    "No tier can be asked.",
                    "Run this inside the pod. Elsewhere name the cluster's nameservers: " + NAMESERVERS
                            + "=IP, or --dns IP here.");
        }
        String nameservers = library.nameservers().stream().map(Server::shown).collect(Collectors.joining(", "));
        String zones = library.zones().stream()
                .map(zone -> zone.tier() + " " + zone.domain())
                .collect(Collectors.joining(", "));
        boolean placed = !library.value(Setting.NAMESPACE).isEmpty();
        String shown = "asks " + nameservers + "; tiers " + zones + "; cluster domain "
                + library.shown(Setting.CLUSTER_DOMAIN) + "; namespace "
                + (placed ? library.shown(Setting.NAMESPACE) : "unknown");
        if (!library.nameserversNote().isEmpty()) {
            return Finding.note(
                    "library",
                    shown + "; " + library.nameserversNote(),
                    "It asks them all the same; home-zone says whether they are the right ones.",
                    "");
        }
        return placed
                ? Finding.ok("library", shown)
                : Finding.note(
                        "library",
                        shown,
                        "A name without its namespace is refused.",
                        "Write SERVICE.NAMESPACE, or set discovery.namespace.");
    }
}
