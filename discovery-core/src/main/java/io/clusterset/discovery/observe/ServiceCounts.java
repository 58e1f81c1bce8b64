package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.AttemptSink;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierView;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is counted of one service, for as long as somebody holds it. Attempts are counted by their callers, where they don't meet;
 * the rest by the serial executor. Read on any thread.
 */
public final class ServiceCounts implements AttemptSink {

    private static final String NO_TIER = "";

    /** Replaced, never edited, under the lock; a tier is in it from the first attempt or lookup on. */
    private volatile TierCounts[] tiers = new TierCounts[0];

    private String mostLoaded = NO_TIER; // guarded by this, as are those below
    private boolean livesHere; // home had most load once, or should have had
    private long failovers;
    private long awayNanos; // until the last decision
    private long decidedAt;
    private boolean away;

    /** With nothing counted yet. */
    public ServiceCounts() {
        // nothing to do: a public constructor is said, not implied
    }

    @Override
    public void began(Endpoint endpoint) {
        of(endpoint.tier()).began();
    }

    @Override
    public void ended(Endpoint endpoint, Outcome outcome) {
        of(endpoint.tier()).ended(outcome);
    }

    /** Two or three, and as a rule the first: nothing is faster than to look. */
    @SuppressWarnings("ReferenceEquality") // as a rule they are the same
    private TierCounts of(String tier) {
        for (TierCounts known : tiers) {
            if (known.tier() == tier || known.tier().equals(tier)) {
                return known;
            }
        }
        return added(tier);
    }

    private synchronized TierCounts added(String tier) {
        for (TierCounts known : tiers) { // somebody may have been faster
            if (known.tier().equals(tier)) {
                return known;
            }
        }
        TierCounts[] more = Arrays.copyOf(tiers, tiers.length + 1);
        TierCounts made = new TierCounts(tier);
        more[tiers.length] = made;
        tiers = more;
        return made;
    }

    /** A tier's source answered; an answer that was told before does not count again. */
    public void answered(String tier, Resolution answer) {
        of(tier).answered(answer);
    }

    /** The stages decided. A service that never lived in home's cluster is not away from home. */
    public synchronized void decided(Decision decision) {
        long now = decision.snapshot().takenAt();
        addAway(now);
        String before = mostLoaded;
        String most = decision.mostLoaded();
        mostLoaded = most.isEmpty() ? before : most; // who has none for a while has moved nowhere
        decidedAt = now;
        Decision.Tier home = decision.tiers().get(0);
        Resolution answer = home.view().resolution();
        // "unknown" says nothing of where it lives
        livesHere |=
                home.load().percent() > 0 || answer instanceof Resolution.Found || answer instanceof Resolution.Empty;
        int from = before.isEmpty() ? 0 : place(decision, before);
        if (livesHere && place(decision, mostLoaded) > from) {
            failovers++;
        }
        away = livesHere && !most.isEmpty() && place(decision, most) > 0;
    }

    private void addAway(long now) {
        awayNanos += away ? Math.max(0, now - decidedAt) : 0;
    }

    private static int place(Decision decision, String tier) {
        List<Decision.Tier> tiers = decision.tiers();
        for (int i = 0; i < tiers.size(); i++) {
            if (tiers.get(i).load().tier().equals(tier)) {
                return i;
            }
        }
        return 0;
    }

    /** Nobody decides any more, until somebody does again. */
    public synchronized void rests(long now) {
        addAway(now);
        decidedAt = now;
        away = false;
    }

    /** How often the tier with most load became one further behind. */
    public synchronized long failovers() {
        return failovers;
    }

    /** For how long home was not the tier with most load. */
    public synchronized Duration away(long now) {
        return Duration.ofNanos(awayNanos + (away ? Math.max(0, now - decidedAt) : 0));
    }

    /** Its tiers as they are now, in the decision's order; after them those that it had attempts or lookups in before. */
    public List<Figures.OfTier> tiers(Optional<Decision> decision, long now) {
        List<Figures.OfTier> all = new ArrayList<>();
        for (Decision.Tier tier : decision.map(Decision::tiers).orElse(List.of())) {
            all.add(figures(tier, now));
        }
        for (TierCounts known : tiers) {
            if (all.stream().noneMatch(tier -> tier.tier().equals(known.tier()))) {
                all.add(new Figures.OfTier(
                        known.tier(), false, 0, false, 0, 0, 0, Duration.ZERO, known.attempts(), known.lookups()));
            }
        }
        return all;
    }

    private Figures.OfTier figures(Decision.Tier tier, long now) {
        TierView view = tier.view();
        int healthy = 0;
        int ejected = 0;
        for (Candidate candidate : tier.candidates()) {
            healthy += candidate.verdict().countsAsHealthy() ? 1 : 0;
            ejected += candidate.use() == Candidate.Use.IN_TURN ? 0 : 1;
        }
        TierCounts counted = of(view.tier());
        return new Figures.OfTier(
                view.tier(),
                true,
                tier.load().percent(),
                tier.load().panic(),
                view.endpoints().size(),
                healthy,
                ejected,
                view.resolution().stale() ? Duration.ofNanos(Math.max(0, now - view.foundAt())) : Duration.ZERO,
                counted.attempts(),
                counted.lookups());
    }
}
