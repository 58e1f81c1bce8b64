package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** From what is known of an imported service to an answer. */
final class ImportedRules {

    private final LocalRules rules;

    ImportedRules(Question question, String service, int defaultPort, List<String> watched) {
        this.rules = new LocalRules(question, service, defaultPort, watched);
    }

    Resolution answer(
            Optional<ServiceImport> imported,
            Collection<Item<EndpointSlice>> labelled,
            Collection<Item<EndpointSlice>> own,
            Optional<ServiceObject> service,
            String ownCluster,
            Duration freshFor) {
        return rules.answer(
                service, Stream.concat(labelled.stream(), own.stream()).toList(), freshFor);
    }
}
