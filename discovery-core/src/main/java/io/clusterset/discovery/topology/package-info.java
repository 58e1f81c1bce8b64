/**
 * Which endpoints of a tier are eligible, and with what weight: where this process runs ({@code Here}), where endpoints run
 * ({@code Places}), and what is made of it ({@code Eligibility}: conditions, then the owner's wishes, then a {@code
 * Topology}).
 *
 * <p>Not here: verdicts ({@code health}), the split over tiers ({@code failover}), reading files ({@code config}). May import
 * {@code model}.
 */
@NullMarked
package io.clusterset.discovery.topology;

import org.jspecify.annotations.NullMarked;
