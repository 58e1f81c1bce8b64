/**
 * A page to look at: what a discovery is doing, for a person with a browser. {@link io.clusterset.discovery.page.DiscoveryPage} has
 * the page and its documents, for whoever serves them; {@link io.clusterset.discovery.page.PageServer} serves them itself.
 *
 * <pre>
 * browser ◀── page.html           DiscoveryPage ── figures, sights ──▶ Discovery
 *    │                                 ▲ makes Parts: named fragments of JSON
 *    ├── /state, /explain ──▶ Site ────┤
 *    └── /events ───────────▶ Site ─▶ Viewer ── woken by the Feed, while there is one
 *                                      └── Lookout: one look, and one pace, for all who ask or view
 * </pre>
 *
 * <p>Read-only, and made of what the discovery knows anyway: looking uses no service and keeps none in use. Not here: what the text of an
 * explanation says ({@code observe}). Decision 0027.
 */
@NullMarked
package io.clusterset.discovery.page;

import org.jspecify.annotations.NullMarked;
