package io.clusterset.discovery;

import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.TierView;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Law 7 where nobody says anything better: once no tier has an endpoint that works, those known last are used while they succeed, for
 * five minutes without a success at most (an empty zone is more often a fault of the zone than the end of a service); and
 * while a tier's source could not tell for that long, endpoints that succeeded lately come before the others, whose addresses
 * may be another pod's by now. Made for one decision; used on the serial executor.
 */
final class LastKnown {

    static final String NOTE =
            "no source names an endpoint that works: those known last are used while they succeed, 5 min without a success at most";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HealthView health;
    private final long now;
    private Optional<Duration> until = Optional.empty();
    private boolean inUse;

    LastKnown(HealthView health, long now) {
        this.health = health;
        this.now = now;
    }

    /** For each tier: if it has nothing now, those of its former endpoints that may still be used and are nobody else's. */
    List<TierView> former(List<Decider.Known> tiers, List<TierView> formers, List<TierView> now) {
        List<TierView> kept = new ArrayList<>(tiers.size());
        for (int i = 0; i < tiers.size(); i++) {
            TierView former = formers.get(i);
            boolean gone = now.get(i).endpoints().isEmpty();
            List<Endpoint> endpoints =
                    gone ? usable(former.endpoints(), tiers.get(i).goneAt(), now) : List.of();
            kept.add(new TierView(
                    former.tier(),
                    former.resolution(),
                    former.answeredAt(),
                    former.foundAt(),
                    endpoints,
                    former.dropped()));
        }
        return kept;
    }

    private List<Endpoint> usable(List<Endpoint> former, long goneAt, List<TierView> now) {
        if (former.stream().allMatch(endpoint -> left(endpoint, goneAt).isNegative())) {
            return List.of();
        }
        Set<InetSocketAddress> present = now.stream()
                .flatMap(view -> view.endpoints().stream())
                .map(Endpoint::socketAddress)
                .collect(Collectors.toSet());
        return former.stream()
                .filter(endpoint -> !present.contains(endpoint.socketAddress()))
                .filter(endpoint -> mayBeUsed(endpoint, goneAt))
                .toList();
    }

    /** They are needed. */
    void use() {
        inUse = true;
    }

    private Duration left(Endpoint endpoint, long goneAt) {
        Duration gone = Duration.ofNanos(now - goneAt);
        Duration idle = health.sinceSuccess(endpoint)
                .filter(since -> since.compareTo(gone) < 0)
                .orElse(gone);
        return PATIENCE.minus(idle);
    }

    private boolean mayBeUsed(Endpoint endpoint, long goneAt) {
        Duration left = left(endpoint, goneAt);
        if (left.isNegative() || left.isZero()) {
            return false;
        }
        until = Optional.of(until.filter(sooner -> sooner.compareTo(left) < 0).orElse(left));
        return true;
    }

    boolean inUse() {
        return inUse;
    }

    /** What will happen to them, in words. */
    List<String> next() {
        return inUse
                ? until
                        .map(left ->
                                "endpoints known last are given up in " + Text.time(left) + ", unless they succeed")
                        .stream()
                        .toList()
                : List.of();
    }

    /** When the next of them may have to go. */
    Optional<Duration> until() {
        return until;
    }

    boolean longAgo(long foundAt) {
        return now - foundAt > PATIENCE.toNanos();
    }

    /** Passes over those that have not succeeded lately, if others have. */
    List<Candidate> preferWorking(List<Candidate> candidates) {
        if (candidates.stream().noneMatch(candidate -> succeededLately(candidate.endpoint()))) {
            return candidates;
        }
        return candidates.stream()
                .map(candidate ->
                        succeededLately(candidate.endpoint()) ? candidate : candidate.atMost(Candidate.Use.PASSED_OVER))
                .toList();
    }

    private boolean succeededLately(Endpoint endpoint) {
        return health.sinceSuccess(endpoint)
                .filter(since -> since.compareTo(PATIENCE) <= 0)
                .isPresent();
    }
}
