package io.clusterset.discovery.health;

import java.util.Optional;

/**
 * How the endpoints of some services are probed. What services with the same rule find out is shared; others don't see it.
 *
 * @param possible whether they can be probed at all
 * @param own in place of the options' probe, if there is one
 */
record ProbeRule(boolean possible, Optional<Probe> own) {

    /** The probe as of these options; {@link Probe#none()} if they are not probed. */
    Probe probe(HealthOptions options) {
        return possible && options.probing() != Probing.OFF ? own.orElse(options.probe()) : Probe.none();
    }

    boolean probes(HealthOptions options) {
        return !(probe(options) instanceof Probe.None);
    }

    boolean probesAlways(HealthOptions options) {
        return options.probing() == Probing.ALWAYS && probes(options);
    }
}
