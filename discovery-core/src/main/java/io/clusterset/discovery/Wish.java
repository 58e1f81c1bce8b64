package io.clusterset.discovery;

import io.clusterset.discovery.model.Affinity;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link Service#pick(Wish)} should heed: for adapters to clients that make their attempts themselves. Immutable.
 *
 * @param affinity the key its endpoint is chosen by, if any
 * @param preferred the endpoint to stay with for as long as it is known and nothing is held against it, if any, whatever the balancer
 *     and a tier's maximum load would have: goes before {@code affinity}
 * @param tried what the call has tried already: none of these, unless there is nothing else. Goes before the other two
 * @param leaving a tier to leave if any other has an endpoint worth trying; heeded after something was tried
 */
public record Wish(
        Optional<Affinity> affinity,
        Optional<InetSocketAddress> preferred,
        Set<InetSocketAddress> tried,
        Optional<String> leaving) {

    private static final Wish NONE = new Wish(Optional.empty(), Optional.empty(), Set.of(), Optional.empty());

    /** Copies the set. */
    public Wish {
        tried = Set.copyOf(tried);
    }

    /** Whoever's turn it is. */
    public static Wish none() {
        return NONE;
    }

    /** The same wish, with a key: the same endpoint for the same key while the set stays the same. */
    public Wish affinity(Affinity key) {
        return new Wish(Optional.of(key), preferred, tried, leaving);
    }

    /** The same wish, to stay with an endpoint for as long as it works. */
    public Wish preferring(InetSocketAddress address) {
        return new Wish(affinity, Optional.of(address), tried, leaving);
    }

    /** The same wish after these have failed. */
    public Wish after(Set<InetSocketAddress> failed) {
        return new Wish(affinity, preferred, failed, leaving);
    }

    /** The same wish, to leave a tier: after a connect timeout, say, or for the last attempt. */
    public Wish leaving(String tier) {
        return new Wish(affinity, preferred, tried, Optional.of(tier));
    }
}
