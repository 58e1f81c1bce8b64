/**
 * The doors of Spring Cloud: {@code DiscoveryClient}, {@code ReactiveDiscoveryClient} and the load balancer of {@code @LoadBalanced}
 * clients, {@code lb://} routes, HTTP interfaces and Feign.
 *
 * <pre>
 * @LoadBalanced client ─▶ EndpointBalancer.choose ─▶ Callee: which service? ─▶ Service.pick(wish) ─▶ EndpointInstance
 *        │                      │ not ours: Stock, as Spring would without us                             │
 *        ├─▶ Host…Transformer: the name stays in Host                                               begin │
 *        └─▶ OutcomeLifecycle: how it ended ──────────────────────────────────────────────────▶ Attempt ◀─┘
 *            RepeatingFilter, RepeatingRetryFactory: whether it may go elsewhere; WatchedBody: whether it still can
 * </pre>
 *
 * <p>No {@code CachingServiceInstanceListSupplier} stands before any of this: the library remembers answers itself, for as long as
 * they may be believed, and 35 s of another cache would hide a failover for as long.
 *
 * <p>Imports the core's root, {@code model}, {@code call} and {@code time}; of Spring, what spring-cloud-starter-loadbalancer
 * brings, and behind conditions WebFlux and Feign.
 */
@NullMarked
package io.clusterset.discovery.spring.cloud;

import org.jspecify.annotations.NullMarked;
