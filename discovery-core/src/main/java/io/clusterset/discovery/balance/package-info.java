/**
 * Builds pickers: everything that was decided before is folded into an immutable table, so that a pick is one look at it.
 *
 * <p>The door is {@link io.clusterset.discovery.balance.Balancer}; beside it what the root asks before a picker is built: {@link
 * io.clusterset.discovery.balance.SlowStart} and {@link io.clusterset.discovery.balance.Subset}. Not here: the split over tiers ({@code failover}), who is
 * eligible and with what weight ({@code topology}). May import {@code model} and {@code time}.
 */
@NullMarked
package io.clusterset.discovery.balance;

import org.jspecify.annotations.NullMarked;
