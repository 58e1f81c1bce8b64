/**
 * What answers for a tier, and how a name becomes a question.
 *
 * <pre>
 *  "orders.shop" ──{@link io.clusterset.discovery.source.Naming}──▶ ServiceName ──{@link
 * io.clusterset.discovery.source.Tier}──▶ {@link io.clusterset.discovery.source.Question} ──▶ {@link
 * io.clusterset.discovery.source.EndpointSource} ──▶ Resolution
 * </pre>
 *
 * <p>Not here: asking DNS ({@code dns}), remembering answers ({@code cache}). May import {@code model} and {@code time}.
 * Decisions: 0001, 0003.
 */
@NullMarked
package io.clusterset.discovery.source;

import org.jspecify.annotations.NullMarked;
