package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict.State;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.topology.Eligibility;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Places;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The stages in a row: answers, joined, annotated by health, narrowed by topology, split by failover, folded into a picker.
 * Holds one service's failover state; used on the serial executor.
 */
final class Decider {

    private final ServiceName name;
    private final Selection selection;
    private final Stages stages;
    private final HealthView health;
    private final Failover failover;
    private final Guards guards;
    private final Narrowing narrowing;
    private final Assessment assessment;
    private Join join;
    private Join formerly; // what answers said before they said that there is none
    private Places joinedIn;
    private int joinedWith;
    private final Set<String> said = new HashSet<>();
    private boolean onLastKnown;
    private Optional<Picker> before = Optional.empty();

    Decider(
            ServiceName name,
            Selection selection,
            List<Tier> tiers,
            Stages stages,
            HealthView health,
            Failover failover) {
        this.selection = selection;
        this.narrowing = new Narrowing(name, selection, stages, this::trouble);
        this.guards = new Guards(tiers);
        Plan plan = stages.now();
        this.joinedIn = plan.places();
        this.joinedWith = plan.defaultPort();
        this.join = new Join(name.port(), joinedWith, joinedIn);
        this.formerly = new Join(name.port(), joinedWith, joinedIn);
        this.name = name;
        this.stages = stages;
        this.health = health;
        this.assessment = new Assessment(health::tally, stages.drills());
        this.failover = failover;
    }

