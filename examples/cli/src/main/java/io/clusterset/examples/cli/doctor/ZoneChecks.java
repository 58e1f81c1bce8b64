package io.clusterset.examples.cli.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Whether the zones of the tiers are served, and by whom; servers that say the same are one finding. */
final class ZoneChecks {

    private ZoneChecks() {}

    static List<Finding> of(Observations seen) {
        List<Finding> findings = new ArrayList<>();
        if (seen.library().zones().isEmpty()) {
            findings.add(Finding.skipped("home-zone", "no tier looks in a zone of Kubernetes"));
        }
        for (Zone zone : seen.library().zones()) {
            boolean home = seen.library().home().filter(zone::equals).isPresent();
            findings.addAll(zone(seen, zone, home));
        }
        if (seen.library().zones().size() == 1) {
            findings.add(Finding.skipped("clusterset-zone", "no second tier looks in a zone of Kubernetes"));
        }
        return findings;
    }

    private static List<Finding> zone(Observations seen, Zone zone, boolean home) {
        String check = home ? "home-zone" : zone.tier() + "-zone";
        Map<Standing, List<Server>> groups = new LinkedHashMap<>();
        for (Server server : seen.answering(zone.servers())) {
            groups.computeIfAbsent(seen.standing(server, zone), standing -> new ArrayList<>())
                    .add(server);
        }
        if (groups.isEmpty()) {
            String why = zone.servers().isEmpty() ? ": nobody to ask" : ": no nameserver answers";
            return List.of(Finding.skipped(check, zone.domain() + why));
        }
        List<Finding> findings = new ArrayList<>();
        groups.forEach(
                (standing, servers) -> findings.add(new Judgement(seen, zone, standing, servers, check).finding(home)));
        if (groups.size() > 1) {
            findings.add(disagreement(zone, groups));
        }
        return findings;
    }

    private static Finding disagreement(Zone zone, Map<Standing, List<Server>> groups) {
        String shown = groups.entrySet().stream()
                .map(group -> names(group.getValue()) + " " + word(group.getKey()))
                .collect(Collectors.joining(", "));
        return Finding.problem(
                "agreement",
                zone.domain() + ": " + shown,
                "The nameservers don't agree, so answers depend on who is asked: tiers come and go.",
                "Mend the one that is wrong, or leave it out: discovery.dns.nameservers, or the pod's dnsConfig.");
    }

    private static String word(Standing standing) {
        return switch (standing) {
            case SERVED, SERVED_WITHOUT_SOA -> "serves it";
            case NOT_ASKED -> "was not asked in time";
            case SILENT -> "is silent";
            case PARTLY, UNSYNCED, FAILED -> "fails";
            default -> "does not serve it";
        };
    }

    static String names(List<Server> servers) {
        return servers.stream().map(Server::shown).collect(Collectors.joining(", "));
    }

    /** What servers of one standing to a zone mean. */
    private record Judgement(Observations seen, Zone zone, Standing standing, List<Server> servers, String check) {

        private Finding finding(boolean home) {
            String domain = zone.domain();
            if (standing == Standing.NOT_ASKED) {
                return Finding.skipped(check, names(servers) + ": out of time before " + domain + " (--timeout)");
            } else if (standing == Standing.WILDCARD) {
                return problem(
                        "Names that nobody has are answered: the library takes those addresses for endpoints.",
                        "Remove the wildcard (a template or rewrite in the Corefile, or a resolver that answers"
                                + " everything), or ask the cluster's own nameserver.");
            } else if (standing.served()) {
                return Finding.ok(check, domain + ": served by " + names(servers) + " (" + authority() + ")");
            }
            return home ? home() : other();
        }

        private Finding problem(String means, String mend) {
            return Finding.problem(check, evidence(), means, mend);
        }

        /** What the first of them said; the others said the same. */
        private String evidence() {
            Server first = servers.get(0);
            String said = Stream.of(
                            first.reply(seen.questions().apex(zone.domain())),
                            first.reply(seen.questions().api(zone.domain())),
                            first.reply(seen.questions().absent(zone.domain())))
                    .flatMap(Optional::stream)
                    .map(Reply::toString)
                    .collect(Collectors.joining("; "));
            String others = servers.size() == 1 ? "" : "; the same from " + names(servers.subList(1, servers.size()));
            return first.shown() + ": " + said + others;
        }

        private String authority() {
            Server first = servers.get(0);
            return Stream.of(
                            first.reply(seen.questions().apex(zone.domain())),
                            first.reply(seen.questions().absent(zone.domain())))
                    .flatMap(Optional::stream)
                    .flatMap(reply -> reply.soa().stream())
                    .findFirst()
                    .map(soa -> "SOA of " + soa.server() + "., ttl " + soa.minimum())
                    .orElse("no SOA: not CoreDNS; Lighthouse answers so");
        }

