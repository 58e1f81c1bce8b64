/**
 * The door to Spring: add the module, and {@code discovery.*} of the application's properties makes the {@link
 * io.clusterset.discovery.Discovery} that everything else uses.
 *
 * <pre>
 *  application.yml, CLUSTERSET_…, arguments ─▶ SpringSettings ─▶ Discovery ─▶ cloud     (DiscoveryClient, LoadBalancer)
 *                                                                         ─▶ http      (RestClient, WebClient)
 *                                                                         ─▶ actuate   (health, metrics, endpoint)
 * </pre>
 *
 * <p>The rooms below see this package and the core, never each other.
 */
@NullMarked
package io.clusterset.discovery.spring;

import org.jspecify.annotations.NullMarked;
