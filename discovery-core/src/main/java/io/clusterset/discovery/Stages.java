package io.clusterset.discovery;

import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.health.Health;
import io.clusterset.discovery.observe.DecisionRing;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * What all services of one discovery share.
 *
 * @param plan all that can be set, as it holds now
 * @param budget how many retries calls may cost, as it holds now
 * @param sources what answers for each tier
 * @param system what answers while the library is switched off
 * @param health verdicts
 * @param drills which tiers are forced to what
 * @param log where events go, and the recent ones
 * @param ring what was decided before
 * @param ticker time
 * @param scheduler later
 * @param sleeper where callers wait
 * @param serial where all state is written
 * @param callbacks where users' listeners run
 * @param random jitter
 */
record Stages(
        Supplier<Plan> plan,
        Supplier<BudgetOptions> budget,
        Sources sources,
        SystemResolver system,
        Health health,
        Drills drills,
        EventLog log,
        DecisionRing ring,
        Ticker ticker,
        Scheduler scheduler,
        Sleeper sleeper,
        SerialExecutor serial,
        Executor callbacks,
        RandomGenerator random) {

    /** The plan of this moment; what belongs together is read from one. */
    Plan now() {
        return plan.get();
    }
}
