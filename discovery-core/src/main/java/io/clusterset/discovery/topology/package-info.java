/**
 * Which endpoints of a tier are eligible, and with what weight.
 *
 * <p>So far one policy: {@code any}, which takes all as they are. Not here: verdicts ({@code health}), the split over tiers
 * ({@code failover}). May import {@code model}.
 */
@NullMarked
package io.clusterset.discovery.topology;

import org.jspecify.annotations.NullMarked;
