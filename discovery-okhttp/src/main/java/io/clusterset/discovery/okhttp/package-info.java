/**
 * The door to OkHttp 5.4 and later. {@link io.clusterset.discovery.okhttp.DiscoveryOkHttp#install} is all that most need; {@link
 * io.clusterset.discovery.okhttp.DiscoveryDns} is for those who can only set a {@code Dns}, from 5.0.
 *
 * <pre>
 * interceptor ─▶ Steering: Service.call ─▶ attempt at an endpoint ─▶ chain, steered there ─▶ OkHttp
 *     ▲                            Site: one origin            PinnedDns: its address
 *     └── Journey ◀── Observer     Lane: one endpoint of it,   SteeredSockets: its port
 *         what OkHttp did          and its connections
 *
 * DiscoveryDns ─▶ Addresses: endpoints in the balancer's order ─▶ OkHttp ─▶ ConnectWatch: which of them work
 * </pre>
 *
 * <p>The logical name stays in the URL, in {@code Host}, in SNI and in the certificate's check. Uses no internals of OkHttp.
 */
@NullMarked
package io.clusterset.discovery.okhttp;

import org.jspecify.annotations.NullMarked;
