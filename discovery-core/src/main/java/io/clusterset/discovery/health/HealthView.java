package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Backoff;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Health as one service sees it: which endpoints are its own, and what is thought of them. Used on the serial executor. An
 * endpoint that left all services is remembered for 30 s, so that one that comes back at the next refresh is not judged anew.
 */
public final class HealthView {

    private static final Tally NONE = new Tally(0, 0);
    private static final int PROBED_AT_MOST = 16;
    private static final int NEXT_SHOWN = 3;

    private static final int NEVER_LEAVES_ONE_OUT = 2;
    private static final double MOST_LEFT_OUT = 0.3;
    private static final Duration COMPARED_OVER = Duration.ofSeconds(10);
    private static final Duration STANDBY_PROBES_APART = Duration.ofSeconds(30);
    private static final int STANDBYS_PROBED = 3;
    private static final double SPREAD = 0.2;

    private final Health health;
    private final boolean probed;
    private final EndpointHealth.Surroundings around;
    private final EndpointHealth.User self;
    private final Map<InetSocketAddress, EndpointHealth> mine = new HashMap<>();
    private final Map<String, TierTally> tallies = new HashMap<>();
    private final Alarm compare;
    private final Alarm standby;
    private List<List<EndpointHealth>> tiers = List.of();
    private Map<EndpointHealth, Tally> compared = Map.of();
    private List<EndpointHealth> standbys = List.of();
    private int nextStandby;

    HealthView(Health health, boolean probed, EndpointHealth.Surroundings around, Runnable onChange) {
        this.health = health;
        this.probed = probed;
        this.around = around;
        this.compare = new Alarm(around.ticker(), around.scheduler(), around.serial());
        this.standby = new Alarm(around.ticker(), around.scheduler(), around.serial());
        this.self = new EndpointHealth.User() {
            @Override
            public void changed() {
                onChange.run();
            }

            @Override
            public void fails() {
                beginComparison();
            }
        };
    }

    /** Adds verdicts to each tier's endpoints; what is not among them any more is let go. */
    public List<List<Candidate>> annotate(List<List<Endpoint>> tiers) {
        Set<InetSocketAddress> present = tiers.stream()
                .flatMap(List::stream)
                .map(Endpoint::socketAddress)
                .collect(Collectors.toSet());
        mine.values().stream()
                .filter(known -> !present.contains(known.address()))
                .toList()
                .forEach(this::release);
        List<List<Candidate>> annotated = new ArrayList<>(tiers.size());
        List<List<EndpointHealth>> looked = new ArrayList<>(tiers.size());
        for (List<Endpoint> endpoints : tiers) {
            boolean vip = isVip(endpoints);
            List<EndpointHealth> members = new ArrayList<>(endpoints.size());
            for (Endpoint endpoint : endpoints) {
                EndpointHealth known = mine.computeIfAbsent(endpoint.socketAddress(), address -> {
                    EndpointHealth found = health.of(address, probed);
                    found.usedBy(self);
                    return found;
                });
                known.onlyOne(vip);
                known.look();
                members.add(known);
            }
            looked.add(members);
            annotated.add(candidates(endpoints, members));
        }
        this.tiers = looked;
        return annotated;
    }

    /** One address, or one of each family: a Service of two families has a ClusterIP of each. */
    private static boolean isVip(List<Endpoint> endpoints) {
        long v4 = endpoints.stream().filter(endpoint -> !endpoint.isV6()).count();
        return v4 <= 1 && endpoints.size() - v4 <= 1;
    }

    /**
     * Law 6: those that fail softly are left out as far as the cap goes, the first that failed first. One on trial is as good
     * as left out, but may be well again: it is the first that stays.
     */
    private static List<Candidate> candidates(List<Endpoint> endpoints, List<EndpointHealth> members) {
        int most = members.size() <= NEVER_LEAVES_ONE_OUT ? 0 : Math.max(1, (int) (members.size() * MOST_LEFT_OUT));
        Set<EndpointHealth> stay = members.stream()
                .filter(member -> member.ejectedAt().isPresent())
                .sorted(Comparator.comparing(EndpointHealth::onTrial)
                        .thenComparing(member -> member.ejectedAt().orElse(0L)))
                .skip(most)
                .collect(Collectors.toSet());
        List<Candidate> candidates = new ArrayList<>(members.size());
        for (int i = 0; i < members.size(); i++) {
            EndpointHealth known = members.get(i);
            Candidate.Use use = stay.contains(known) ? Candidate.Use.IN_TURN : known.use();
            Endpoint endpoint = endpoints.get(i);
            candidates.add(new Candidate(endpoint, known.verdict(), use, endpoint.weight(), known));
        }
        return candidates;
    }

    /**
     * Probes up to three of these every 30 s: they carry no traffic now, and it should be known whether they could. What a
     * suspect needs comes first; without probes nothing happens.
     */
    public void standBy(List<Endpoint> idle) {
        standbys = idle.stream()
                .map(endpoint -> mine.get(endpoint.socketAddress()))
                .filter(Objects::nonNull)
                .toList();
        if (standbys.isEmpty() || !around.options().probes() || around.options().probesAlways()) {
            standby.cancel();
        } else if (standby.left().isEmpty()) {
            standby.set(Backoff.spread(STANDBY_PROBES_APART, SPREAD, around.random()), this::probeStandbys);
        }
    }

