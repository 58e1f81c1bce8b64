package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Hints;
import io.clusterset.discovery.model.Text;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** As {@link Topology#hints}: what kube-proxy's CategorizeEndpoints takes of the ready endpoints. */
final class ByHints implements Topology {

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        Choice choice = choose(here, candidates);
        if (choice.taken().isEmpty()) {
            return Narrowed.none(candidates, "hints: " + choice.why() + ", so all endpoints are taken");
        }
        return choice.others().isEmpty()
                ? Narrowed.none(candidates)
                : new Narrowed(choice.taken(), Left.out(choice.others(), "hints: not " + choice.why()));
    }

    /** Whom the hints are for here. Endpoints of other clusters have no say, and are not hinted for us. */
    static Choice choose(Here here, List<Candidate> candidates) {
        List<Candidate> home = new ArrayList<>(candidates.size());
        for (Candidate candidate : candidates) {
            if (here.isHome(candidate.endpoint())) {
                home.add(candidate);
            }
        }
        String node = here.locality().node();
        String zone = here.locality().zone();
        if (isMeantFor(node, home, Hints::nodes)) {
            return split(here, candidates, node, Hints::nodes, "hinted for node " + Text.safe(node));
        }
        if (isMeantFor(zone, home, Hints::zones)) {
            return split(here, candidates, zone, Hints::zones, "hinted for zone " + Text.safe(zone));
        }
        return new Choice(List.of(), candidates, why(here, home));
    }

    /** All have such hints, and one of them is for us. */
    private static boolean isMeantFor(String mine, List<Candidate> home, Function<Hints, Set<String>> kind) {
        boolean one = false;
        for (Candidate candidate : home) {
            Set<String> hints = kind.apply(candidate.endpoint().hints());
            if (hints.isEmpty()) {
                return false;
            }
            one |= hints.contains(mine);
        }
        return one;
    }

    private static Choice split(
            Here here, List<Candidate> all, String mine, Function<Hints, Set<String>> kind, String why) {
        List<Candidate> taken = new ArrayList<>();
        List<Candidate> others = new ArrayList<>();
        for (Candidate candidate : all) {
            boolean meant = here.isHome(candidate.endpoint())
                    && kind.apply(candidate.endpoint().hints()).contains(mine);
            (meant ? taken : others).add(candidate);
        }
        return new Choice(taken, others, why);
    }

    private static String why(Here here, List<Candidate> home) {
        int zoned = 0;
        int hinted = 0;
        for (Candidate candidate : home) {
            Hints hints = candidate.endpoint().hints();
            zoned += hints.zones().isEmpty() ? 0 : 1;
            hinted += hints.zones().isEmpty() && hints.nodes().isEmpty() ? 0 : 1;
        }
        if (hinted == 0) {
            return "no endpoint has any";
        } else if (here.isZoneUnknown() && here.isNodeUnknown()) {
            return "own zone and node are not known (topology.zone and topology.node say them)";
        } else if (zoned < home.size()) {
            return "not every endpoint has one";
        }
        return here.isZoneUnknown() ? "own zone is not known (topology.zone says it)" : "none is for the own zone";
    }

    @Override
    public String toString() {
        return Policies.HINTS;
    }

    /**
     * Whom the hints are for.
     *
     * @param taken those that are meant; empty if the hints say nothing of use, and all are to be taken
     * @param others the rest
     * @param why what they are meant for, or why the hints are of no use
     */
    record Choice(List<Candidate> taken, List<Candidate> others, String why) {

        /** All of them, those that are meant first. */
        List<Candidate> first(List<Candidate> all) {
            if (others.isEmpty()) {
                return all;
            }
            List<Candidate> inOrder = new ArrayList<>(taken);
            inOrder.addAll(others);
            int[] levels = new int[inOrder.size()];
            Arrays.fill(levels, taken.size(), levels.length, 1);
            return new Spill(inOrder, levels, 2).weighted(inOrder, new double[2]);
        }
    }
}
