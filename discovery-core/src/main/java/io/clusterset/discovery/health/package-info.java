/**
 * From outcomes and probes to a verdict per endpoint and port.
 *
 * <pre>
 *            first hard failure          probe failed, or third hard failure
 *  unknown ─────────────────────▶ suspect ──────────────────────────────────▶ unhealthy
 *  healthy ◀──── a call succeeded, or two probes in a row ──────────────────────┘
 * </pre>
 *
 * <p>Suspect, too: an attempt open for more than a second with no success since, or several that were given up earlier and have
 * waited as long together. Unhealthy, too: half of at least twenty calls failed in ten seconds, or far more than the tier's other
 * endpoints do; then a trial, not a probe, brings it back.
 *
 * <p>Health annotates, it never drops: failing open needs the sick endpoints still in hand. The only address of a tier (a VIP)
 * asks for more, since a rolling deploy refuses some connects: three hard failures in a row <em>and</em> three refused
 * probes, or one probe that timed out. Not here: how much traffic a tier gets ({@code failover}). May import {@code model},
 * {@code time} and {@code io}. Decisions: 0005, 0010, 0031.
 */
@NullMarked
package io.clusterset.discovery.health;

import org.jspecify.annotations.NullMarked;
