package io.clusterset.examples.cli.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What stands between the library and the zones: caches, and the CRD that one of them is made of. */
final class CacheChecks {

    /** What Kubernetes' DNS specification lets everybody send, and a cache cuts. */
    private static final long UNCACHED = 28_800;

    /** Above this, no cache was between: they keep nothing longer. */
    static final long CACHED_AT_MOST = 3600;

    private CacheChecks() {}

    static List<Finding> of(Observations seen) {
        List<Finding> findings = new ArrayList<>();
        findings.addAll(imports(seen));
        seen.library().others().forEach(zone -> findings.addAll(cache(seen, zone)));
        return findings;
    }

    private static List<Finding> imports(Observations seen) {
        if (seen.library().others().isEmpty()) {
            return List.of();
        }
        ApiAnswer api = seen.api();
        return List.of(
                switch (api.crd()) {
                    case SERVED -> Finding.ok("service-imports", "the CRD is there: " + api.said());
                    case MISSING -> missing(seen);
                    case UNKNOWN ->
                        Finding.skipped("service-imports", "whether the CRD is there is not told: " + api.said());
                });
    }

    private static Finding missing(Observations seen) {
        String shown = seen.api().said() + ": no serviceimports of v1alpha1";
        if (all(seen, Standing::served)) {
            return Finding.note(
                    "service-imports",
                    shown,
                    "The zone is served all the same, by something that does not need the CRD here.",
                    "");
        } else if (all(seen, standing -> standing == Standing.UNSYNCED)) {
            return Finding.note("service-imports", shown, "It is what the zone above waits for.", "");
        }
        return Finding.problem(
                "service-imports", shown, "CoreDNS has nothing to serve a clusterset zone from.", Mends.crd());
    }

    private static boolean all(Observations seen, Predicate<Standing> which) {
        return seen.library().others().stream()
                .allMatch(zone -> seen.answering(zone.servers()).stream()
                        .anyMatch(server -> which.test(seen.standing(server, zone))));
    }

    private static List<Finding> cache(Observations seen, Zone zone) {
        List<Finding> findings = new ArrayList<>();
        List<Server> uncached = new ArrayList<>();
        for (Server server : seen.answering(zone.servers())) {
            Optional<Long> ttl = server.reply(seen.questions().version(zone.domain()))
                    .filter(reply -> reply.has("TXT"))
                    .map(reply -> reply.answers().get(0).ttl());
            if (ttl.isPresent() && ttl.get() > CACHED_AT_MOST) {
                uncached.add(server);
            } else if (ttl.isPresent()) {
                findings.add(cached(seen, server, zone, ttl.get()));
            }
        }
        if (!uncached.isEmpty()) {
            findings.add(0, Finding.ok("cache", zone.domain() + ": no cache at " + ZoneChecks.names(uncached)));
        }
        return findings;
    }

    private static Finding cached(Observations seen, Server server, Zone zone, long cap) {
        boolean kept = isKept(seen, server, zone);
        Optional<Zone> home = seen.library().home();
        boolean homeKept = home.filter(one -> isKept(seen, server, one)).isPresent();
        String who = kept && !homeKept && home.isPresent()
                ? ", and those of " + home.get().domain() + " not: kubeadm's cache block, which excepts that zone alone"
                : kept ? ", as those of home: the cache has no exceptions" : "";
        String shown = server.shown() + ": " + seen.questions().version(zone.domain()) + " comes with ttl " + cap
                + " instead of " + UNCACHED + ": a cache is in front"
                + (kept ? "; its answers age (" + ages(seen, server, zone) + ")" + who : "");
        String domains = home.map(one -> one.domain() + " ").orElse("") + zone.domain();
        return Finding.note(
                "cache",
                shown,
                "A service that is exported, or has its first endpoint, is seen up to one time to live later than CoreDNS"
                        + " knows it (at most " + cap + " s); so is one that goes.",
                "If that is too late, except both zones in CoreDNS:\n"
                        + "    cache 30 {\n"
                        + "        disable success " + domains + "\n"
                        + "        disable denial " + domains + "\n"
                        + "    }");
    }

    /** Remembered between our two questions, or by somebody before them. */
    private static boolean isKept(Observations seen, Server server, Zone zone) {
        List<Long> ttls = ttls(seen, server, zone);
        return ttls.size() == 2 && ttls.get(1) < ttls.get(0);
    }

    private static String ages(Observations seen, Server server, Zone zone) {
        return "SOA ttl "
                + ttls(seen, server, zone).stream().map(String::valueOf).collect(Collectors.joining(", then "));
    }

    private static List<Long> ttls(Observations seen, Server server, Zone zone) {
        Query absent = seen.questions().absent(zone.domain());
        return server.replies().stream()
                .filter(reply -> reply.query().equals(absent) && reply.isFrom(zone.domain()))
                .flatMap(reply -> reply.soa().stream())
                .map(Reply.Soa::ttl)
                .toList();
    }
}
