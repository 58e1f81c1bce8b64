package io.clusterset.discovery;

import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.TierView;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Law 7 where nobody says anything better: once no tier has an endpoint, those known last are used while they succeed, for
 * five minutes without a success at most (an empty zone is more often a fault of the zone than the end of a service); and
 * while a tier's source could not tell for that long, endpoints that succeeded lately come before the others, whose addresses
 * may be another pod's by now. Made for one decision; used on the serial executor.
 */
final class LastKnown {

    static final String NOTE =
            "no tier has an endpoint: those known last are used while they succeed, 5 min without a success at most";

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final HealthView health;
    private final long now;
    private Optional<Duration> until = Optional.empty();
    private boolean inUse;

    LastKnown(HealthView health, long now) {
        this.health = health;
        this.now = now;
    }

    /** Those of a tier's former endpoints that may still be used; the answer that took them away was the tier's last. */
    TierView keep(TierView former, long goneAt) {
        List<Endpoint> kept = former.endpoints().stream()
                .filter(endpoint -> mayBeUsed(endpoint, goneAt))
                .toList();
        inUse |= !kept.isEmpty();
        return new TierView(former.tier(), former.resolution(), former.answeredAt(), kept, former.dropped());
    }

    private boolean mayBeUsed(Endpoint endpoint, long goneAt) {
        Duration gone = Duration.ofNanos(now - goneAt);
        Duration idle = health.sinceSuccess(endpoint)
                .filter(since -> since.compareTo(gone) < 0)
                .orElse(gone);
        Duration left = PATIENCE.minus(idle);
        if (left.isNegative() || left.isZero()) {
            return false;
        }
        until = Optional.of(until.filter(sooner -> sooner.compareTo(left) < 0).orElse(left));
        return true;
    }

    boolean inUse() {
        return inUse;
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
                .map(candidate -> succeededLately(candidate.endpoint())
                        ? candidate
                        : new Candidate(
                                candidate.endpoint(),
                                candidate.verdict(),
                                true,
                                candidate.weight(),
                                candidate.outcomes()))
                .toList();
    }

    private boolean succeededLately(Endpoint endpoint) {
        return health.sinceSuccess(endpoint)
                .filter(since -> since.compareTo(PATIENCE) <= 0)
                .isPresent();
    }
}
