/**
 * Clusters, zones, endpoints and clients in virtual time, and what policies of failover make of them: ours, with all its real
 * stages, and models of its peers. {@code discovery-core/simulate} runs the catalogue of scenarios and writes
 * {@code docs/reports/failover.md}; the same seed gives the same bytes.
 */
@NullMarked
package io.clusterset.discovery.simulator;

import org.jspecify.annotations.NullMarked;
