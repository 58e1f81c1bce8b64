package io.clusterset.examples.cli;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.source.Tier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One name's way through the library, and when it was where: all times are counted from the moment the service was asked for.
 *
 * @param begun that moment, on the discovery's clock
 * @param name how the name was understood
 * @param tiers where it is looked up, in order
 * @param firstPick when somebody could be picked; empty if nobody could in time
 * @param answered when all tiers had answered
 * @param probing how long the probes took; empty if nobody is probed
 * @param examination what was found out in the end
 * @param pick who would be called now; empty if nobody
 * @param call the call that was made, if one was wished
 */
record Trace(
        long begun,
        NameReading name,
        List<Looked> tiers,
        Optional<Duration> firstPick,
        Duration answered,
        Optional<Duration> probing,
        Examination examination,
        Optional<Endpoint> pick,
        Optional<TracedCall> call) {

    /**
     * Where a name is looked up.
     *
     * @param tier the tier
     * @param question what is asked there
     */
    record Looked(Tier tier, Question question) {}

    /** Follows the name. */
    static Trace of(Discovery discovery, CommonOptions options, Optional<HttpGet> get) {
        Duration timeout = options.timeout();
        long begun = System.nanoTime();
        Service service = options.service(discovery);
        Optional<Duration> firstPick = firstPick(service, begun, timeout);
        Examination known = Examination.of(discovery, service, false, left(begun, timeout));
        Duration answered = since(begun);
        boolean probes = CommonOptions.probes(discovery);
        long probed = System.nanoTime();
        Examination examined = probes ? Examination.of(discovery, service, true, left(begun, timeout)) : known;
        Optional<Duration> probing = probes ? Optional.of(since(probed)) : Optional.empty();
        Optional<Endpoint> pick = examined.error().isPresent() ? Optional.empty() : pick(service);
        List<Looked> tiers = discovery.tiers(service.name()).stream()
                .flatMap(tier -> tier.question(service.name()).stream().map(question -> new Looked(tier, question)))
                .toList();
        return new Trace(
                begun,
                NameReading.of(
                        options.name(), service.name(), examined.explanation().settings()),
                tiers,
                firstPick,
                answered,
                probing,
                examined,
                pick,
                get.map(what -> TracedCall.of(service, what, timeout)));
    }

    /** Why nobody can be called, or the call failed. */
    Optional<String> error() {
        return examination.error().or(() -> call.flatMap(TracedCall::error));
    }

    /** When a tier's answer came; empty if it did not. */
    Optional<Duration> answeredAfter(Decision.Tier tier) {
        Resolution answer = tier.view().resolution();
        boolean silent = answer instanceof Resolution.Unknown
                && answer.evidence().queries().isEmpty();
        return silent
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.max(0, tier.view().answeredAt() - begun)));
    }

    /** When everything was known. */
    Duration known() {
        return answered.plus(probing.orElse(Duration.ZERO));
    }

    private static Optional<Duration> firstPick(Service service, long begun, Duration timeout) {
        try {
            service.ready().toCompletableFuture().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return pick(service).map(endpoint -> since(begun));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException failed) {
            throw new DiscoveryException(service + ": " + failed.getCause(), failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(service + ": interrupted", interrupted);
        }
    }

    private static Optional<Endpoint> pick(Service service) {
        try (Attempt attempt = service.next()) {
            return Optional.of(attempt.endpoint());
        } catch (DiscoveryException nobody) {
            return Optional.empty(); // the examination says why
        }
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    private static Duration left(long begun, Duration timeout) {
        Duration left = timeout.minus(since(begun));
        return left.isNegative() ? Duration.ZERO : left;
    }
}
