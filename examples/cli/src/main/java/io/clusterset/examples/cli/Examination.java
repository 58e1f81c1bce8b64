package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.TierView;
import io.clusterset.discovery.observe.Explanation;
import io.clusterset.discovery.source.Meanwhile;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What was found out about a service within the time given: all tiers' answers, and verdicts of the endpoints that were
 * probed.
 *
 * @param explanation every tier in order, also those that never answered
 * @param error why there is nothing to call; empty if there is an endpoint
 */
record Examination(Explanation explanation, Optional<String> error) {

    /** Asks all tiers and probes, and waits for no longer than the options allow. */
    static Examination of(Discovery discovery, Service service, CommonOptions options) {
        return of(discovery, service, CommonOptions.probes(discovery), options.timeout());
    }

    /** Asks all tiers, probes if wished, and waits, for no longer than this. */
    static Examination of(Discovery discovery, Service service, boolean probe, Duration timeout) {
        try {
            long begun = System.nanoTime();
            awaitTheApi(discovery, service, timeout);
            Duration left = timeout.minusNanos(System.nanoTime() - begun);
            Explanation explanation =
                    service.examine(probe).toCompletableFuture().get(Math.max(1, left.toNanos()), TimeUnit.NANOSECONDS);
            return new Examination(explanation, whyNone(service));
        } catch (TimeoutException late) {
            return service.ready().toCompletableFuture().isDone()
                    ? new Examination(service.explain(), whyNone(service))
                    : silence(discovery, service, timeout);
        } catch (ExecutionException failed) {
            throw new DiscoveryException(service + ": could not be examined: " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(service + ": interrupted", interrupted);
        }
    }

    /** What DNS says until the API has spoken is not what was asked for. One that is slow may take half of the time. */
    private static void awaitTheApi(Discovery discovery, Service service, Duration timeout)
            throws InterruptedException {
        boolean watched = discovery.tiers(service.name()).stream()
                .anyMatch(tier -> tier.answeredBy() == Tier.AnsweredBy.KUBERNETES);
        if (!watched) {
            return;
        }
        CountDownLatch settled = new CountDownLatch(1);
        Service.Watching watching = service.watch(snapshot -> {
            if (snapshot.tiers().stream().noneMatch(tier -> Meanwhile.isInterim(tier.resolution()))) {
                settled.countDown();
            }
        });
        try {
            boolean unused =
                    settled.await(timeout.dividedBy(2).toNanos(), TimeUnit.NANOSECONDS); // if not, the answer says so
        } finally {
            watching.close();
        }
    }

    /** Why nothing can be picked now; empty if something can. */
    static Optional<String> whyNone(Service service) {
        try {
            service.next().close();
            return Optional.empty();
        } catch (DiscoveryException none) {
            return Optional.ofNullable(none.getMessage());
        }
    }

    /** What is said when the time was too short for any answer. */
    private static Examination silence(Discovery discovery, Service service, Duration timeout) {
        String detail = "no answer in " + Figures.time(timeout);
        List<TierView> views = discovery.tiers(service.name()).stream()
                .map(tier -> unanswered(tier, detail))
                .toList();
        List<Decision.Tier> tiers = views.stream()
                .map(view -> new Decision.Tier(
                        view, new TierLoad(view.tier(), 0, 0, 0, false, detail), List.of(), List.of()))
                .toList();
        Decision decision = new Decision(new Snapshot(service.name(), 0, views), tiers, List.of(), List.of());
        return new Examination(
                new Explanation(decision, 0, List.of(), List.of(), List.of()), Optional.of(service + ": " + detail));
    }

    private static TierView unanswered(Tier tier, String detail) {
        Resolution unknown = new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(detail));
        return new TierView(tier.name(), unknown, 0, 0, List.of(), List.of());
    }
}
