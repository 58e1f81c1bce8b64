/**
 * The words of the library, as immutable values. Every other package speaks in these and in no others.
 *
 * <pre>
 *  service name   {@link io.clusterset.discovery.model.ServiceName}   service.namespace, optional port and protocol
 *  tier           one place to look: local (home), clusterset, more if configured
 *  resolution     {@link io.clusterset.discovery.model.Resolution}    found | empty | no such name | unknown
 *  endpoint       {@link io.clusterset.discovery.model.Endpoint}      address + port + what is known of it
 *  locality       {@link io.clusterset.discovery.model.Locality}      region, zone, node
 *  verdict        {@link io.clusterset.discovery.model.Verdict}       healthy, suspect, unhealthy, unknown; with the reason
 *  snapshot       {@link io.clusterset.discovery.model.Snapshot}      the joined view of all tiers at one time
 *  load           {@link io.clusterset.discovery.model.TierLoad}      the share of traffic of a tier, in percent
 *  picker         {@link io.clusterset.discovery.model.Picker}        built from a snapshot; picks in O(1)
 *  attempt        one use of one endpoint, from pick to {@link io.clusterset.discovery.model.Outcome}
 *  decision       {@link io.clusterset.discovery.model.Decision}      what the stages returned, all that explain is made of
 * </pre>
 *
 * <p>Not here: how a name becomes a question ({@code source}), how an answer is judged ({@code health}).
 * May import the JDK only.
 */
@NullMarked
package io.clusterset.discovery.model;

import org.jspecify.annotations.NullMarked;
