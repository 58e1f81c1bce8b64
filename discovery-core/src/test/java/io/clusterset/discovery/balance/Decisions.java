package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Candidate.Use;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Outcomes;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.ServiceName;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.model.Verdict.State;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What pickers are built from in tests. */
final class Decisions {
    static final Verdict SICK = new Verdict(State.UNHEALTHY, "connection refused");
    static final Verdict SUSPECT = new Verdict(State.SUSPECT, "connection refused");

    static Candidate candidate(String tier, int n, Verdict verdict) {
        Endpoint endpoint = Endpoint.parse("10." + (tier.equals("local") ? 0 : 1) + ".0." + n + ":80")
                .withTier(tier);
        return new Candidate(endpoint, verdict, use(verdict), 1, Outcomes.NOBODY);
    }

    static Use use(Verdict verdict) {
        return switch (verdict.state()) {
            case SUSPECT -> Use.PASSED_OVER;
            case UNHEALTHY -> Use.LEFT_OUT;
            case HEALTHY, UNKNOWN -> Use.IN_TURN;
        };
    }

    static List<Candidate> tier(String name, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(n -> candidate(name, n, Verdict.HEALTHY))
                .toList();
    }

    static Decision.Tier decided(String name, int percent, boolean panic, List<Candidate> candidates) {
        Resolution answer = new Resolution.Empty(Duration.ZERO, Evidence.NONE);
        return new Decision.Tier(
                new TierView(name, answer, 0, 0, List.of(), List.of()),
                new TierLoad(name, percent, percent, 0, panic, ""),
                candidates,
                List.of());
    }

    static Decision decision(Decision.Tier... tiers) {
        Snapshot snapshot = new Snapshot(
                ServiceName.of("orders", "shop"),
                0,
                Stream.of(tiers).map(Decision.Tier::view).toList());
        return new Decision(snapshot, List.of(tiers), List.of(), List.of());
    }

    static Balancer.Rebuild rebuild(Decision.Tier... tiers) {
        return new Balancer.Rebuild(decision(tiers), Optional.empty(), () -> 0, () -> 0);
    }

    static Map<String, Long> picks(Picker picker, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> picker.pick().endpoint().toString())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
    }

    private Decisions() {}
}
