/**
 * From eligible endpoints and verdicts to the load of each tier: spill, panic, dwell and stepped return.
 *
 * <pre>
 *  target = Envoy's share (health(t) = min(100, 140·healthy/total), filled in tier order)
 *  held   = what is applied:   target &lt; held  → at once
 *                              target &gt; held  → dwell, then 5, 25, 50, 100 % of target, a step only if the last one went well
 *                              nobody else can carry it → at once
 *                              the source could not tell, now it can → at once (our blindness, not its illness)
 *  drill:  held = what was said, while another tier can carry the rest
 *  guard:  what is applied ≤ max-load, rising by 20 points a second; the rest goes to others, or nowhere
 * </pre>
 *
 * <p>Not here: who within a tier is picked ({@code balance}). May import {@code model} and {@code time}.
 */
@NullMarked
package io.clusterset.discovery.failover;

import org.jspecify.annotations.NullMarked;
