package io.clusterset.discovery.simulator;

import java.util.Map;
import java.util.Optional;

/** Why ours is not the best where it isn't. Without a reason there is no report. */
final class Reasons {

    private static final Map<String, String> NOT_BEST = Map.of();

    private static final Map<String, String> FULLER = Map.of();

    private Reasons() {}

    static String notBest(String scenario) {
        return of(NOT_BEST, scenario, "answers fewer calls than another");
    }

    static String fuller(String scenario) {
        return of(FULLER, scenario, "overloads the other cluster more than another");
    }

    private static String of(Map<String, String> reasons, String scenario, String what) {
        return Optional.ofNullable(reasons.get(scenario))
                .orElse("NO REASON IS GIVEN: " + scenario + ": ours " + what + ".");
    }
}
