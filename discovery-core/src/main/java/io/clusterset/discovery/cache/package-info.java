/**
 * A source that remembers what another source last said, and for how long it may be believed. One per tier.
 *
 * <pre>
 *  fresh ──freshFor──▶ asked again ──unknown──▶ stale ──staleFor──▶ expired      (negatives: remembered for a few seconds)
 * </pre>
 *
 * <p>Everybody who watches one question shares one entry, so any number of callers cost one lookup. Not here: reading TTLs
 * off the wire ({@code dns}), choosing another tier ({@code failover}). May import {@code source}, {@code model}, {@code
 * time}.
 */
@NullMarked
package io.clusterset.discovery.cache;

import org.jspecify.annotations.NullMarked;