    @SuppressWarnings("ReferenceEquality") // the very view
    Decided decide(List<Known> tiers) {
        Plan plan = stages.now();
        follow(plan);
        LastKnown lastKnown = new LastKnown(health, stages.ticker().nanos());
        List<TierView> joined = join.views(tiers, known -> known.answer().endpoints());
        List<TierView> views = new ArrayList<>(joined);
        List<TierView> formers = lastKnown.former(
                tiers,
                formerly.views(tiers, known -> known.answer().endpoints().isEmpty() ? known.former() : List.of()),
                views);
        List<List<Candidate>> annotated =
                new ArrayList<>(health.annotate(Stream.concat(views.stream(), formers.stream())
                        .map(TierView::endpoints)
                        .toList()));
        List<HealthView.Census> census = new ArrayList<>(annotated.size());
        for (int i = 0; i < annotated.size(); i++) {
            census.add(health.census(i));
        }
        boolean nobodyWorks = true;
        for (int i = 0; nobodyWorks && i < views.size(); i++) {
            nobodyWorks = census.get(i).healthy() == 0 || noneWorks(annotated.get(i));
        }
        for (int i = 0; nobodyWorks && i < views.size(); i++) {
            if (!formers.get(i).endpoints().isEmpty()) {
                lastKnown.use();
                views.set(i, formers.get(i));
                annotated.set(i, annotated.get(views.size() + i));
                census.set(i, census.get(views.size() + i));
            }
        }
        tellOfLastKnown(lastKnown);
        tellOfCuts(views);
        Here here = plan.here().or(stages.sources().ownLocality());
        List<Eligibility.Eligible> eligible = new ArrayList<>(views.size());
        List<TierHealth> healths = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            List<Candidate> candidates = annotated.get(i);
            boolean longStale = tiers.get(i).answer().stale()
                    && lastKnown.longAgo(tiers.get(i).foundAt());
            Eligibility.Eligible mine = narrowing.of(
                    here,
                    views.get(i).tier(),
                    longStale ? lastKnown.preferWorking(candidates) : candidates,
                    census.get(i).allGood(),
                    views.get(i) == joined.get(i) && join.plain(i));
            eligible.add(mine);
            healths.add(assessment.of(tiers.get(i).tier(), views.get(i), mine, candidates, census.get(i)));
        }
        Failover.Loads loads = failover.decide(healths);
        List<Decision.Tier> decided = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            Eligibility.Eligible mine = eligible.get(i);
            decided.add(new Decision.Tier(views.get(i), loads.tiers().get(i), mine.candidates(), mine.excluded()));
        }
        List<String> notes =
                Notes.of(name, tiers, eligible, decided, here.locality().zone());
        if (lastKnown.inUse()) {
            notes.add(LastKnown.NOTE);
        }
        List<String> next = new ArrayList<>(loads.next());
        next.addAll(lastKnown.next());
        next.addAll(stages.drills().next(views.stream().map(TierView::tier).collect(Collectors.toSet())));
        next.addAll(health.next());
        Snapshot snapshot = new Snapshot(name, stages.ticker().nanos(), views);
        Decision decision = new Decision(snapshot, decided, notes, next, loads.returning());
        Optional<Duration> recheck = Stream.of(
                        loads.recheck(), lastKnown.until(), narrowing.recheck(), health.nextOver())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
        Picker picker = picker(plan.balancer(name), decision);
        before = decision.mostLoaded().isEmpty() ? before : Optional.of(picker); // an empty answer forgets nothing
        boolean suspects = !census.get(0).why().isEmpty()
                && decided.get(0).candidates().stream()
                        .anyMatch(candidate -> candidate.verdict().state() == State.SUSPECT);
        return new Decided(decision, guards.over(decision, picker), recheck, suspects, healths, loads.stages());
    }

    /** Those that are not ready are not called, so that nothing is known against them says nothing. */
    private static boolean noneWorks(List<Candidate> candidates) {
        return candidates.stream()
                .noneMatch(candidate -> candidate.endpoint().condition().takesTraffic()
                        && candidate.verdict().countsAsHealthy());
    }

    private void tellOfLastKnown(LastKnown lastKnown) {
        if (lastKnown.inUse() && !onLastKnown) {
            stages.log().accept(new Event.Trouble(selection.subject(name), LastKnown.NOTE));
        }
        onLastKnown = lastKnown.inUse();
    }

    private void tellOfCuts(List<TierView> views) {
        for (TierView view : views) {
            long cut = view.dropped().stream()
                    .filter(dropped -> dropped.rule().equals(Join.TOO_MANY))
                    .count();
            if (cut > 0) {
                String what = view.tier() + " has " + Join.TOO_MANY + ", the rest is left out";
                if (said.add(what)) {
                    stages.log().accept(new Event.Limit(selection.subject(name), what));
                }
            }
        }
    }

    /** Endpoints that were joined with what held before are joined anew. */
    @SuppressWarnings("ReferenceEquality") // the planner keeps the object while it says the same
    private void follow(Plan plan) {
        if (plan.places() != joinedIn || plan.defaultPort() != joinedWith) {
            joinedIn = plan.places();
            joinedWith = plan.defaultPort();
            join = new Join(name.port(), joinedWith, joinedIn);
            formerly = new Join(name.port(), joinedWith, joinedIn);
        }
        narrowing.follow(plan);
    }

    private Picker picker(Balancer balancer, Decision decision) {
        Balancer.Rebuild rebuild = new Balancer.Rebuild(decision, before, stages.ticker(), stages.random());
        try {
            return balancer.build(rebuild);
        } catch (RuntimeException thrown) {
            trouble("the balancer threw, round robin stands in: "
                    + thrown.getClass().getName());
            return Balancer.weightedRoundRobin().build(rebuild);
        }
    }

    /** Said once: a policy that throws is asked ten times a second. */
    private void trouble(String what) {
        if (said.add(what)) {
            stages.log().accept(new Event.Trouble(selection.subject(name), what));
        }
    }

    /**
     * What is known of one tier.
     *
     * @param tier the tier
     * @param answer its last answer
     * @param answeredAt when it came, in ticker nanoseconds
     * @param foundAt when endpoints were last found
     * @param former the endpoints of the last answer that had some, if its successors say that there are none
     * @param goneAt when the first of these said so
     */
    record Known(Tier tier, Resolution answer, long answeredAt, long foundAt, List<Endpoint> former, long goneAt) {}

    /**
     * What came of it.
     *
     * @param decision with every reason
     * @param picker built from it
     * @param recheck when to decide again even if nothing happens
     * @param homeIsSuspect whether any endpoint of home is suspect
     * @param healths what failover went by, of each tier
     * @param stages what became of returns
     */
    record Decided(
            Decision decision,
            Picker picker,
            Optional<Duration> recheck,
            boolean homeIsSuspect,
            List<TierHealth> healths,
            List<Failover.Stage> stages) {}
}
