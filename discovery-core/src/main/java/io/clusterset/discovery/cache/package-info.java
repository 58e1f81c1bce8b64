/**
 * A source that remembers what another source last said, and for how long it may be believed. One per tier.
 *
 * <pre>
 *  fresh ──freshFor──▶ asked again ──unknown──▶ stale ──staleFor──▶ expired      (negatives: remembered for a few seconds)
 * </pre>
 *
 * <p>Everybody who watches one question shares one entry, so any number of callers cost one lookup; {@code Known} holds what is
 * believed and {@code Pace} says when to ask again. If wished, {@link io.clusterset.discovery.cache.WarmStart} keeps what was found
 * last in a file, for the process that comes after this one. Not here: reading TTLs
 * off the wire ({@code dns}), choosing another tier ({@code failover}). May import {@code source}, {@code model}, {@code
 * time}.
 */
@NullMarked
package io.clusterset.discovery.cache;

import org.jspecify.annotations.NullMarked;
