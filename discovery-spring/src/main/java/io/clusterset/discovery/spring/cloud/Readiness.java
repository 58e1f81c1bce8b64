package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/**
 * Services that can be asked without waiting, so that an event loop never does. A service's first answer takes a while, and so does
 * the one after it rested, which none does that was used within ten minutes. Thread-safe.
 */
final class Readiness {

    private static final long SURE = Duration.ofMinutes(5).toNanos();
    private static final long NEW = Duration.ofSeconds(10).toNanos();
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MOST = 10_000;

    private final Ticker ticker;
    private final Map<Service, CompletableFuture<Boolean>> settled = new ConcurrentHashMap<>();
    private final Map<Service, Seen> ready = new ConcurrentHashMap<>();

    Readiness(Ticker ticker) {
        this.ticker = ticker;
    }

    /** The service, once it has an answer, good or bad; an error only if the discovery was closed. Never blocks. */
    Mono<Service> of(Service service) {
        Seen seen = ready.get(service);
        if (seen != null && ticker.nanos() - seen.last < SURE) {
            return Mono.just(service);
        }
        return Mono.fromCompletionStage(service::ready)
                .publishOn(
                        Schedulers.parallel()) // what follows is the caller's, and not for the thread of our callbacks
                .doOnNext(this::mark);
    }

    /**
     * The same, once all of its tiers have answered; at once for one that is not new. The next tier is asked when home has answered,
     * and a home that refuses does it faster than DNS says where else to go.
     */
    Mono<Service> settled(Service service) {
        Seen seen = ready.get(service);
        if (seen == null || ticker.nanos() - seen.first >= NEW) {
            settled.remove(service);
            return Mono.just(service);
        }
        // one for all: when home dies, hundreds a second come by, and each answer is an explanation
        CompletableFuture<Boolean> answered = settled.computeIfAbsent(
                service,
                s -> s.examine(false).handle((explained, thrown) -> true).toCompletableFuture());
        if (answered.isDone()) {
            return Mono.just(service);
        }
        return Mono.fromFuture(answered, true)
                .timeout(PATIENCE)
                .onErrorComplete()
                .publishOn(Schedulers.parallel())
                .then(Mono.just(service));
    }

    private void mark(Service service) {
        if (ready.size() >= MOST) {
            ready.clear();
            settled.clear();
        }
        long now = ticker.nanos();
        ready.merge(service, new Seen(now, now), (before, after) -> new Seen(before.first, now));
    }

    private record Seen(long first, long last) {}
}
