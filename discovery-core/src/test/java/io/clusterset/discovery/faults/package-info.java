/**
 * Failover over real sockets, under a steady 200 calls a second: refused, reset, swallowed by the network, one endpoint of
 * several, and back again. Left out of the ordinary build; {@code .ci/run} runs it, in a network namespace of its own with
 * nftables, where loopback is all there is. By hand, with nft installed and discovery-core built:
 *
 * <pre>
 *  unshare --net --map-root-user sh -c 'ip link set lo up &amp;&amp; mvn -o verify … -DskipITs=false -Dit.test=**&#47;faults/*IT'
 *
 *  …IT ─▶ Scene ─▶ Traffic (paced, open loop) ─▶ Service ─▶ Client ─▶ FakeEndpoint 127.1.N.1 … (home), 127.2.N.1 … (next)
 *           │                                                  ▲
 *           └─▶ Firewall (nft: drop, reset, …) ────────────────┘          one N per scene: scenes don't disturb each other
 * </pre>
 *
 * <p>Each scene prints its figures in one line, met or not.
 */
@NullMarked
package io.clusterset.discovery.faults;

import org.jspecify.annotations.NullMarked;
