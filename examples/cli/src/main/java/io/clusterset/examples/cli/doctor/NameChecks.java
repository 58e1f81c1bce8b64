package io.clusterset.examples.cli.doctor;

import io.clusterset.discovery.model.Port;
import io.clusterset.examples.cli.doctor.Subject.Lookup;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tiers say to one name, and who else has a name like it. */
final class NameChecks {

    private static final String NAME = "name";
    private static final String REFUSED = "addresses";

    private NameChecks() {}

    static List<Finding> of(Observations seen) {
        return seen.subject().map(subject -> of(seen, subject)).orElse(List.of());
    }

    private static List<Finding> of(Observations seen, Subject subject) {
        List<Finding> findings = new ArrayList<>();
        Map<Lookup, List<Server>> asked = new LinkedHashMap<>();
        for (Lookup lookup : subject.lookups()) {
            asked.put(
                    lookup,
                    seen.answering(lookup.servers()).stream()
                            .filter(server -> server.reply(lookup.ipv4()).isPresent())
                            .toList());
        }
        boolean anywhere = asked.entrySet().stream()
                .anyMatch(tier -> tier.getValue().stream().anyMatch(server -> isFound(server, tier.getKey())));
        asked.forEach((lookup, servers) -> {
            boolean elsewhere = asked.entrySet().stream()
                    .filter(tier -> !tier.getKey().equals(lookup))
                    .anyMatch(
                            tier -> tier.getValue().stream().anyMatch(server -> isUsable(seen, server, tier.getKey())));
            findings.add(tier(seen, lookup, servers, elsewhere));
            findings.addAll(refused(seen, lookup, servers));
            findings.addAll(differences(lookup, servers));
            findings.addAll(alias(subject, lookup, servers));
            findings.addAll(ports(subject, lookup, servers));
        });
        findings.addAll(overlap(asked));
        findings.addAll(collisions(seen, subject, anywhere));
        return findings;
    }

    private static boolean isFound(Server server, Lookup lookup) {
        return !addresses(server, lookup).isEmpty();
    }

    /** Whether the library would find somebody to call there. */
    private static boolean isUsable(Observations seen, Server server, Lookup lookup) {
        boolean portMissing = lookup.namedPort()
                .flatMap(server::whole)
                .filter(NameChecks::lacksPort)
                .isPresent();
        return !portMissing
                && addresses(server, lookup).stream()
                        .anyMatch(address -> seen.library().refuses(address).isEmpty());
    }

    private static boolean lacksPort(Reply reply) {
        return reply.answered() && !reply.has("SRV") && !reply.is("SERVFAIL");
    }

