/**
 * The library against real name servers: knot, BIND and unbound, as processes on loopback ports. Left out of the ordinary
 * build, which has no such servers; {@code .ci/run} runs it.
 *
 * <pre>
 *  …IT ─▶ Discovery ─▶ RealDns ─▶ Daemon (unbound, as a cache) ─▶ Daemon (knot or BIND) ◀── Zones
 * </pre>
 *
 * <p>Nobody is called and nobody probed: the zones' addresses are in 10.0.0.0/8 and lead nowhere. No server can ask outside
 * loopback, and each test ends with a look at every question its server was asked.
 */
@NullMarked
package io.clusterset.discovery.realservers;

import org.jspecify.annotations.NullMarked;
