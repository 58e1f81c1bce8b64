package io.clusterset.discovery.health;

import java.time.Duration;

/** A prober of which some probes take longer than they are given, through no fault of the endpoint. */
interface SlowAtFirst extends Prober {

    /** How long a probe that begins now may take. */
    Duration longest(Duration timeout);
}
