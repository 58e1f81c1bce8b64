package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import java.util.List;

/** As {@link Topology#clusters}. */
final class ByCluster implements Topology {

    private final List<String> clusters;

    ByCluster(List<String> clusters) {
        if (clusters.isEmpty()) {
            throw new IllegalArgumentException("clusters: none (expected: at least one)");
        }
        clusters.forEach(id -> Policies.name("clusters", id));
        Policies.checkUnique("clusters", clusters);
        this.clusters = List.copyOf(clusters);
    }

    @Override
    public Narrowed narrow(Here here, List<Candidate> candidates) {
        int[] levels = new int[candidates.size()];
        boolean known = false;
        for (int i = 0; i < levels.length; i++) {
            String cluster = candidates.get(i).endpoint().cluster();
            int place = cluster.isEmpty() ? -1 : clusters.indexOf(cluster);
            levels[i] = place < 0 ? clusters.size() : place;
            known |= !cluster.isEmpty();
        }
        if (!known) {
            return Narrowed.none(candidates);
        }
        int count = clusters.size() + 1;
        return Narrowed.none(new Spill(candidates, levels, count).weighted(candidates, new double[count]));
    }

    @Override
    public String toString() {
        return Policies.CLUSTERS + ":" + String.join(",", clusters);
    }
}