        private Finding home() {
            String domain = zone.domain();
            return switch (standing) {
                case UNSYNCED ->
                    problem(
                            "The server knows the zone and has read nothing of it: home stays unknown, and what was known"
                                    + " is used.",
                            unsynced());
                case PARTLY -> partly();
                case WITHOUT_API ->
                    problem(
                            "The zone is served, but not of this cluster as it is: the service kubernetes.default, which"
                                    + " every cluster has, is not in it. Home is empty for the library.",
                            "See that the kubernetes plugin reads the namespace default (namespaces, labels in the"
                                    + " Corefile), and that this is this cluster's nameserver.");
                case SILENT ->
                    problem(
                            "The server answers, but not for home.",
                            "It forwards " + domain + " to somebody who is silent; let the server itself serve it:\n"
                                    + "    kubernetes " + domain + " in-addr.arpa ip6.arpa");
                case FAILED ->
                    otherDomain()
                            .orElseGet(() -> problem(
                                    "Home is unknown: the server, or whoever it asks for " + domain
                                            + ", fails. What was known is used.",
                                    "Its log says why; if it is not this cluster's nameserver, see the pod's dnsPolicy:\n"
                                            + Mends.LOGS));
                case REFUSED ->
                    otherDomain()
                            .orElseGet(() -> problem(
                                    "Home is unknown: the server refuses to answer for " + domain
                                            + ". What was known is used.",
                                    "It does not serve the zone to this pod (an acl in its Corefile), or it is not this"
                                            + " cluster's nameserver (the pod's dnsPolicy). Or the cluster has another domain: set"
                                            + " discovery.cluster-domain to the one in its Corefile:\n"
                                            + "    kubernetes DOMAIN in-addr.arpa ip6.arpa"));
                default -> otherDomain().orElseGet(this::notHome);
            };
        }

        private String unsynced() {
            String reachable = seen.api().answered()
                    ? " This pod reaches the API server (" + seen.api().said() + "), so rights are likelier."
                    : "";
            return "DNS can't tell these apart; the log can. CoreDNS has just started (then this goes by itself), or"
                    + " can't reach the API server (\"connection refused\", \"i/o timeout\"), or may read nothing"
                    + " (\"forbidden\")." + reachable + " Its log:\n" + Mends.LOGS
                    + "\nThe rules of ClusterRole system:coredns:\n" + Mends.coreRule() + "\n" + Mends.slicesRule();
        }

        private Finding partly() {
            String means =
                    "A service that is not here is SERVFAIL instead of NXDOMAIN: the library takes that for unknown,"
                            + " keeps what it knew, and does not fail over for it.";
            boolean withOthers = seen.library().others().stream()
                    .anyMatch(other ->
                            servers.stream().anyMatch(server -> seen.standing(server, other) == Standing.UNSYNCED));
            return withOthers
                    ? problem(
                            means,
                            "The kubernetes plugin waits for all it reads, ServiceImports too: mend the other zone (below)"
                                    + " and this one is mended.")
                    : problem(
                            means,
                            "CoreDNS has just started (then this goes by itself), or may not read EndpointSlices: then"
                                    + " headless services are SERVFAIL too, and the clusterset zone may say NXDOMAIN for"
                                    + " those it has. Its log says \"forbidden\":\n"
                                    + Mends.LOGS + "\nThe rule, in ClusterRole system:coredns:\n" + Mends.slicesRule());
        }

        /** The search list calls the cluster otherwise, and the server knows it by that name. */
        private Optional<Finding> otherDomain() {
            return seen.file().domains().stream()
                    .filter(domain -> !domain.equals(zone.domain()))
                    .filter(domain -> servers.stream()
                            .flatMap(server -> server.reply(seen.questions().api(domain)).stream())
                            .anyMatch(reply -> reply.has("A")))
                    .findFirst()
                    .map(domain -> Finding.problem(
                            check,
                            evidence() + "; but kubernetes.default.svc." + domain + ". is answered",
                            "This cluster is called " + domain + ", and the library looks for it as " + zone.domain()
                                    + ": home has nothing.",
                            "Set discovery.cluster-domain=" + domain
                                    + ", or don't set it: the search list is read by itself."));
        }

        private Finding notHome() {
            return problem(
                    "This server does not know the cluster as " + zone.domain() + ": home has nothing.",
                    "Either it is not this cluster's nameserver (the pod's dnsPolicy; kubectl -n kube-system get service"
                            + " kube-dns shows the right address), or the cluster has another domain: set"
                            + " discovery.cluster-domain to the one in its Corefile:\n"
                            + "    kubernetes DOMAIN in-addr.arpa ip6.arpa");
        }

