/** The door to Spring: a {@code DiscoveryClient} and a load balancer supplier fed by the core. Nothing here yet: no public type. */
@NullMarked
package io.clusterset.discovery.spring;

import org.jspecify.annotations.NullMarked;
