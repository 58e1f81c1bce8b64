/**
 * The front door: {@link io.clusterset.discovery.Discovery} makes {@link io.clusterset.discovery.Service}s, a service makes
 * {@link io.clusterset.discovery.Attempt}s. Wires the other packages; none of them imports this one.
 *
 * <pre>
 * caller ── next() ─▶ Service ── one volatile read ─▶ Picker ─▶ Attempt(endpoint) ── outcome ──────────┐
 *                                                       ▲ replaced, never edited                       │
 * ┌────────── one serial executor per Discovery ────────┴──────────────────────────────────┐           │
 * │ tiers' sources ─▶ cache ─▶ Snapshot ─▶ health ─▶ topology ─▶ failover ─▶ balance       │           │
 * └──────────────────────────────────▲─────────────────────────────────────────────────────┘           │
 *                                    └──── only transitions are queued ◀── counters on the caller's ◀──┘
 * </pre>
 *
 * <p>Decisions: 0001 (packages), 0002 (own DNS transport), 0003 (no search path), 0004 (one selector thread).
 */
@NullMarked
package io.clusterset.discovery;

import org.jspecify.annotations.NullMarked;
