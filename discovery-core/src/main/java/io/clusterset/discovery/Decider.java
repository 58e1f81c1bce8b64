package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Topology;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The stages in a row: answers, joined, annotated by health, narrowed by topology, split by failover, folded into a picker.
 * Holds one service's failover state; used on the serial executor.
 */
final class Decider {

    private static final String LONE_REMOTE =
            "a tier behind home has a single address: if it is a clusterset VIP it may lead to the local endpoints too";

    private final ServiceName name;
    private final Stages stages;
    private final HealthView health;
    private final Failover failover;
    private final Set<String> said = new HashSet<>();

    Decider(ServiceName name, Stages stages, HealthView health) {
        this.name = name;
        this.stages = stages;
        this.health = health;
        this.failover = new Failover(stages.failover(), stages.ticker(), stages.random());
    }

    Decided decide(List<Known> tiers) {
        Join join = new Join(name.port(), stages.defaultPort());
        List<TierView> views = tiers.stream()
                .map(known -> join.view(known.tier(), known.answer(), known.answeredAt()))
                .toList();
        List<Topology.Eligible> eligible = health
                .annotate(views.stream().map(TierView::endpoints).toList())
                .stream()
                .map(this::narrow)
                .toList();
        List<TierHealth> healths = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            healths.add(healthOf(views.get(i), eligible.get(i).candidates()));
        }
        Failover.Loads loads = failover.decide(healths);
        List<Decision.Tier> decided = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            Topology.Eligible mine = eligible.get(i);
            decided.add(new Decision.Tier(views.get(i), loads.tiers().get(i), mine.candidates(), mine.excluded()));
        }
        List<String> next = new ArrayList<>(loads.next());
        next.addAll(health.next());
        Snapshot snapshot = new Snapshot(name, stages.ticker().nanos(), views);
        Decision decision = new Decision(snapshot, decided, notes(decided), next);
        return new Decided(decision, picker(decision), loads.recheck());
    }

    private Topology.Eligible narrow(List<Candidate> candidates) {
        try {
            return stages.topology().narrow(candidates);
        } catch (RuntimeException thrown) {
            trouble("the topology threw, all endpoints are eligible: "
                    + thrown.getClass().getName());
            return Topology.any().narrow(candidates);
        }
    }

    private TierHealth healthOf(TierView view, List<Candidate> candidates) {
        int healthy = (int) candidates.stream()
                .filter(candidate -> candidate.verdict().countsAsHealthy())
                .count();
        HealthView.Tally tally = health.tally(candidates);
        boolean blind = candidates.isEmpty() && view.resolution() instanceof Resolution.Unknown;
        return new TierHealth(
                view.tier(),
                healthy,
                candidates.size(),
                blind,
                why(view, candidates),
                tally.succeeded(),
                tally.failed());
    }

    /** The first reason for what is not well; for a tier without endpoints, what its source said. */
    private static String why(TierView view, List<Candidate> candidates) {
        if (candidates.isEmpty()) {
            String detail = view.resolution().evidence().detail();
            return detail.isEmpty() ? view.resolution().word().replace('-', ' ') : detail;
        }
        if (candidates.stream().allMatch(candidate -> candidate.verdict().state() == State.UNKNOWN)) {
            return "none tried yet";
        }
        return candidates.stream()
                .map(Candidate::verdict)
                .filter(verdict -> verdict.state() == State.UNHEALTHY || verdict.state() == State.SUSPECT)
                .map(Verdict::reason)
                .findFirst()
                .orElse("");
    }

    private static List<String> notes(List<Decision.Tier> tiers) {
        List<String> notes = new ArrayList<>();
        if (tiers.stream().anyMatch(tier -> tier.load().panic())) {
            notes.add("panic: the tiers together can't carry the load, so sick endpoints are used too");
        }
        if (tiers.stream().skip(1).anyMatch(tier -> tier.candidates().size() == 1)) {
            notes.add(LONE_REMOTE);
        }
        return notes;
    }

    private Picker picker(Decision decision) {
        try {
            return stages.balancer().build(decision);
        } catch (RuntimeException thrown) {
            trouble("the balancer threw, round robin stands in: "
                    + thrown.getClass().getName());
            return Balancer.roundRobin().build(decision);
        }
    }

    /** Said once: a policy that throws is asked ten times a second. */
    private void trouble(String what) {
        if (said.add(what)) {
            stages.log().accept(new Event.Trouble(name.toString(), what));
        }
    }

    /**
     * What is known of one tier.
     *
     * @param tier the tier
     * @param answer its last answer
     * @param answeredAt when it came, in ticker nanoseconds
     */
    record Known(Tier tier, Resolution answer, long answeredAt) {}

    /**
     * What came of it.
     *
     * @param decision with every reason
     * @param picker built from it
     * @param recheck when to decide again even if nothing happens
     */
    record Decided(Decision decision, Picker picker, Optional<Duration> recheck) {}
}