    private void probeStandbys() {
        for (int i = 0; i < Math.min(STANDBYS_PROBED, standbys.size()); i++) {
            standbys.get(nextStandby++ % standbys.size()).probeAnyway();
        }
        nextStandby %= Math.max(1, standbys.size());
        standby.set(Backoff.spread(STANDBY_PROBES_APART, SPREAD, around.random()), this::probeStandbys);
    }

    private void beginComparison() {
        if (compare.left().isEmpty()) {
            compared = mine.values().stream().collect(Collectors.toMap(endpoint -> endpoint, HealthView::count));
            compare.set(COMPARED_OVER, this::compare);
        }
    }

    private void compare() {
        Map<EndpointHealth, Tally> before = compared;
        boolean failures = mine.values().stream()
                .anyMatch(endpoint ->
                        endpoint.failed() > before.getOrDefault(endpoint, NONE).failed());
        for (List<EndpointHealth> tier : tiers) {
            List<Outliers.Ended<EndpointHealth>> ended = tier.stream()
                    .filter(before::containsKey) // one that came meanwhile has a past that is not this interval's
                    .map(endpoint -> {
                        Tally base = before.getOrDefault(endpoint, NONE);
                        return new Outliers.Ended<>(
                                endpoint, endpoint.succeeded() - base.succeeded(), endpoint.failed() - base.failed());
                    })
                    .toList();
            Outliers.of(ended).forEach(outlier -> outlier.endpoint().outlier(outlier.why()));
        }
        if (failures) {
            beginComparison();
        } else {
            compared = Map.of();
            mine.values().forEach(EndpointHealth::notCompared);
        }
    }

    private static Tally count(EndpointHealth endpoint) {
        return new Tally(endpoint.succeeded(), endpoint.failed());
    }

    /** How long ago an attempt at the endpoint, or a probe of it, last succeeded; empty if never. */
    public Optional<Duration> sinceSuccess(Endpoint endpoint) {
        return Optional.ofNullable(mine.get(endpoint.socketAddress())).flatMap(EndpointHealth::sinceSuccess);
    }

    /**
     * How the attempts at a tier's endpoints have ended while they were in the tier, all services counted. Never shrinks:
     * what an endpoint did before it came does not count, what it did stays when it goes.
     */
    public Tally tally(String tier, List<Candidate> candidates) {
        List<EndpointHealth> members = candidates.stream()
                .map(candidate -> mine.get(candidate.endpoint().socketAddress()))
                .filter(Objects::nonNull)
                .toList();
        return tallies.computeIfAbsent(tier, name -> new TierTally()).count(members);
    }

    /** Probes up to 16 of the endpoints now, sick or not, and runs the task when all have answered. */
    public void probeNow(Runnable done) {
        List<EndpointHealth> probed =
                mine.values().stream().limit(PROBED_AT_MOST).toList();
        int[] open = {probed.size() + 1};
        Runnable one = () -> {
            if (--open[0] == 0) {
                done.run();
            }
        };
        probed.forEach(endpoint -> endpoint.examine(one));
        one.run();
    }

    /** The next probes that are due, at most three of them, in words. */
    public List<String> next() {
        return mine.values().stream()
                .map(EndpointHealth::next)
                .flatMap(Optional::stream)
                .sorted()
                .limit(NEXT_SHOWN)
                .toList();
    }

    /** Lets all endpoints go. */
    public void close() {
        compare.cancel();
        standby.cancel();
        tiers = List.of();
        standbys = List.of();
        tallies.clear();
        List.copyOf(mine.values()).forEach(this::release);
    }

    private void release(EndpointHealth endpoint) {
        mine.remove(endpoint.address());
        endpoint.leftBy(self);
        health.released();
    }

    /** One tier's counts, over endpoints that come and go. */
    private static final class TierTally {
        private final Map<EndpointHealth, Tally> since = new HashMap<>();
        private long succeeded; // of those that left
        private long failed;

        Tally count(List<EndpointHealth> members) {
            Set<EndpointHealth> present = Set.copyOf(members);
            since.entrySet().removeIf(entry -> {
                boolean left = !present.contains(entry.getKey());
                if (left) {
                    succeeded += entry.getKey().succeeded() - entry.getValue().succeeded();
                    failed += entry.getKey().failed() - entry.getValue().failed();
                }
                return left;
            });
            long allSucceeded = succeeded;
            long allFailed = failed;
            for (EndpointHealth member : present) {
                Tally now = HealthView.count(member);
                Tally base = since.computeIfAbsent(member, m -> now);
                allSucceeded += now.succeeded() - base.succeeded();
                allFailed += now.failed() - base.failed();
            }
            return new Tally(allSucceeded, allFailed);
        }
    }

    /**
     * Counts of ended attempts.
     *
     * @param succeeded since the endpoints are known
     * @param failed hard and soft ones
     */
    public record Tally(long succeeded, long failed) {}
}
