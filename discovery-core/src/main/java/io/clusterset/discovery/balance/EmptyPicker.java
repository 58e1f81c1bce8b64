package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.ExternalNameException;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.NoSuchServiceException;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ResolutionException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Has nothing to pick and says why: one sentence, every tier named. */
final class EmptyPicker implements Picker {

    private final Decision decision;

    EmptyPicker(Decision decision) {
        this.decision = decision;
    }

    @Override
    public Candidate pick() {
        throw reason();
    }

    @Override
    public Candidate pick(Affinity affinity) {
        throw reason();
    }

    @Override
    public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
        return Optional.empty();
    }

    @Override
    public List<Candidate> ordered() {
        return List.of();
    }

    private DiscoveryException reason() {
        List<Resolution> answers =
                decision.tiers().stream().map(tier -> tier.view().resolution()).toList();
        Map<String, List<String>> said = new LinkedHashMap<>();
        decision.tiers()
                .forEach(tier -> said.computeIfAbsent(words(tier), words -> new ArrayList<>())
                        .add(tier.view().tier()));
        String evidence = said.entrySet().stream()
                .map(entry -> String.join(" and ", entry.getValue()) + ": " + entry.getKey())
                .collect(Collectors.joining("; "));
        String who = decision.service().toString();
        Optional<String> outside = outside(answers);
        if (outside.isPresent()) {
            return new ExternalNameException(who + ": no endpoint (" + evidence + ")", outside.get());
        }
        if (answers.stream().allMatch(answer -> answer instanceof Resolution.NoSuchName)) {
            return new NoSuchServiceException(who + ": no such service (" + evidence + ")");
        }
        if (answers.stream().anyMatch(answer -> answer instanceof Resolution.Unknown)) {
            return new ResolutionException(who + ": could not be resolved (" + evidence + ")");
        }
        return new NoEndpointException(who + ": no endpoint (" + evidence + ")");
    }

    /** The first tier that knows the name says what it is. */
    private static Optional<String> outside(List<Resolution> answers) {
        return answers.stream()
                .filter(answer -> !(answer instanceof Resolution.NoSuchName))
                .findFirst()
                .flatMap(answer -> answer instanceof Resolution.Empty empty ? empty.outside() : Optional.empty());
    }

    private static String words(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        if (!tier.excluded().isEmpty()) {
            return tier.excluded().size() + " known, none eligible, "
                    + tier.excluded().get(0).rule();
        }
        String detail = answer.evidence().detail();
        String word = answer.word().replace('-', ' ');
        return detail.isEmpty() ? word : answer instanceof Resolution.Unknown ? detail : word + ", " + detail;
    }
}
