package io.clusterset.discovery.simulator;

import java.util.Map;
import java.util.Optional;

/** Why ours is not the best where it isn't. Without a reason there is no report. */
final class Reasons {

    private static final Map<String, String> NOT_BEST = Map.of(
            "next-is-small-guarded",
            "That is what `max-load` is for: ours sends the other cluster 45 % of the calls, of 50 % that it can serve, and"
                    + " fails the rest at once. The other cluster refuses none of its attempts, and tens of thousands of its peers'.",
            "everything-down",
            "They keep a call until somebody is well or the caller gives up, so calls of the outage's last two seconds are"
                    + " served late. Ours tells the caller within half a second, who may have something else to show.",
            "restart-in-the-dark",
            "They connect before they call: OkHttp to all addresses at once, a quarter of a second apart, and then keeps the"
                    + " connection that came about; Armeria to each, before it sends anything. Ours, as it is modelled here, has no"
                    + " connect of its own that could time out, and learns of a black hole by a call it loses. Nobody probes home"
                    + " before it is suspect. From the first answer on, retries go to who gave it.",
            "few-calls-in-the-dark",
            "OkHttp connects before it calls, as in restart-in-the-dark. Ours learns from the calls of twenty processes, each of which"
                    + " has to meet each of seven silent pods two or three times.");

    private static final Map<String, String> FULLER = Map.of(
            "next-is-small",
            "Nobody told it what the other cluster can serve. What it could not serve at once, ours tries once more within"
                    + " its budget (20 % of the calls and 10 a second for each process), which is why it answers most calls here. A platform that knows the other"
                    + " cluster's size says `max-load`, as in next-is-small-guarded: then nothing is refused.");

    private static final Map<String, String> WAVE = Map.of(
            "next-is-small",
            "The other cluster fails half of what it gets: what it can't carry goes home in the moment somebody is well there. Once it can,"
                    + " home has the rest back by steps.",
            "next-is-small-guarded",
            "The other cluster is full at its `max-load`, and the rest is shed: what nobody else may take goes home at once.",
            "opposite-flapping",
            "The other cluster dies in the second in which home is back: if the tier in use fails, the next takes all at once.",
            "restart",
            "All processes begin anew after home was mended, and a process that begins goes home: it knows of no outage.",
            "everything-down",
            "Both clusters are mended in the same second, and until then no call was served at all. A tier that is alone is not held"
                    + " back.");

    /** A report with this in it is not finished. */
    static final String NONE_GIVEN = "NO REASON IS GIVEN: ";

    private Reasons() {}

    static String notBest(String scenario) {
        return of(NOT_BEST, scenario, "answers fewer calls than another");
    }

    static String fuller(String scenario) {
        return of(FULLER, scenario, "overloads the other cluster more than another");
    }

    static String wave(String scenario) {
        return of(WAVE, scenario, "comes home in a wave");
    }

    private static String of(Map<String, String> reasons, String scenario, String what) {
        return Optional.ofNullable(reasons.get(scenario))
                .orElse(Reasons.NONE_GIVEN + scenario + ": ours " + what + ".");
    }
}
