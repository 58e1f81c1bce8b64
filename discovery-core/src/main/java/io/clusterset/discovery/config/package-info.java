/**
 * Settings and surroundings: files, environment, namespace file, resolv.conf, the pod's labels.
 *
 * <p>A setting has one name: {@code discovery.health.probe-interval} in files and system properties, {@code
 * CLUSTERSET_HEALTH_PROBE_INTERVAL} in the environment, {@code health(h -> h.probeInterval(…))} in the builder. May import
 * {@code model}, {@code source}, {@code time}.
 */
@NullMarked
package io.clusterset.discovery.config;

import org.jspecify.annotations.NullMarked;
