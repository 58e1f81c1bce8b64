/** Servers that lie, stammer and attack, over real sockets: what is promised of each of them. */
@NullMarked
package io.clusterset.discovery.hostile;

import org.jspecify.annotations.NullMarked;
