/**
 * Fakes that speak the wire, to test what a client does when names and endpoints fail.
 *
 * <pre>
 *   your test ── scripts, breaks, mends ──▶ FakeDnsServer   FakeEndpoint "local-a"   FakeEndpoint "remote-a"
 *       │                                        ▲                  ▲                        ▲
 *       └── calls ──▶ the client under test ─────┴── UDP, TCP ──────┴──────── HTTP/1.1 ──────┘
 *                     (yours, with ours in it)         real sockets, on loopback
 * </pre>
 *
 * Five lines test your own failover:
 *
 * <pre>{@code
 * dns.service("orders.shop.svc.cluster.local", "127.0.0.1");        // FakeDnsServer dns = FakeDnsServer.start()
 * dns.service("orders.shop.svc.clusterset.local", "127.0.0.2");     // remote: FakeEndpoint on 127.0.0.2, same port
 * assertThat(client.get("/list")).isEqualTo("local-a");             // client: asks dns.endpoint() for names
 * local.refuse();                                                   // FakeEndpoint local
 * assertThat(client.get("/list")).isEqualTo("remote-a");
 * }</pre>
 *
 * Start with {@link io.clusterset.discovery.testkit.FakeDnsServer} and
 * {@link io.clusterset.discovery.testkit.FakeEndpoint}. For clients of the Kubernetes API there is
 * {@link io.clusterset.discovery.testkit.FakeApiServer}, which is got, listed and watched over HTTP/1.1 too. Not here:
 * anything of the discovery library itself, on which this module does not depend; time under a test's control, which the
 * library has in its main code.
 */
@NullMarked
package io.clusterset.discovery.testkit;

import org.jspecify.annotations.NullMarked;
