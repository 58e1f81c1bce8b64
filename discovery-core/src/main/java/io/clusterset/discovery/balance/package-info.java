/**
 * Builds pickers: everything that was decided before is folded into an immutable table, so that a pick is one read of it.
 *
 * <p>So far one balancer: round robin. Not here: the split over tiers ({@code failover}). May import {@code model} and {@code
 * time}.
 */
@NullMarked
package io.clusterset.discovery.balance;

import org.jspecify.annotations.NullMarked;
