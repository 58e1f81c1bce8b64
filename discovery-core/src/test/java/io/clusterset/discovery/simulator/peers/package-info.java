/**
 * What others do in the same trouble: models of libraries and proxies that a Java team could take instead of this one. Each
 * class names the version it follows, every default it uses and where that default stands; whatever is in doubt is decided in
 * the peer's favour. {@link io.clusterset.discovery.simulator.peers.Peers} is the only door.
 */
@NullMarked
package io.clusterset.discovery.simulator.peers;

import org.jspecify.annotations.NullMarked;