        private Finding other() {
            String domain = zone.domain();
            String nothing = "The " + zone.tier() + " tier has nothing: no call ever leaves this cluster.";
            return switch (standing) {
                case UNSYNCED -> notInSync();
                case ELSEWHERE, ABSENT -> goesUpstream(nothing);
                case REFUSED ->
                    problem(
                            "The " + zone.tier() + " tier stays unknown: no call ever leaves this cluster.",
                            "The server has no zone " + domain + " and forwards nothing. "
                                    + Mends.corefile(homeDomain(), domain));
                case FAILED, SILENT ->
                    problem(
                            "The " + zone.tier() + " tier stays unknown"
                                    + (standing == Standing.SILENT ? ", and each question waits in vain." : "."),
                            "The zone is forwarded to somebody who "
                                    + (standing == Standing.SILENT ? "is silent" : "fails")
                                    + ": the upstream of the whole cluster, if the Corefile does not name the zone, else"
                                    + " the server in its block (Submariner: is its DNS pod up?). If it is not named: "
                                    + Mends.corefile(homeDomain(), domain));
                default -> problem(nothing, Mends.corefile(homeDomain(), domain));
            };
        }

        private String homeDomain() {
            return seen.library().home().map(Zone::domain).orElse("cluster.local");
        }

        /** The zone is CoreDNS's own, and it waits for something. */
        private Finding notInSync() {
            String means = "CoreDNS has the zone and could not read what belongs in it: the " + zone.tier()
                    + " tier stays unknown.";
            if (servers.stream().anyMatch(server -> seen.homeStanding(server) == Standing.UNSYNCED)) {
                return problem(means, "The same server has read nothing of home either: mend home-zone (above) first.");
            }
            String slices = " If a ClusterSetIP is answered all the same and only headless services fail, it is"
                    + " EndpointSlices that it may not read:\n" + Mends.slicesRule();
            return switch (seen.api().crd()) {
                case MISSING ->
                    problem(means + " " + seen.api().said() + ": there is no ServiceImport CRD.", Mends.crd());
                case SERVED ->
                    problem(
                            means + " The CRD is there (" + seen.api().said()
                                    + "), so its rights are missing, or it has" + " just started.",
                            "Add to ClusterRole system:coredns (kubectl edit clusterrole system:coredns):\n"
                                    + Mends.importsRule() + "\nIts log says \"forbidden\" until then." + slices);
                case UNKNOWN ->
                    problem(
                            means
                                    + " Two causes look the same: no ServiceImport CRD, or no right to read ServiceImports"
                                    + " (just after its start: neither).",
                            "Tell them apart:\n"
                                    + "    kubectl get crd serviceimports.multicluster.x-k8s.io\n"
                                    + "NotFound: " + Mends.crd() + " Found: add to ClusterRole system:coredns:\n"
                                    + Mends.importsRule() + "\n" + slices.strip());
            };
        }

        /** Nobody in the cluster knows the zone; the question left it. */
        private Finding goesUpstream(String nothing) {
            String domain = zone.domain();
            boolean link = servers.stream().anyMatch(server -> ServerChecks.isNodeLocal(server.address()));
            Optional<Reply> service = servers.stream()
                    .flatMap(server -> server.reply(seen.questions().behindNodeLocal(homeDomain())).stream())
                    .filter(reply -> reply.has("A"))
                    .findFirst();
            if (!link && service.isEmpty()) {
                return problem("The question left the cluster. " + nothing, Mends.corefile(homeDomain(), domain));
            }
            String sign = service.map(reply -> reply.toString()).orElse("the nameserver is 169.254.20.10");
            String nodeLocal = "NodeLocal DNSCache is here (" + sign + "), and sends what is not below " + homeDomain()
                    + " to the servers outside. ";
            Optional<Server> behind =
                    seen.behind().stream().filter(Server::answers).findFirst();
            if (behind.isEmpty()) {
                return problem(
                        nodeLocal + nothing,
                        "CoreDNS behind it could not be asked. Ask it from a pod whose traffic NodeLocal does not take:\n"
                                + "    dig @CLUSTER-IP-OF-kube-dns-upstream " + domain + ". SOA\n"
                                + "If it serves the zone, only NodeLocal is to be mended; else CoreDNS as well. "
                                + Mends.nodeLocal(domain) + "\n" + Mends.corefile(homeDomain(), domain));
            }
            boolean served = seen.standing(behind.get(), zone).served();
            String there = behind.get().shown() + " behind it: "
                    + behind.get()
                            .reply(seen.questions().apex(domain))
                            .map(Reply::toString)
                            .orElse("not asked in time")
                    + ". ";
            return served
                    ? problem(
                            nodeLocal + there + "CoreDNS serves the zone; NodeLocal alone is in the way. " + nothing,
                            Mends.nodeLocal(domain))
                    : problem(
                            nodeLocal + there + "CoreDNS does not serve the zone either. " + nothing,
                            "Both are to be mended. " + Mends.nodeLocal(domain) + "\n"
                                    + Mends.corefile(homeDomain(), domain));
        }
    }
}
