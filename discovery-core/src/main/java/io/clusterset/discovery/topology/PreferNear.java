package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Locality;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** As {@link Topology#preferNear} and {@link Topology#preferNode}. */
final class PreferNear implements Topology {

    private static final int NODE = 0;
    private static final int ZONE = 1;
    private static final int REGION = 2;
    private static final int ELSEWHERE = 3;
    private static final int SOMEWHERE = 4;
    private static final int LEVELS = 5;

    private final boolean nodeFirst;

    PreferNear(boolean nodeFirst) {
        this.nodeFirst = nodeFirst;
    }

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        int[] levels = new int[candidates.size()];
        Map<Locality, Integer> seen = new HashMap<>();
        Spread spread = new Spread();
        boolean placed = false;
        for (int i = 0; i < levels.length; i++) {
            Locality there = candidates.get(i).endpoint().locality();
            Integer known = seen.get(there);
            if (known == null) {
                known = level(here.locality(), there);
                seen.put(there, known);
                spread.add(there);
            }
            levels[i] = known;
            placed |= known != SOMEWHERE;
        }
        if (!placed) {
            return Narrowed.none(candidates, name() + ": no endpoint's place is known (topology.places can say it)");
        }
        if (isLost(here)) {
            return Narrowed.none(candidates, name() + ": " + Eligibility.LOST);
        }
        Spill spill = new Spill(candidates, levels, LEVELS);
        return Narrowed.none(spill.weighted(candidates, spread.expected(spill.total())));
    }

    private boolean isLost(Here here) {
        return here.isZoneUnknown() && here.isRegionUnknown() && (!nodeFirst || here.isNodeUnknown());
    }

    private int level(Locality mine, Locality there) {
        boolean sameRegion = same(mine.region(), there.region());
        boolean regionsDiffer =
                !sameRegion && !mine.region().isEmpty() && !there.region().isEmpty();
        if (nodeFirst && same(mine.node(), there.node())) {
            return NODE;
        } else if (same(mine.zone(), there.zone()) && !regionsDiffer) {
            return ZONE;
        } else if (sameRegion) {
            return REGION;
        }
        return there.zone().isEmpty() && there.region().isEmpty() ? SOMEWHERE : ELSEWHERE;
    }

    private static boolean same(String mine, String theirs) {
        return !mine.isEmpty() && mine.equals(theirs);
    }

    private String name() {
        return nodeFirst ? Policies.PREFER_NODE : Policies.PREFER_NEAR;
    }

    @Override
    public String toString() {
        return name();
    }

    /** Over how many nodes, zones and regions the endpoints are spread, and so, as far as we know, the clients. */
    private static final class Spread {
        private final Set<String> nodes = new HashSet<>();
        private final Set<String> zones = new HashSet<>();
        private final Set<String> regions = new HashSet<>();

        void add(Locality there) {
            nodes.add(there.node());
            if (!there.zone().isEmpty()) {
                zones.add(there.region() + "/" + there.zone()); // two regions may have a zone a
            }
            regions.add(there.region());
        }

        /** What each level needs, to carry the clients that prefer it. */
        double[] expected(double total) {
            double[] expected = new double[LEVELS];
            expected[NODE] = total / known(nodes);
            expected[ZONE] = total / known(zones);
            expected[REGION] = total / known(regions);
            return expected;
        }

        private static int known(Set<String> names) {
            names.remove("");
            return Math.max(1, names.size());
        }
    }
}
