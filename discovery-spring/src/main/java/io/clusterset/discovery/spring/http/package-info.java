/**
 * The plain HTTP clients that Boot builds: {@code RestClient}, {@code RestTemplate}, {@code WebClient} and HTTP interfaces reach
 * {@code http://orders.shop:8080/x} by our pick, with failover, without {@code @LoadBalanced} and without another URL.
 *
 * <pre>
 * RestClient ─▶ interceptors ─▶ SteeringFactory ─ not ours ─▶ the client, as it would be without us
 *   (user's, observations)           │ ours
 *                                    ▼
 *                     Steering: Service.call ─▶ attempt at an endpoint ─▶ Sending ─▶ a second client of the same builder
 *                                                 RewrittenSending: http://10.0.0.1:8080/x, Host: orders.shop:8080 (JDK, Jetty, Simple)
 *                                                 ApacheSending:    the URL as it is, its route pinned (TLS name kept)
 *                                                 ReactorSending:   the URL as it is, its resolver pinned (TLS name kept)
 * </pre>
 *
 * <pre>
 * WebClient ─▶ ReactiveConnector: ours? ─▶ ReactiveCall: Service.callAsync ─▶ ReactiveLeg: one attempt
 *                   │ no                                                          │ by a ConnectorPath:
 *                   ▼                                                             ▼
 *              what Boot built          ReactiveNettyPath (the name stays in the URL)  or  ConnectorRewriting (address and Host)
 * </pre>
 *
 * <p>A balanced request ({@code @LoadBalanced}) arrives with an address in its URL, which is nobody's name, and goes past.
 *
 * <p>What is sent to an address over TLS ({@code https} with the JDK's client, Jetty or {@code HttpURLConnection}) is checked against the address, which
 * few certificates hold; with Apache's client and Reactor Netty, against the logical name.
 */
@NullMarked
package io.clusterset.discovery.spring.http;

import org.jspecify.annotations.NullMarked;
