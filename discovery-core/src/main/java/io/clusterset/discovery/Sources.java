package io.clusterset.discovery;

import io.clusterset.discovery.cache.CacheStats;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.source.Tier;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What answers for each tier: a source of its own (the user's, the environment, a list), else DNS. Each remembers its answers. Immutable.
 *
 * @param custom the tiers that have a source of their own
 * @param dns answers for all others; a question says which nameservers it is for
 */
record Sources(Map<Tier, CachingSource> custom, CachingSource dns) {

    Sources {
        custom = Map.copyOf(custom);
    }

    CachingSource of(Tier tier) {
        return custom.getOrDefault(tier.place(), dns);
    }

    /** Where this process runs, if a source can tell. */
    Locality ownLocality() {
        return Stream.concat(custom.values().stream(), Stream.of(dns))
                .map(CachingSource::ownLocality)
                .flatMap(Optional::stream)
                .reduce(Locality.UNKNOWN, Locality::or);
    }

    CacheStats stats() {
        return custom.values().stream().distinct().map(CachingSource::stats).reduce(dns.stats(), CacheStats::plus);
    }

    void close() {
        custom.values().forEach(CachingSource::close);
        dns.close();
    }
}
