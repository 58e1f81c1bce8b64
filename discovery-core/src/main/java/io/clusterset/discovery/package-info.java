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
 * <p>Behind the door, none of it public: {@code Parts} puts a discovery together from what its builder said; {@code Planner} turns
 * settings into a {@code Plan}, of which {@code Configuration} holds the present one; {@code Residents} are the services there are. A
 * service's callers read {@code Current}, and wait at its {@code FirstAnswer}; on the serial executor it has a {@code Residence}, there,
 * while it is used, a {@code Pipeline}, and in that a {@code Decider}: the stages in a row. {@code Account} says why.
 *
 * <p>Decisions: 0001 (packages), 0002 (own DNS transport), 0003 (no search path), 0004 (one selector thread).
 */
@NullMarked
package io.clusterset.discovery;

import org.jspecify.annotations.NullMarked;
