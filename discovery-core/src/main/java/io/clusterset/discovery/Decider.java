package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.failover.Failover;
import io.clusterset.discovery.failover.TierHealth;
import io.clusterset.discovery.health.HealthView;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
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

    static final String NOT_TRIED = "none tried yet";

    private static final String LONE_REMOTE =
            " has a single address: if that is a clusterset VIP, it may lead to home's endpoints too (DNS can't tell)";

    private final ServiceName name;
    private final Selection selection;
    private final Stages stages;
    private final HealthView health;
    private final Failover failover;
    private final Guards guards;
    private final Narrowing narrowing;
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
            healths.add(healthOf(
                    tiers.get(i).tier(), views.get(i), mine, counted(mine.candidates(), candidates, census.get(i))));
        }
        Failover.Loads loads = failover.decide(healths);
        List<Decision.Tier> decided = new ArrayList<>(views.size());
        for (int i = 0; i < views.size(); i++) {
            Eligibility.Eligible mine = eligible.get(i);
            decided.add(new Decision.Tier(views.get(i), loads.tiers().get(i), mine.candidates(), mine.excluded()));
        }
        List<String> notes = notes(decided);
        for (int i = 0; i < views.size(); i++) {
            String tier = views.get(i).tier();
            eligible.get(i).notes().forEach(note -> notes.add(tier + ": " + note));
            if (!eligible.get(i).notes().isEmpty()) {
                spilled(decided.get(i), here.locality().zone()).ifPresent(note -> notes.add(tier + ": " + note));
            }
        }
        notes.addAll(untranslatedPorts(tiers));
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

    /** The census, if it is of these; there are thousands to count otherwise. */
    @SuppressWarnings("ReferenceEquality")
    private static HealthView.Census counted(
            List<Candidate> candidates, List<Candidate> annotated, HealthView.Census census) {
        if (candidates == annotated) {
            return census;
        }
        int healthy = 0;
        boolean allUnknown = true;
        String why = "";
        for (Candidate candidate : candidates) {
            Verdict verdict = candidate.verdict();
            healthy += verdict.countsAsHealthy() ? 1 : 0;
            allUnknown &= verdict.state() == State.UNKNOWN;
            if (why.isEmpty() && (verdict.state() == State.SUSPECT || verdict.state() == State.UNHEALTHY)) {
                why = (verdict.state() == State.SUSPECT ? "suspect: " : "") + verdict.reason();
            }
        }
        return new HealthView.Census(healthy, false, allUnknown, why);
    }

    private TierHealth healthOf(Tier tier, TierView view, Eligibility.Eligible eligible, HealthView.Census census) {
        List<Candidate> candidates = eligible.candidates();
        HealthView.Tally tally = health.tally(view.tier());
        // a tier that has none at all is out anyway; one that has some but not enough is not well
        int known = candidates.size() + eligible.missing();
        int found = tier.minEndpoints() == 0 ? 0 : found(view);
        int total = candidates.isEmpty() ? 0 : Math.max(known, expected(tier, known, found));
        boolean blind = candidates.isEmpty() && view.resolution() instanceof Resolution.Unknown;
        return new TierHealth(
                view.tier(),
                census.healthy(),
                total,
                blind,
                missing(tier, eligible, found, why(view, eligible, census)),
                () -> new TierHealth.Attempts(tally.succeeded(), tally.failed()),
                tier.maxLoad(),
                stages.drills().percent(tier.name()));
    }

    /** How many the tier's source found, without those that end. */
    private static int found(TierView view) {
        return (int) view.endpoints().stream()
                .map(Endpoint::condition)
                .filter(condition -> condition == Condition.READY || condition == Condition.NOT_READY)
                .count();
    }

    /** How many there should be of those known to be meant: who is left out by selection, topology or subset is not missing. */
    private static int expected(Tier tier, int known, int found) {
        if (found == 0) {
            return tier.minEndpoints();
        }
        return found >= tier.minEndpoints() ? 0 : (tier.minEndpoints() * known + found - 1) / found;
    }

    private static String missing(Tier tier, Eligibility.Eligible eligible, int found, String why) {
        String words = eligible.candidates().isEmpty()
                ? ""
                : Stream.of(
                                eligible.missing() > 0 ? eligible.missing() + " more not ready" : "",
                                tier.minEndpoints() > found
                                        ? "only " + found + " of the " + tier.minEndpoints() + " expected found"
                                        : "")
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining("; "));
        return words + (words.isEmpty() || why.isEmpty() ? "" : "; ") + why;
    }

    /** The first reason for what is not well; for a tier without endpoints, what its source said. */
    private static String why(TierView view, Eligibility.Eligible eligible, HealthView.Census census) {
        if (!eligible.candidates().isEmpty()) {
            return census.allUnknown() ? NOT_TRIED : census.why();
        }
        if (!eligible.excluded().isEmpty()) {
            return eligible.excluded().size() + " known, none eligible: "
                    + eligible.excluded().get(0).rule();
        }
        if (view.resolution() instanceof Resolution.Found && !view.dropped().isEmpty()) {
            return "all of them: " + view.dropped().get(0).rule();
        }
        String detail = view.resolution().evidence().detail();
        return detail.isEmpty() ? view.resolution().word().replace('-', ' ') : detail;
    }

    private static List<String> notes(List<Decision.Tier> tiers) {
        List<String> notes = new ArrayList<>();
        if (tiers.stream().anyMatch(tier -> tier.load().panic())) {
            notes.add("panic: the tiers together can't carry the load, so sick endpoints are used too");
        }
        int shed = 100 - tiers.stream().mapToInt(tier -> tier.load().percent()).sum();
        if (shed > 0 && shed < 100) {
            notes.add(shed + " % of the calls fail at once: no tier may take more (max-load)");
        }
        for (Decision.Tier tier : tiers) {
            boolean allSuspect = tier.load().percent() > 0
                    && !tier.load().panic()
                    && tier.candidates().stream().noneMatch(Candidate::isGood);
            if (allSuspect
                    && tiers.stream().anyMatch(other -> other.inUse().stream().anyMatch(Candidate::isGood))) {
                notes.add(tier.load().tier() + " is suspect: its calls go on to the next tier until it is judged");
            }
        }
        boolean onlyHome = tiers.size() > 1
                && tiers.get(0).load().percent() == 100
                && tiers.stream()
                        .skip(1)
                        .allMatch(tier -> tier.view().endpoints().isEmpty()
                                && !(tier.view().resolution() instanceof Resolution.Unknown));
        if (onlyHome) {
            notes.add("no other tier has an endpoint: if " + tiers.get(0).load().tier()
                    + " fails, there is nowhere to go");
        }
        tiers.stream()
                .skip(1)
                .filter(tier -> tier.view().endpoints().size() == 1)
                .filter(tier -> tier.view().endpoints().get(0).cluster().isEmpty()) // else it is known whose it is
                .forEach(tier -> notes.add(tier.load().tier() + LONE_REMOTE));
        return notes;
    }

    /** How much leaves the own zone, where topology would keep it, and what is wrong there. */
    private static Optional<String> spilled(Decision.Tier tier, String zone) {
        double all = 0;
        double near = 0;
        for (Candidate candidate : tier.inUse()) {
            all += candidate.weight();
            near += isIn(zone, candidate) ? candidate.weight() : 0;
        }
        List<Candidate> mine = tier.candidates().stream()
                .filter(candidate -> isIn(zone, candidate))
                .toList();
        long stays = all == 0 ? 100 : Math.round(100 * near / all);
        if (mine.isEmpty() || stays == 100) {
            return Optional.empty();
        }
        long healthy = mine.stream()
                .filter(candidate -> candidate.verdict().countsAsHealthy())
                .count();
        return Optional.of((100 - stays) + " % of its calls leave zone " + Text.safe(zone) + ", where " + healthy
                + " of " + mine.size() + " are healthy");
    }

    private static boolean isIn(String zone, Candidate candidate) {
        return !zone.isEmpty() && candidate.endpoint().locality().zone().equals(zone);
    }

    /** DNS has addresses of pods for a headless service, and the caller the port of the Service: nobody translates. */
    private List<String> untranslatedPorts(List<Known> tiers) {
        if (name.port() instanceof Port.Named) {
            return List.of();
        }
        List<String> several = tiers.stream()
                .filter(known -> known.tier().port().isEmpty() && severalWithoutPort(known.answer()))
                .map(known -> known.tier().name())
                .toList();
        return several.isEmpty()
                ? List.of()
                : List.of(String.join(" and ", several) + (several.size() == 1 ? " has" : " have")
                        + " several addresses and DNS can't translate a Service's port for pods: "
                        + "name the port (" + name.base() + ":NAME) if theirs is another");
    }

    private static boolean severalWithoutPort(Resolution answer) {
        boolean unported =
                !answer.endpoints().isEmpty() && answer.endpoints().get(0).port() == 0; // one like all
        return unported
                && answer.endpoints().stream()
                                .filter(endpoint -> endpoint.port() == 0 && !endpoint.isV6())
                                .limit(2)
                                .count()
                        == 2;
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
