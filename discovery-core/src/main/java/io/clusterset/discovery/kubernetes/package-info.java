/**
 * A source that watches the API server instead of asking DNS: pods with their conditions, zones and hints, and changes at once.
 * Optional: it wants fabric8's kubernetes-client beside it and leave to read EndpointSlices, Services and ServiceImports.
 *
 * <pre>
 *  KubernetesSource ─▶ Watched (one service in one tier) ─▶ Reflector (one list and watch, shared) ─▶ ApiServer ─▶ fabric8's HTTP client
 *        ▲                        │ joined by LocalRules or ImportedRules                │ waits at the Turnstile
 *        └──── Resolution ◀───────┘                                                     └─ Json: trimmed on arrival
 * </pre>
 *
 * <p>Only {@code Fabric8} sees fabric8, only {@code Json}, {@code Cursor} and {@code ApiGroup} see Jackson. {@link
 * io.clusterset.discovery.kubernetes.KubernetesSource} is the door.
 *
 * @see <a href="https://github.com/kubernetes/enhancements/tree/master/keps/sig-multicluster/1645-multi-cluster-services-api">
 *     KEP-1645</a>
 */
@NullMarked
package io.clusterset.discovery.kubernetes;

import org.jspecify.annotations.NullMarked;
