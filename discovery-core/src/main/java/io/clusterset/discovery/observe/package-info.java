/**
 * What happened, how often, and why: the log, the explanation of one service now and before, figures and metrics. Made only of
 * the values the stages returned; decides nothing.
 *
 * <pre>
 *  events    ─▶ EventLog ─▶ log lines, one a minute for each service and kind; the user's listeners
 *  decisions ─▶ DecisionRing ─▶ Explanation, its text and its document
 *  attempts, answers, loads ─▶ ServiceCounts ─▶ Figures ─▶ DiscoveryMetrics
 * </pre>
 *
 * <p>The only package that sees Micrometer. May import {@code model} and {@code time}.
 */
@NullMarked
package io.clusterset.discovery.observe;

import org.jspecify.annotations.NullMarked;
