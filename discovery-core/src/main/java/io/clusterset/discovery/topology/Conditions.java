package io.clusterset.discovery.topology;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Evidence;
import java.util.ArrayList;
import java.util.List;

/**
 * Who may be called by condition alone, as kube-proxy: who is ready; if none is, who answers although it ends (KEP-1669).
 *
 * @param usable those
 * @param fallback whether they end
 * @param notReady those that are not ready and should be
 * @param excluded all who may not be called
 */
record Conditions(List<Candidate> usable, boolean fallback, List<Candidate> notReady, List<Evidence.Dropped> excluded) {

    private static final String NOT_READY = "not ready";
    private static final String ENDING = "terminating";
    private static final String WAITS = "terminating; it would serve if none were ready";

    /** All are ready. */
    static Conditions ready(List<Candidate> all) {
        return new Conditions(all, false, List.of(), List.of());
    }

    static Conditions of(List<Candidate> all) {
        List<Candidate> ready = new ArrayList<>(all.size());
        List<Candidate> serving = new ArrayList<>();
        List<Candidate> notReady = new ArrayList<>();
        List<Candidate> ending = new ArrayList<>();
        for (Candidate candidate : all) {
            switch (candidate.endpoint().condition()) {
                case READY -> ready.add(candidate);
                case SERVING_TERMINATING -> serving.add(candidate);
                case NOT_READY -> notReady.add(candidate);
                case TERMINATING -> ending.add(candidate);
            }
        }
        boolean fallback = ready.isEmpty() && !serving.isEmpty();
        List<Evidence.Dropped> excluded = Left.out(notReady, NOT_READY);
        excluded.addAll(Left.out(ending, ENDING));
        if (!fallback) {
            excluded.addAll(Left.out(serving, WAITS));
        }
        return new Conditions(fallback ? serving : ready, fallback, notReady, excluded);
    }
}
