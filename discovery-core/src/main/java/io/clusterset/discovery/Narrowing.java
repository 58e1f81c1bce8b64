package io.clusterset.discovery;

import io.clusterset.discovery.balance.SlowStart;
import io.clusterset.discovery.balance.Subset;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Condition;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.topology.Eligibility;
import io.clusterset.discovery.topology.Here;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Who of a tier may be called, and with what weight: slow start, selection, SRV priority, topology, subset, in this order.
 * Hands on the list it was given where nothing is narrowed. One service's; used on the serial executor.
 */
final class Narrowing {

    private final Selection selection;
    private final ServiceName name;
    private final Ticker ticker;
    private final Consumer<String> trouble;
    private Duration window;
    private SlowStart slowStart;
    private Eligibility eligibility;
    private Optional<Subset> subset;

    Narrowing(ServiceName name, Selection selection, Stages stages, Consumer<String> trouble) {
        Plan plan = stages.now();
        this.name = name;
        this.selection = selection;
        this.ticker = stages.ticker();
        this.trouble = trouble;
        this.window = plan.balance().slowStart();
        this.slowStart = new SlowStart(window, ticker);
        this.eligibility = plan.eligibility(name);
        this.subset = plan.subset();
    }

    /** Goes by this plan from now on. With another window for slow starts, those that are known are new no more. */
    void follow(Plan plan) {
        if (!window.equals(plan.balance().slowStart())) {
            window = plan.balance().slowStart();
            slowStart = new SlowStart(window, ticker);
        }
        eligibility = plan.eligibility(name);
        subset = plan.subset();
    }

    /** When weights change by themselves. */
    Optional<Duration> recheck() {
        return slowStart.recheck();
    }

    /**
     * One tier's.
     *
     * @param allGood whether nothing is held against any, and all are of one priority
     * @param plain whether none says anything of conditions, places and owners' wishes
     */
    Eligibility.Eligible of(Here here, String tier, List<Candidate> all, boolean allGood, boolean plain) {
        List<Evidence.Dropped> behind = new ArrayList<>();
        List<Candidate> selected = selected(slowStart.warmed(tier, all), behind);
        Eligibility.Eligible eligible =
                allGood ? eligible(here, selected, plain) : eligibleInOrder(here, selected, plain, behind);
        List<String> notes = new ArrayList<>(eligible.notes());
        long warming = slowStart.warming(tier);
        if (warming > 0) {
            notes.add("slow start: " + warming + " new, less called than others for " + Text.time(window) + " at most");
        }
        Subset.Chosen chosen = subset.isEmpty()
                ? new Subset.Chosen(eligible.candidates(), List.of())
                : subset.get().of(eligible.candidates());
        behind.addAll(eligible.excluded());
        behind.addAll(chosen.excluded());
        return new Eligibility.Eligible(chosen.candidates(), behind, eligible.missing(), notes);
    }

    /** By priority, then by topology; if that leaves nobody whose turn it is, by priority among those that it leaves. */
    private Eligibility.Eligible eligibleInOrder(
            Here here, List<Candidate> all, boolean plain, List<Evidence.Dropped> behind) {
        List<Evidence.Dropped> waiting = new ArrayList<>();
        Eligibility.Eligible eligible = eligible(here, ofLowestPriority(all, waiting), plain);
        boolean nobody = eligible.candidates().stream().noneMatch(Candidate::isGood);
        if (nobody && !waiting.isEmpty() && !eligible.candidates().isEmpty()) {
            Set<Endpoint> left =
                    eligible.candidates().stream().map(Candidate::endpoint).collect(Collectors.toSet());
            waiting.clear();
            List<Candidate> reachable = ofLowestPriority(
                    all.stream()
                            .filter(candidate -> left.contains(candidate.endpoint()))
                            .toList(),
                    waiting);
            eligible = new Eligibility.Eligible(
                    eligible(here, reachable, plain).candidates(),
                    eligible.excluded(),
                    eligible.missing(),
                    eligible.notes());
        }
        behind.addAll(waiting);
        return eligible;
    }

    @SuppressWarnings("ReferenceEquality") // it hands on what it does not change
    private Eligibility.Eligible eligible(Here here, List<Candidate> candidates, boolean plain) {
        try {
            Eligibility.Eligible found =
                    plain ? eligibility.ofPlain(here, candidates) : eligibility.of(here, candidates);
            found.notes().forEach(trouble);
            return found.candidates() == candidates
                    ? found
                    : found.with("by topology " + eligibility + ", seen from " + here);
        } catch (RuntimeException thrown) {
            trouble.accept("the topology threw, all endpoints are eligible: "
                    + thrown.getClass().getName());
            return new Eligibility.Eligible(candidates, List.of(), 0);
        }
    }

    private List<Candidate> selected(List<Candidate> all, List<Evidence.Dropped> others) {
        try {
            return selection.of(all, others);
        } catch (RuntimeException thrown) {
            trouble.accept("what selects " + selection.what() + " threw, all endpoints are selected: "
                    + thrown.getClass().getName());
            return all;
        }
    }

    /** RFC 2782: the lowest-numbered priority that can be reached; everybody if none can. */
    private static List<Candidate> ofLowestPriority(List<Candidate> all, List<Evidence.Dropped> behind) {
        OptionalInt lowest = all.stream()
                .filter(candidate -> candidate.isGood() && candidate.endpoint().condition() == Condition.READY)
                .mapToInt(candidate -> candidate.endpoint().priority())
                .min();
        if (lowest.isEmpty()) {
            return all;
        }
        int used = lowest.getAsInt();
        List<Candidate> ranked = new ArrayList<>(all.size());
        for (Candidate candidate : all) {
            int priority = candidate.endpoint().priority();
            if (priority != used) {
                behind.add(new Evidence.Dropped(
                        candidate.endpoint().authority(),
                        "waits: SRV priority " + priority + ", and " + used + " works"));
            }
            // a call that fails may go on to those that wait
            ranked.add(priority == used ? candidate : candidate.atMost(Candidate.Use.PASSED_OVER));
        }
        return ranked;
    }
}
