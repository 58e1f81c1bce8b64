package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Text;
import io.clusterset.examples.cli.doctor.Reply.Outcome;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Whether the nameservers answer, and over what. */
final class ServerChecks {

    /** As many addresses as fit into a datagram without EDNS. */
    private static final String SMALL = "about 28 addresses";

    private static final String LARGE = "about 70 addresses or 12 endpoints with ports";

    private ServerChecks() {}

    static List<Finding> of(Observations seen) {
        List<Finding> findings = new ArrayList<>();
        Map<Outcome, List<Server>> dead = new LinkedHashMap<>();
        for (Server server : seen.servers()) {
            if (server.answers()) {
                findings.add(answering(seen, server));
            } else {
                dead.computeIfAbsent(outcome(server), outcome -> new ArrayList<>())
                        .add(server);
            }
        }
        boolean hopeless = seen.servers().stream().noneMatch(Server::answers);
        dead.forEach((outcome, servers) -> findings.add(dead(outcome, servers, hopeless)));
        List<Server> answering = seen.servers().stream().filter(Server::answers).toList();
        if (!answering.isEmpty()) {
            findings.addAll(tcp(answering));
            findings.addAll(edns(answering));
        }
        return findings;
    }

    private static Finding answering(Observations seen, Server server) {
        List<Reply> udp = server.replies().stream()
                .filter(reply -> reply.query().how() != Query.How.TCP)
                .toList();
        List<Reply> lost = udp.stream()
                .filter(reply -> reply.outcome() == Outcome.SILENT)
                .filter(reply -> seen.library().zones().stream()
                        .filter(zone -> Subject.isBelow(reply.query().name(), zone.domain()))
                        .anyMatch(zone -> seen.standing(server, zone) != Standing.SILENT))
                .toList();
        long slowest = udp.stream()
                .filter(Reply::answered)
                .mapToLong(reply -> reply.took().toMillis())
                .max()
                .orElse(0);
        String shown = server.shown() + ": answers, in " + slowest + " ms at most; " + program(seen, server);
        if (lost.isEmpty()) {
            return Finding.ok("nameserver", shown);
        }
        return Finding.note(
                "nameserver",
                shown + "; " + lost.size() + " of " + udp.size() + " questions got no answer, the first: "
                        + lost.get(0),
                "Each one lost costs a retry at another nameserver or, with one alone, a refresh.",
                "If it happens again: packets are lost between this pod and the nameserver (a full conntrack table, a"
                        + " nameserver short of CPU).");
    }

    private static String program(Observations seen, Server server) {
        Optional<String> version = seen.library().zones().stream()
                .flatMap(zone -> server.reply(seen.questions().version(zone.domain())).stream())
                .flatMap(reply -> reply.data("TXT").stream())
                .findFirst();
        Optional<String> program = server.reply(seen.questions().program()).stream()
                .flatMap(reply -> reply.data("TXT").stream())
                .findFirst();
        return program.map(text -> "says it is " + Text.safe(text)).orElse("does not tell its program")
                + version.map(text -> ", Kubernetes DNS schema " + Text.safe(text))
                        .orElse("");
    }

    private static Outcome outcome(Server server) {
        return server.replies().isEmpty()
                ? Outcome.BROKEN
                : server.replies().get(0).outcome();
    }

    /** Those that don't answer for the same reason. */
    private static Finding dead(Outcome outcome, List<Server> servers, boolean hopeless) {
        String shown = servers.stream().map(ServerChecks::said).collect(Collectors.joining("; "));
        String means = hopeless
                ? "No nameserver answers: every tier stays unknown, and what was known is used until it is too old."
                : "The library goes on to another nameserver; a question that meets this one first takes longer.";
        boolean byTcp =
                servers.stream().allMatch(server -> server.replies().stream().anyMatch(Reply::answered));
        if (byTcp) {
            return Finding.problem(
                    "nameserver", shown, means, "UDP is blocked and TCP is not: allow egress to UDP port 53.");
        }
        return Finding.problem("nameserver", shown, means, outcome == Outcome.CLOSED ? closed() : silent(servers));
    }

