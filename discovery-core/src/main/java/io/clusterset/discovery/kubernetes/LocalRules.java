package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** From what is known of a service to an answer. */
final class LocalRules {

    private final List<String> watched;

    LocalRules(Question question, String service, int defaultPort, List<String> watched) {
        this.watched = watched;
    }

    Resolution answer(Optional<ServiceObject> service, Collection<Item<EndpointSlice>> slices, Duration freshFor) {
        List<Endpoint> endpoints = slices.stream()
                .flatMap(item -> item.object().endpoints().stream())
                .toList();
        Evidence evidence = new Evidence(watched, "", "", slices.size() + " slices", List.of());
        return endpoints.isEmpty()
                ? service.isPresent()
                        ? new Resolution.Empty(freshFor, evidence)
                        : new Resolution.NoSuchName(freshFor, evidence)
                : new Resolution.Found(endpoints, freshFor, evidence);
    }
}
