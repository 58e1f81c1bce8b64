package io.clusterset.discovery.health;

import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Endpoint;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Health as one service sees it: which endpoints are its own, and what is thought of them. Used on the serial executor. An
 * endpoint that left all services is remembered for 30 s, so that one that comes back at the next refresh is not judged anew.
 */
public final class HealthView {

    private static final int PROBED_AT_MOST = 16;
    private static final int NEXT_SHOWN = 3;

    private final Health health;
    private final Runnable onChange;
    private final Map<InetSocketAddress, EndpointHealth> mine = new HashMap<>();

    HealthView(Health health, Runnable onChange) {
        this.health = health;
        this.onChange = onChange;
    }

    /** Adds verdicts to each tier's endpoints; what is not among them any more is let go. */
    public List<List<Candidate>> annotate(List<List<Endpoint>> tiers) {
        Set<InetSocketAddress> present = tiers.stream()
                .flatMap(List::stream)
                .map(Endpoint::socketAddress)
                .collect(Collectors.toSet());
        mine.values().stream()
                .filter(known -> !present.contains(known.address()))
                .toList()
                .forEach(this::release);
        List<List<Candidate>> annotated = new ArrayList<>(tiers.size());
        for (List<Endpoint> endpoints : tiers) {
            boolean vip = endpoints.size() == 1;
            List<Candidate> candidates = new ArrayList<>(endpoints.size());
            for (Endpoint endpoint : endpoints) {
                EndpointHealth known = mine.computeIfAbsent(endpoint.socketAddress(), address -> {
                    EndpointHealth found = health.of(address);
                    found.usedBy(onChange);
                    return found;
                });
                known.onlyOne(vip);
                known.look();
                candidates.add(new Candidate(endpoint, known.verdict(), known.passedOver(), endpoint.weight(), known));
            }
            annotated.add(candidates);
        }
        return annotated;
    }

    /** How long ago an attempt at the endpoint, or a probe of it, last succeeded; empty if never. */
    public Optional<Duration> sinceSuccess(Endpoint endpoint) {
        return Optional.ofNullable(mine.get(endpoint.socketAddress())).flatMap(EndpointHealth::sinceSuccess);
    }

    /** How the attempts at these endpoints have ended so far, all services counted. */
    public Tally tally(List<Candidate> candidates) {
        long succeeded = 0;
        long failed = 0;
        for (Candidate candidate : candidates) {
            EndpointHealth known = mine.get(candidate.endpoint().socketAddress());
            if (known != null) {
                succeeded += known.succeeded();
                failed += known.failed();
            }
        }
        return new Tally(succeeded, failed);
    }

    /** Probes up to 16 of the endpoints now, sick or not, and runs the task when all have answered. */
    public void probeNow(Runnable done) {
        List<EndpointHealth> probed =
                mine.values().stream().limit(PROBED_AT_MOST).toList();
        int[] open = {probed.size() + 1};
        Runnable one = () -> {
            if (--open[0] == 0) {
                done.run();
            }
        };
        probed.forEach(endpoint -> endpoint.examine(one));
        one.run();
    }

    /** The next probes that are due, at most three of them, in words. */
    public List<String> next() {
        return mine.values().stream()
                .map(EndpointHealth::next)
                .flatMap(Optional::stream)
                .sorted()
                .limit(NEXT_SHOWN)
                .toList();
    }

    /** Lets all endpoints go. */
    public void close() {
        List.copyOf(mine.values()).forEach(this::release);
    }

    private void release(EndpointHealth endpoint) {
        mine.remove(endpoint.address());
        endpoint.leftBy(onChange);
        health.released();
    }

    /**
     * Counts of ended attempts.
     *
     * @param succeeded since the endpoints are known
     * @param failed hard and soft ones
     */
    public record Tally(long succeeded, long failed) {}
}
