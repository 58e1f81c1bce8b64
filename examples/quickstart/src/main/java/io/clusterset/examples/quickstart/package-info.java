/**
 * The main job in one program: two clusters on loopback, one goes down and comes back, calls go on.
 *
 * <pre>
 *  Traffic ── service.call ──▶ Discovery ── DNS ──▶ Clusters (one name server, 3 + 3 endpoints)
 *     │                           │ events              ▲ kill, restore
 *     ▼                           ▼                     │
 *  CallLog                     History ─────▶ Timeline, Summary, Report        PlainClient: DNS and no more
 * </pre>
 *
 * <p>{@link io.clusterset.examples.quickstart.Demo} puts it together; how the library is built and called is in {@code
 * Demo.discovery} and {@code Traffic.call}. Nothing here is more than a user of the library has.
 */
@NullMarked
package io.clusterset.examples.quickstart;

import org.jspecify.annotations.NullMarked;