    private static Set<String> addresses(Server server, Lookup lookup) {
        return Stream.of(lookup.ipv4(), lookup.ipv6())
                .flatMap(query -> server.whole(query).stream())
                .flatMap(reply -> Stream.concat(reply.data("A").stream(), reply.data("AAAA").stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String said(Server server, Lookup lookup) {
        return server.shown() + ": "
                + Stream.of(lookup.ipv4(), lookup.ipv6())
                        .flatMap(query -> server.whole(query).stream())
                        .map(Reply::toString)
                        .collect(Collectors.joining("; "));
    }

    private static Finding tier(Observations seen, Lookup lookup, List<Server> servers, boolean elsewhere) {
        if (servers.isEmpty()) {
            String why = lookup.servers().isEmpty() ? "nobody to ask for " : "no nameserver answered ";
            return Finding.skipped(NAME, lookup.tier() + ": " + why + lookup.name() + ".");
        }
        Server first = servers.stream()
                .filter(server -> isFound(server, lookup))
                .findFirst()
                .orElse(servers.get(0));
        String shown = lookup.tier() + ": " + said(first, lookup);
        if (isFound(first, lookup)) {
            return isCut(first, lookup)
                    ? Finding.note(
                            NAME,
                            shown,
                            "The answer is cut, and TCP does not bring the rest: the library works with this part.",
                            "See what is said of tcp above.")
                    : Finding.ok(NAME, shown);
        } else if (isCut(first, lookup)) {
            return Finding.problem(
                    NAME,
                    shown,
                    "The answer is cut, and TCP does not bring the rest: the " + lookup.tier()
                            + " tier is unknown for this"
                            + " name. What was known is kept, and load does not move for it.",
                    "See what is said of tcp above.");
        }
        boolean failed = Stream.of(lookup.ipv4(), lookup.ipv6())
                .flatMap(query -> first.reply(query).stream())
                .noneMatch(reply -> reply.is("NXDOMAIN") || reply.is("NOERROR"));
        if (failed) {
            String unknown = "The " + lookup.tier() + " tier is unknown for this name: what was known is kept, and load"
                    + " does not move for it.";
            return isZoneWell(seen, first, lookup)
                    ? Finding.problem(
                            NAME, shown, unknown, "The server could not find out; its log says why:\n" + Mends.LOGS)
                    : Finding.note(NAME, shown, unknown, "See what is said of its zone above.");
        }
        String means = "Nothing usable in the " + lookup.tier() + " tier";
        return elsewhere
                ? Finding.note(NAME, shown, means + "; another one has it.", "")
                : Finding.problem(
                        NAME,
                        shown,
                        means + ", nor in another one.",
                        "See that the service is there and has ready endpoints: a headless one without any does not exist"
                                + " in DNS. For a clusterset tier, that it is exported (ServiceExport) and that its"
                                + " namespace exists in this cluster.");
    }

    private static boolean isCut(Server server, Lookup lookup) {
        return Stream.of(lookup.ipv4(), lookup.ipv6())
                .flatMap(query -> server.whole(query).stream())
                .anyMatch(Reply::truncated);
    }

    /** Addresses that the library leaves out, whoever says them. */
    private static List<Finding> refused(Observations seen, Lookup lookup, List<Server> servers) {
        Set<String> all = servers.stream()
                .flatMap(server -> addresses(server, lookup).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        Map<String, String> rules = new LinkedHashMap<>();
        all.forEach(address -> seen.library().refuses(address).ifPresent(rule -> rules.put(address, rule)));
        if (rules.isEmpty()) {
            return List.of();
        }
        String shown = lookup.tier() + ": "
                + rules.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining("; "));
        String mend = "If they are meant, let them through: discovery.dns.allow-addresses=BLOCK, such as "
                + rules.keySet().iterator().next() + "/"
                + (rules.keySet().iterator().next().contains(":") ? 128 : 32)
                + "; else correct whoever says them.";
        return List.of(
                rules.size() == all.size()
                        ? Finding.problem(
                                REFUSED,
                                shown,
                                "The library leaves out such addresses, and the " + lookup.tier()
                                        + " tier has no others: nobody to call there.",
                                mend)
                        : Finding.note(REFUSED, shown, "The library leaves them out, and uses the others.", mend));
    }

    private static boolean isZoneWell(Observations seen, Server server, Lookup lookup) {
        return seen.library().zones().stream()
                .filter(zone -> zone.domain().equals(lookup.zone()))
                .allMatch(zone -> seen.standing(server, zone).served());
    }

    private static List<Finding> differences(Lookup lookup, List<Server> servers) {
        Map<Set<String>, List<Server>> groups = new LinkedHashMap<>();
        for (Server server : servers) {
            groups.computeIfAbsent(addresses(server, lookup), set -> new ArrayList<>())
                    .add(server);
        }
        if (groups.size() < 2) {
            return List.of();
        }
        String shown = groups.values().stream()
                .map(group -> said(group.get(0), lookup))
                .collect(Collectors.joining("; "));
        return List.of(Finding.note(
                "name-agreement",
                lookup.tier() + ": " + shown,
                "The nameservers don't say the same. Normal for a moment, while one has it from its cache, and for a server"
                        + " that hands out one address at a time (Lighthouse).",
                "If it stays so, one of them is stale: ask again in a minute, and leave that one out."));
    }

    private static List<Finding> alias(Subject subject, Lookup lookup, List<Server> servers) {
        return servers.stream()
                .flatMap(server -> server.reply(lookup.ipv4()).stream())
                .flatMap(reply -> reply.data("CNAME").stream().map(target -> target.toLowerCase(Locale.ROOT)))
                .map(target -> target.endsWith(".") ? target.substring(0, target.length() - 1) : target)
                .filter(target -> !lookup.zone().isEmpty() && !Subject.isBelow(target, lookup.zone()))
                .limit(1)
                .map(target -> Finding.problem(
                        "external-name",
                        lookup.tier() + ": " + lookup.name() + ". is an alias of " + target + ".",
                        "An ExternalName service that leads out of the zone: the library does not follow it, and refuses"
                                + " the name; its adapters hand it to the system resolver.",
                        "Call " + target + " itself, or make it this service's tier:\n    discovery.services["
                                + subject.name().base() + "].tiers=outside=" + target + "@" + target))
                .toList();
    }

    private static List<Finding> ports(Subject subject, Lookup lookup, List<Server> servers) {
        List<Finding> findings = new ArrayList<>();
        for (Server server : servers) {
            Set<Integer> served = servedPorts(server, lookup);
            if (isFound(server, lookup) && findings.isEmpty()) {
                lookup.namedPort()
                        .flatMap(server::whole)
                        .filter(NameChecks::lacksPort)
                        .ifPresent(reply -> findings.add(namedPortMissing(lookup, server, reply, served)));
                if (!served.isEmpty()) {
                    findings.addAll(numberMissing(subject, lookup, server, served));
                }
            }
        }
        return findings;
    }

    private static Finding namedPortMissing(Lookup lookup, Server server, Reply reply, Set<Integer> served) {
        return Finding.problem(
                "port",
                lookup.tier() + ": " + server.shown() + ": " + reply + "; the name itself is there",
                "The port name is not served: the tier is empty for this name.",
                "Name the port in the Service" + (served.isEmpty() ? "" : " (it has " + joined(served) + ")")
                        + ", in every cluster that exports it, or write the number: "
                        + lookup.name().split("\\.")[0]
                        + ".NAMESPACE:NUMBER.");
    }

    /** A number that is written, or else the one that would be used. */
    private static List<Finding> numberMissing(Subject subject, Lookup lookup, Server server, Set<Integer> served) {
        boolean headless = isHeadless(server, lookup);
        String shown = lookup.tier() + ": " + server.shown() + ": " + lookup.ports() + " says " + joined(served)
                + (headless ? ", of a headless service" : "");
        if (subject.name().port() instanceof Port.Number number && !served.contains(number.number())) {
            return List.of(Finding.problem(
                    "port",
                    shown + "; asked for " + number.number(),
                    headless
                            ? "DNS does not translate a Service's port for headless endpoints: calls go to "
                                    + number.number() + ", where nobody listens."
                            : "The Service does not serve that port.",
                    "Use " + joined(served) + (headless ? ", or the port's name, which SRV translates." : ".")));
        } else if (headless && subject.name().port() instanceof Port.Unspecified) {
            return List.of(Finding.note(
                    "port",
                    shown + "; no port asked for",
                    "Headless endpoints are called at their own port; without a name for it, the library uses the URL's or"
                            + " its default.",
                    "Say it by name: discovery.services[" + subject.name().base() + "].port=NAME."));
        }
        return List.of();
    }

    private static Set<Integer> servedPorts(Server server, Lookup lookup) {
        return portsOf(server, lookup.ports());
    }

    private static Set<Integer> portsOf(Server server, Query query) {
        return server.whole(query).stream()
                .flatMap(reply -> reply.data("SRV").stream())
                .map(data -> data.split(" "))
                .filter(words -> words.length == 4 && words[2].matches("\\d{1,5}"))
                .map(words -> Integer.valueOf(words[2]))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean isHeadless(Server server, Lookup lookup) {
        return server.whole(lookup.ports()).stream()
                .flatMap(reply -> reply.data("SRV").stream())
                .anyMatch(data -> !data.toLowerCase(Locale.ROOT).endsWith(" " + lookup.name() + "."));
    }

    private static String joined(Set<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static List<Finding> overlap(Map<Lookup, List<Server>> asked) {
        List<Lookup> lookups = List.copyOf(asked.keySet());
        if (lookups.size() < 2) {
            return List.of();
        }
        Set<String> home = all(lookups.get(0), asked);
        List<Finding> findings = new ArrayList<>();
        for (Lookup other : lookups.subList(1, lookups.size())) {
            Set<String> theirs = all(other, asked);
            if (otherPorts(asked, lookups.get(0), other)) {
                continue;
            }
            String shown = lookups.get(0).tier() + " " + joined(home) + "; " + other.tier() + " " + joined(theirs);
            if (!home.isEmpty() && !theirs.isEmpty() && home.containsAll(theirs)) {
                findings.add(Finding.note(
                        "overlap",
                        shown,
                        "The " + other.tier()
                                + " tier has the home's endpoints and no others: there is nowhere to fail over"
                                + " to.",
                        "Export the service (ServiceExport) from another cluster."));
            } else if (!home.isEmpty() && theirs.size() == 1) {
                findings.add(Finding.note(
                        "overlap",
                        shown,
                        "A single address stands for endpoints of all clusters, this one's among them: whether a call that"
                                + " fails over comes back here can't be told.",
                        "For a sharp failover make the service headless, or keep the home cluster out of its export."));
            }
        }
        return findings;
    }

    /** Whether the named port leads to other ports there, and so to other endpoints, be it at the same addresses. */
    private static boolean otherPorts(Map<Lookup, List<Server>> asked, Lookup home, Lookup other) {
        Set<Integer> ours = namedPorts(asked, home);
        Set<Integer> theirs = namedPorts(asked, other);
        return !ours.isEmpty() && !theirs.isEmpty() && !ours.containsAll(theirs);
    }

    private static Set<Integer> namedPorts(Map<Lookup, List<Server>> asked, Lookup lookup) {
        return asked.getOrDefault(lookup, List.of()).stream()
                .flatMap(server -> lookup.namedPort().stream().flatMap(query -> portsOf(server, query).stream()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> all(Lookup lookup, Map<Lookup, List<Server>> asked) {
        return asked.getOrDefault(lookup, List.of()).stream()
                .flatMap(server -> addresses(server, lookup).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Finding> collisions(Observations seen, Subject subject, boolean anywhere) {
        List<Finding> findings = new ArrayList<>();
        List<Query> queries = Stream.concat(subject.absolute().stream(), subject.elsewhere().stream())
                .toList();
        for (Query query : queries) {
            Optional<Server> knows = seen.servers().stream()
                    .filter(server ->
                            server.reply(query).filter(reply -> reply.has("A")).isPresent())
                    .findFirst();
            knows.ifPresent(server -> findings.add(collision(server, query, subject, anywhere)));
        }
        if (findings.isEmpty() && !queries.isEmpty() && seen.servers().stream().anyMatch(Server::answers)) {
            findings.add(nobodyElse(seen, subject, queries));
        }
        return findings;
    }

    /** Only who says no has said so: many a server refuses what is not its own. */
    private static Finding nobodyElse(Observations seen, Subject subject, List<Query> queries) {
        Optional<Query> open = queries.stream()
                .filter(query -> seen.servers().stream()
                        .flatMap(server -> server.reply(query).stream())
                        .noneMatch(reply -> reply.is("NXDOMAIN") || reply.is("NOERROR")))
                .findFirst();
        return open.map(query ->
                        Finding.skipped("collision", "no nameserver says whether " + query.name() + ". exists"))
                .orElseGet(() -> Finding.ok(
                        "collision",
                        "nobody outside the tiers has a name like "
                                + subject.name().base()));
    }

    private static Finding collision(Server server, Query query, Subject subject, boolean anywhere) {
        String shown =
                server.shown() + ": " + server.reply(query).map(Reply::toString).orElse("");
        boolean itself = subject.absolute().filter(query::equals).isPresent();
        String who = itself
                ? "The name exists outside the cluster, as it stands. "
                : "A search domain that is no tier's has the name. ";
        String mend = "Write the name out (" + subject.name().base() + ".svc.DOMAIN) in programs that use the system"
                + " resolver" + (itself ? "." : ", or take the domain off the pod's search list (dnsConfig).");
        return anywhere
                ? Finding.note(
                        "collision",
                        shown,
                        who + "The library never asks for it; programs that use the search list may reach it.",
                        mend)
                : Finding.problem(
                        "collision",
                        shown,
                        who + "No tier has it, so the adapters hand it to the system resolver, and calls go there.",
                        mend);
    }
}
