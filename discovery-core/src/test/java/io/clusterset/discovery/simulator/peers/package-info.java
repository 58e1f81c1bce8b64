/** Models of other libraries' policies, each traced to where it says so. */
@NullMarked
package io.clusterset.discovery.simulator.peers;

import org.jspecify.annotations.NullMarked;
