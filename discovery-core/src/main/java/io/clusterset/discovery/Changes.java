package io.clusterset.discovery;

import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.observe.DecisionRing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells what is another than it was at one service's last answer, or its last decision. Used on the serial executor. */
final class Changes {

    private static final int MOST_SAID = 1_000;

    private final String subject;
    private final EventSink events;
    private final DecisionRing ring;
    private final Map<String, Integer> unhealthy = new HashMap<>(); // by tier; only where there were any
    private final Map<String, Set<Evidence.Dropped>> said = new HashMap<>(); // by tier, of what was left out
    private List<Integer> loads = List.of();
    private List<String> panicking = List.of();
    private List<Object> gist = List.of(); // of what holds now
    private long since; // when it began to

    Changes(String subject, EventSink events, DecisionRing ring) {
        this.subject = subject;
        this.events = events;
        this.ring = ring;
    }

    /**
     * A tier's source answered.
     *
     * @param age for how long its endpoints had not been found
     */
    void answered(String tier, Optional<Resolution> before, Resolution now, Duration age) {
        boolean stale = before.map(Resolution::stale).orElse(false);
        List<Evidence.Dropped> dropped = now.evidence().dropped();
        Set<Evidence.Dropped> saidOfTier = said.computeIfAbsent(tier, any -> new HashSet<>());
        boolean more = saidOfTier.size() < MOST_SAID && saidOfTier.addAll(dropped);
        if (before.isEmpty() || !sameNews(before.get(), now)) {
            events.accept(new Event.Answered(subject, tier, now));
        }
        if (stale != now.stale()) {
            int kept = (now.stale() ? now : before.orElse(now)).endpoints().size();
            events.accept(new Event.StaleChanged(subject, tier, kept, now.stale(), age));
        }
        if (more) {
            events.accept(new Event.AddressesDropped(subject, tier, dropped));
        }
    }

    private static boolean sameNews(Resolution before, Resolution now) {
        boolean sameDetail = now instanceof Resolution.Unknown // its words tell how long it has been so
                || before.evidence().detail().equals(now.evidence().detail());
        return before.getClass() == now.getClass()
                && Endpoint.same(before.endpoints(), now.endpoints())
                && before.evidence().rcode().equals(now.evidence().rcode())
                && sameDetail;
    }

    /** The stages decided. */
    void decided(Decider.Decided made) {
        List<Decision.Tier> tiers = made.decision().tiers();
        for (int i = 0; i < tiers.size(); i++) {
            tellHealth(tiers.get(i), made.healths().get(i));
        }
        for (Failover.Stage stage : made.stages()) {
            events.accept(new Event.ReturnChanged(subject, stage.tier(), stage.failed(), stage.what()));
        }
        tellPanic(tiers);
        tellLoads(tiers.stream().map(Decision.Tier::load).toList());
    }

    /**
     * What went before is kept where something else is decided than at the last look.
     *
     * @param before what was decided the last time, if anything that lasts
     * @return since when this has been decided
     */
    long remember(Decider.Decided made, Optional<Decision> before) {
        List<Object> now = new ArrayList<>();
        List<Decision.Tier> tiers = made.decision().tiers();
        for (int i = 0; i < tiers.size(); i++) {
            Decision.Tier tier = tiers.get(i);
            TierHealth health = made.healths().get(i);
            now.add(tier.load().percent());
            now.add(tier.load().panic());
            now.add(tier.view().resolution().word());
            now.add(tier.view().resolution().stale());
            now.add(health.total() - health.healthy());
            now.add(!health.why().isEmpty() && !health.why().equals(Assessment.NOT_TRIED)); // somebody is suspect, say
        }
        long at = made.decision().snapshot().takenAt();
        if (!now.equals(gist)) {
            if (!gist.isEmpty() && before.isPresent()) {
                ring.replaced(subject, before.get(), since, at);
            }
            gist = now;
            since = at;
        }
        return since;
    }

    /** Nothing is decided any more for now: what held until now is kept. */
    void ends(Optional<Decision> last, long now) {
        if (!gist.isEmpty()) {
            last.ifPresent(held -> ring.replaced(subject, held, since, now));
        }
    }

    /** A tier that has nobody tells so in its answer. */
    private void tellHealth(Decision.Tier tier, TierHealth health) {
        int now = health.total() - health.healthy();
        Integer before = now == 0 ? unhealthy.remove(health.tier()) : unhealthy.put(health.tier(), now);
        if ((before == null ? 0 : before) != now && health.total() > 0) {
            events.accept(new Event.HealthChanged(
                    subject, health.tier(), health.healthy(), health.total(), now == 0 ? "" : why(tier, health)));
        }
    }

    private static String why(Decision.Tier tier, TierHealth health) {
        return tier.candidates().stream()
                .filter(candidate -> !candidate.verdict().countsAsHealthy())
                .findFirst()
                .map(Changes::words)
                .orElse(health.why());
    }

    private static String words(Candidate candidate) {
        return candidate.endpoint().authority() + ": " + candidate.verdict().reason();
    }

    private void tellPanic(List<Decision.Tier> tiers) {
        List<String> now = tiers.stream()
                .map(Decision.Tier::load)
                .filter(TierLoad::panic)
                .map(TierLoad::tier)
                .toList();
        List<String> before = panicking;
        panicking = now;
        for (Decision.Tier tier : tiers) {
            String name = tier.load().tier();
            if (before.contains(name) != now.contains(name)) {
                events.accept(new Event.PanicChanged(subject, name, now.contains(name)));
            }
        }
    }

    private void tellLoads(List<TierLoad> now) {
        List<Integer> percents = now.stream().map(TierLoad::percent).toList();
        if (!percents.equals(loads)) {
            loads = percents;
            events.accept(new Event.LoadChanged(subject, now));
        }
    }
}