    private static String said(Server server) {
        return server.shown() + ": "
                + (server.replies().isEmpty()
                        ? "not asked: out of time"
                        : server.replies().stream().map(Reply::toString).collect(Collectors.joining("; ")));
    }

    private static String closed() {
        return "Nothing listens there. Either no DNS server runs at that address (kubectl -n kube-system get pods -l"
                + " k8s-app=kube-dns), or CoreDNS runs with the external multicluster plugin and waits: it opens its port"
                + " only after it has read ServiceImports, however long that takes. Its log then says \"failed to list\""
                + " ServiceImports, \"could not find the requested resource\" (the CRD is missing) or \"forbidden\""
                + " (the rule is missing):\n"
                + Mends.LOGS
                + "\n" + Mends.crd() + " The rule, in ClusterRole system:coredns:\n" + Mends.importsRule();
    }

    private static String silent(List<Server> servers) {
        return "Packets don't get there or back. Allow egress to port 53, UDP and TCP, in the pod's NetworkPolicies; see"
                + " that the address is a nameserver's of this cluster (kubectl -n kube-system get service kube-dns) and"
                + " that it has endpoints"
                + (servers.stream().anyMatch(server -> isNodeLocal(server.address()))
                        ? "; 169.254.20.10 is NodeLocal DNSCache: see that its pod on this node runs."
                        : ".");
    }

    static boolean isNodeLocal(InetSocketAddress address) {
        return address.getAddress().getHostAddress().equals("169.254.20.10");
    }

    private static List<Finding> tcp(List<Server> answering) {
        List<Finding> findings = new ArrayList<>();
        List<String> good = new ArrayList<>();
        for (Server server : answering) {
            Optional<Reply> tcp = server.replies().stream()
                    .filter(reply -> reply.query().how() == Query.How.TCP)
                    .findFirst();
            if (tcp.isPresent() && tcp.get().answered()) {
                good.add(server.shown() + " (" + tcp.get().took().toMillis() + " ms)");
            } else if (tcp.isPresent()) {
                findings.add(Finding.problem(
                        "tcp",
                        server.shown() + ": " + tcp.get(),
                        "An answer larger than a datagram (" + LARGE + ") comes cut, and the rest can't be fetched: the"
                                + " library then works with the part it has.",
                        "Let the DNS Service have TCP port 53 beside UDP (kubectl -n kube-system get service kube-dns;"
                                + " Submariner's had UDP only until September 2024), and allow egress to TCP port 53 in the pod's"
                                + " NetworkPolicies."));
            }
        }
        if (!good.isEmpty()) {
            findings.add(0, Finding.ok("tcp", "answers: " + String.join(", ", good)));
        }
        return findings;
    }

    private static List<Finding> edns(List<Server> answering) {
        List<String> with = new ArrayList<>();
        List<String> without = new ArrayList<>();
        for (Server server : answering) {
            server.replies().stream()
                    .filter(reply -> reply.query().how() == Query.How.UDP && reply.answered())
                    .findFirst()
                    .ifPresent(reply -> (reply.edns() < 0 ? without : with)
                            .add(server.shown() + (reply.edns() < 0 ? "" : " (" + reply.edns() + " octets)")));
        }
        List<Finding> findings = new ArrayList<>();
        if (!with.isEmpty()) {
            findings.add(Finding.ok("edns", "answers: " + String.join(", ", with)));
        }
        if (!without.isEmpty()) {
            findings.add(Finding.note(
                    "edns",
                    String.join(", ", without) + ": EDNS is not answered",
                    "A datagram holds 512 octets, " + SMALL + "; more is asked for again over TCP.",
                    ""));
        }
        return findings;
    }
}
