package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One request to one service, through as many attempts as it takes. Run once; its attempts follow one another, a cancel may come
 * at any time.
 */
final class ReactiveCall {

    /** How long an answer may take is the client's business: it knows what the caller allows, and when an upload is over. */
    private static final Duration ENDLESS = Duration.ofDays(365);

    private final Authority authority;
    private final ConnectorPath path;
    private final HttpMethod method;
    private final URI uri;
    private final Function<? super ClientHttpRequest, Mono<Void>> callback;
    private final Call call;
    private final boolean vouchedFor;
    private final AtomicReference<@Nullable ClientHttpResponse> held = new AtomicReference<>();
    private volatile ContextView context = Context.empty();
    private volatile @Nullable CompletableFuture<ClientHttpResponse> running;
    private volatile @Nullable ReactiveLeg leg;
    private volatile boolean cancelled;

    /**
     * With what is to be sent where.
     *
     * @param wishes the caller's: a {@link Call}, an {@link Affinity}
     */
    ReactiveCall(
            Authority authority,
            ConnectorPath path,
            HttpMethod method,
            URI uri,
            Function<? super ClientHttpRequest, Mono<Void>> callback,
            ContextView wishes) {
        this.authority = authority;
        this.path = path;
        this.method = method;
        this.uri = uri;
        this.callback = callback;
        Call said = wishes.getOrDefault(Call.class, null);
        Affinity key = wishes.getOrDefault(Affinity.class, null);
        this.vouchedFor = said != null && said.isIdempotent();
        Call base = said != null
                ? said
                : Call.ofMethod(method.name()).deadline(ENDLESS).attemptTimeout(ENDLESS);
        Call keyed = key == null ? base : base.affinity(key);
        this.call = keyed.classify(this::read);
    }

    /** Begins; the sink gets what the caller of the plain connector would have got. */
    void run(MonoSink<ClientHttpResponse> sink) {
        context = sink.contextView();
        CompletableFuture<ClientHttpResponse> answer = authority.service().callAsync(call, this::attempt);
        running = answer;
        CompletionStage<ClientHttpResponse> ended = answer;
        ended.whenComplete((response, thrown) -> {
            if (thrown == null) {
                deliver(sink);
            } else {
                failed(sink, thrown instanceof ReactiveFinal last ? last.concluded() : thrown);
            }
        });
        if (cancelled) { // before there was anything to cancel
            answer.cancel(true);
        }
    }

    private CompletionStage<ClientHttpResponse> attempt(Endpoint endpoint) {
        ReactiveResponses.release(held.getAndSet(null));
        ReactiveLeg next = new ReactiveLeg(this::hold, context, vouchedFor);
        leg = next;
        if (cancelled) {
            next.cancel(true);
            return next;
        }
        path.connect(endpoint, method, uri, next.watching(callback)).subscribe(next);
        return next;
    }

    /** Of a response that somebody must read or throw away. */
    private void hold(ClientHttpResponse response) {
        held.set(response);
        if (cancelled) {
            ReactiveResponses.release(held.getAndSet(null));
        }
    }

    private void deliver(MonoSink<ClientHttpResponse> sink) {
        ClientHttpResponse response = held.getAndSet(null);
        if (response != null) { // or it was cancelled in this moment
            sink.success(response);
        }
    }

    private void failed(MonoSink<ClientHttpResponse> sink, Throwable thrown) {
        if (cancelled) {
            ReactiveResponses.release(held.getAndSet(null));
        } else if (thrown instanceof ReactiveAnswered) {
            deliver(sink);
        } else if (thrown instanceof DiscoveryException reason) {
            nowhere(sink, reason);
        } else {
            sink.error(thrown);
        }
    }

    private void nowhere(MonoSink<ClientHttpResponse> sink, DiscoveryException reason) {
        if (leg != null) { // closed under way
            ReactiveResponses.release(held.getAndSet(null));
            sink.error(new IOException(reason.getMessage(), reason));
        } else if (authority.isElsewhere(reason)) {
            sink.error(new Elsewhere());
        } else {
            UnknownHostException unknown = new UnknownHostException(reason.getMessage());
            unknown.initCause(reason);
            sink.error(unknown);
        }
    }

    /** The caller went away: says nothing of the endpoint. */
    void cancel() {
        cancelled = true;
        CompletableFuture<ClientHttpResponse> answer = running;
        if (answer != null) {
            answer.cancel(true);
        }
        ReactiveLeg last = leg;
        if (last != null) {
            last.stop(); // a response that nobody read yet, too
        }
        ReactiveResponses.release(held.getAndSet(null));
    }

    private Failure read(Throwable thrown) {
        Throwable reason = thrown instanceof ReactiveFinal last ? last.reason() : thrown;
        if (reason instanceof ReactiveAnswered answered) {
            return answered.failure();
        }
        ReactiveLeg seen = leg;
        if (seen == null) {
            return Failure.of(reason);
        }
        return seen.isOwn() ? Failure.otherwise(String.valueOf(reason)) : path.read(reason, seen);
    }

    /** The name is somebody else's after all. */
    static final class Elsewhere extends RuntimeException {
        private static final long serialVersionUID = 1;

        Elsewhere() {
            super(null, null, false, false);
        }
    }
}
