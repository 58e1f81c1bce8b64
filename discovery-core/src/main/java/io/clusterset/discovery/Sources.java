package io.clusterset.discovery;

import io.clusterset.discovery.cache.CacheStats;
import io.clusterset.discovery.cache.CachingSource;
import io.clusterset.discovery.dns.DnsSource;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What answers for each tier: a source of its own (the application's, the environment, a list), else DNS. Each remembers its
 * answers. Changed on the serial executor, read by any thread.
 */
final class Sources {

    private final Map<Tier, CachingSource> given;
    private final CachingSource environment;
    private final CachingSource dns;
    private final Optional<CachingSource> kubernetes;
    private final DnsSource asking;
    private final Function<EndpointSource, CachingSource> remembered;
    private volatile Map<Tier, CachingSource> lists = Map.of();

    /**
     * With what stays.
     *
     * @param given the places that the application has a source for
     * @param asking answers for all that have none of their own; a question says which nameservers it is for
     * @param watching answers for what the Kubernetes API is watched for, if it is
     * @param remembered puts a cache around a source
     */
    Sources(
            Map<Tier, CachingSource> given,
            CachingSource environment,
            DnsSource asking,
            Optional<EndpointSource> watching,
            Function<EndpointSource, CachingSource> remembered) {
        this.given = Map.copyOf(given);
        this.environment = environment;
        this.asking = asking;
        this.dns = remembered.apply(asking);
        this.kubernetes = watching.map(remembered);
        this.remembered = remembered;
    }

    /** Other options hold, and maybe other names. */
    void reconfigured(Naming naming) {
        serve(naming);
        asking.reconfigured();
    }

    /** Makes the sources of lists that these names need, and ends those that they need no more. */
    void serve(Naming naming) {
        Map<Tier, CachingSource> before = lists;
        Map<Tier, CachingSource> now = new HashMap<>();
        naming.tierLists().stream()
                .flatMap(List::stream)
                .map(Tier::place)
                .filter(place -> place.answeredBy() == Tier.AnsweredBy.LIST && !given.containsKey(place))
                .forEach(place -> now.computeIfAbsent(
                        place, listed -> Optional.ofNullable(before.get(listed)).orElseGet(() -> listing(listed))));
        lists = Map.copyOf(now);
        before.forEach((place, source) -> {
            if (!now.containsKey(place)) {
                source.close();
            }
        });
    }

    CachingSource of(Tier tier) {
        Tier place = tier.place();
        CachingSource own = given.get(place);
        if (own != null) {
            return own;
        }
        return switch (place.answeredBy()) {
            case ENVIRONMENT -> environment;
            case LIST -> list(place);
            case DNS -> dns;
            case KUBERNETES -> kubernetes.orElse(dns);
        };
    }

    /** On the serial executor: a plan holds, and is used, before {@link #serve} is told of it. */
    private CachingSource list(Tier place) {
        CachingSource known = lists.get(place);
        if (known != null) {
            return known;
        }
        Map<Tier, CachingSource> more = new HashMap<>(lists);
        CachingSource made = listing(place);
        more.put(place, made);
        lists = Map.copyOf(more);
        return made;
    }

    private CachingSource listing(Tier place) {
        return remembered.apply(StaticSource.of(place.endpoints()));
    }

    /** What is worth writing down for the next start, by a name that lasts. */
    Map<String, CachingSource> worthKeeping() {
        Map<String, CachingSource> all = new HashMap<>(Map.of("dns", dns));
        kubernetes.ifPresent(watching -> all.put("kubernetes", watching));
        return all;
    }

    /** Where this process runs, if a source can tell. */
    Locality ownLocality() {
        return all().map(CachingSource::ownLocality).flatMap(Optional::stream).reduce(Locality.UNKNOWN, Locality::or);
    }

    /** The services that sources know of by themselves. */
    Set<String> serviceNames() {
        return all().flatMap(source -> source.serviceNames().stream()).collect(Collectors.toSet());
    }

    CacheStats stats() {
        return all().map(CachingSource::stats).reduce(CacheStats::plus).orElseThrow();
    }

    private Stream<CachingSource> all() {
        return Stream.of(
                        given.values().stream(),
                        lists.values().stream(),
                        kubernetes.stream(),
                        Stream.of(environment, dns))
                .flatMap(all -> all)
                .distinct();
    }

    void close() {
        all().forEach(CachingSource::close);
    }
}
