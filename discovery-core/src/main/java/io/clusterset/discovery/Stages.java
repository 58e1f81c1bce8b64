package io.clusterset.discovery;

import io.clusterset.discovery.balance.Balancer;
import io.clusterset.discovery.balance.Subset;
import io.clusterset.discovery.call.BudgetOptions;
import io.clusterset.discovery.failover.FailoverOptions;
import io.clusterset.discovery.health.Health;
import io.clusterset.discovery.observe.EventLog;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.SerialExecutor;
import io.clusterset.discovery.time.Sleeper;
import io.clusterset.discovery.time.Ticker;
import io.clusterset.discovery.topology.Eligibility;
import io.clusterset.discovery.topology.Here;
import io.clusterset.discovery.topology.Places;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all services of one discovery share.
 *
 * @param sources what answers for each tier
 * @param defaultPort the port of endpoints when nobody says one
 * @param health verdicts
 * @param here where this process runs, as the settings say
 * @param places where endpoints run
 * @param eligibility who of a tier may be called
 * @param failover how load is split
 * @param balancer who is picked
 * @param slowStart how long a new endpoint takes to get all of its weight; 0 for no time at all
 * @param subset which part of large tiers this process keeps to; empty for all of it
 * @param drills which tiers are forced to what
 * @param budget how many retries calls may cost
 * @param log where events go, and the recent ones
 * @param ticker time
 * @param scheduler later
 * @param sleeper where callers wait
 * @param serial where all state is written
 * @param callbacks where users' listeners run
 * @param random jitter
 */
record Stages(
        Sources sources,
        int defaultPort,
        Health health,
        Here here,
        Places places,
        Eligibility eligibility,
        FailoverOptions failover,
        Balancer balancer,
        Duration slowStart,
        Optional<Subset> subset,
        Drills drills,
        BudgetOptions budget,
        EventLog log,
        Ticker ticker,
        Scheduler scheduler,
        Sleeper sleeper,
        SerialExecutor serial,
        Executor callbacks,
        RandomGenerator random) {}
