package io.clusterset.discovery;

import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.NoEndpointException;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.source.Tier;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Keeps a service's attempts at guarded tiers within their maximum, retries included: each call earns a guarded tier its
 * share of an attempt, each attempt there costs one. Outlives pickers. Thread-safe; a service without a guarded tier has
 * none of this.
 */
final class Guards {

    private static final long ATTEMPT = 100;
    private static final long MOST_SAVED = 5 * ATTEMPT;

    private final Map<String, Guard> guards = new HashMap<>();
    private final AtomicInteger calls = new AtomicInteger();

    Guards(List<Tier> tiers) {
        tiers.forEach(tier -> tier.maxLoad().ifPresent(percent -> guards.put(tier.name(), new Guard(percent))));
    }

    /** The picker, guarded if any tier is. */
    Picker over(Decision decision, Picker picker) {
        return guards.isEmpty() ? picker : new Guarded(decision, picker);
    }

    private static final class Guard {
        private final int percent;
        private final AtomicLong saved = new AtomicLong(MOST_SAVED);

        Guard(int percent) {
            this.percent = percent;
        }

        void called() {
            saved.updateAndGet(now -> Math.min(MOST_SAVED, now + percent));
        }

        boolean admits() {
            return saved.getAndUpdate(now -> now < ATTEMPT ? now : now - ATTEMPT) >= ATTEMPT;
        }
    }

    private final class Guarded implements Picker {
        private final Decision decision;
        private final Picker picker;
        private final int shed;

        Guarded(Decision decision, Picker picker) {
            this.decision = decision;
            this.picker = picker;
            this.shed = decision.shed();
        }

        @Override
        public Candidate pick() {
            return admitted(picker::pick);
        }

        @Override
        public Candidate pick(Affinity affinity) {
            return admitted(() -> picker.pick(affinity));
        }

        private Candidate admitted(Supplier<Candidate> pick) {
            guards.values().forEach(Guard::called);
            int nth = (calls.getAndIncrement() & Integer.MAX_VALUE) % 100;
            if ((nth + 1) * shed / 100 > nth * shed / 100) {
                throw full();
            }
            Candidate candidate = pick.get();
            if (admits(candidate.endpoint())) {
                return candidate;
            }
            // it may have stood in for a tier of suspects: those are better than nothing
            return another(sameTier(candidate.endpoint().tier(), Set.of()), Optional.empty())
                    .filter(instead -> instead.verdict().countsAsHealthy())
                    .orElseThrow(this::full);
        }

        private Set<InetSocketAddress> sameTier(String name, Set<InetSocketAddress> others) {
            Set<InetSocketAddress> all = new HashSet<>(others);
            decision.tiers().stream()
                    .filter(tier -> tier.load().tier().equals(name))
                    .flatMap(tier -> tier.candidates().stream())
                    .map(candidate -> candidate.endpoint().socketAddress())
                    .forEach(all::add);
            return all;
        }

        private boolean admits(Endpoint endpoint) {
            Guard guard = guards.get(endpoint.tier());
            return guard == null || guard.admits();
        }

        private NoEndpointException full() {
            String evidence = decision.tiers().stream()
                    .map(tier -> tier.load().tier() + ": " + tier.load().reason()) // no percent: one text, not thirty
                    .collect(Collectors.joining("; "));
            return new NoEndpointException(
                    decision.service() + ": call shed, no tier may take more (" + evidence + ")");
        }

        @Override
        public Optional<Candidate> another(Set<InetSocketAddress> tried, Optional<String> leaving) {
            Set<InetSocketAddress> excluded = tried;
            for (int i = 0;
                    i <= guards.size();
                    i++) { // each time round one tier is full; a user's picker may not listen
                Optional<Candidate> next = picker.another(excluded, leaving);
                if (next.isEmpty() || admits(next.get().endpoint())) {
                    return next;
                }
                excluded = sameTier(next.get().endpoint().tier(), excluded);
            }
            return Optional.empty();
        }

        @Override
        public List<Candidate> ordered() {
            return picker.ordered();
        }
    }
}
