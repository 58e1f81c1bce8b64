package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.call.Failure;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * One attempt: what its client says, as a future, and what is known of it. It is in the subscriber's context by its class. A cancel of
 * the future is one of the attempt.
 */
final class ReactiveLeg extends CompletableFuture<ClientHttpResponse> implements CoreSubscriber<ClientHttpResponse> {

    private final Consumer<ClientHttpResponse> keeper;
    private final Context context;
    private final boolean vouchedFor;
    private volatile @Nullable Subscription upstream;
    private volatile boolean begun;
    private volatile boolean reused;
    private volatile boolean elsewhere;
    private volatile boolean written;
    private volatile boolean spent;
    private volatile boolean own;

    /**
     * Before it begins.
     *
     * @param keeper gets the response before anybody is told of it
     * @param vouchedFor whether the caller said that all of the request may be sent twice
     */
    ReactiveLeg(Consumer<ClientHttpResponse> keeper, ContextView context, boolean vouchedFor) {
        this.keeper = keeper;
        this.context = Context.of(context).put(ReactiveLeg.class, this);
        this.vouchedFor = vouchedFor;
    }

    @Override
    public Context currentContext() {
        return context;
    }

    /** The caller's function, with an eye on what becomes of the body. */
    Function<ClientHttpRequest, Mono<Void>> watching(Function<? super ClientHttpRequest, Mono<Void>> callback) {
        return request -> {
            Mono<Void> done;
            try {
                done = callback.apply(ConnectorRequest.of(request, this));
            } catch (Throwable broken) {
                own = true;
                throw broken;
            }
            return done.doOnError(thrown -> own |= !written); // it could not be encoded, say
        };
    }

    /** A connection is there; the request is about to be written. */
    void begun(boolean again) {
        begun = true;
        reused = again;
    }

    /** Whether the request may have been written, as far as the client tells. */
    boolean isBegun() {
        return begun;
    }

    /** Whether others had used the connection before. */
    boolean isReused() {
        return reused;
    }

    /** The endpoint answered, and sent the caller to somebody else. */
    void redirectedElsewhere() {
        elsewhere = true;
    }

    boolean isElsewhere() {
        return elsewhere;
    }

    /** The body goes to the client from here on. */
    void written() {
        written = true;
    }

    /** The body is a stream, and was begun: whether it can be had again, nobody knows. */
    void spent() {
        spent = true;
    }

    /** The failure is the caller's own: of the body, or its encoder. */
    void failedByItself() {
        own = true;
    }

    boolean isOwn() {
        return own;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        if (Operators.validate(upstream, subscription)) {
            upstream = subscription;
            if (isDone()) {
                subscription.cancel();
            } else {
                subscription.request(Long.MAX_VALUE);
            }
        }
    }

    @Override
    public void onNext(ClientHttpResponse response) {
        keeper.accept(response);
        Optional<Failure> failure = elsewhere ? Optional.empty() : failure(response);
        if (failure.isPresent()) {
            fail(new ReactiveAnswered(failure.get(), response.getStatusCode().value()));
        } else {
            complete(response);
        }
    }

    private static Optional<Failure> failure(ClientHttpResponse response) {
        HttpHeaders headers = response.getHeaders();
        return Failure.ofResponse(
                response.getStatusCode().value(),
                Optional.ofNullable(headers.getFirst(HttpHeaders.RETRY_AFTER)),
                Optional.ofNullable(headers.getFirst(HttpHeaders.DATE)));
    }

    @Override
    public void onError(Throwable thrown) {
        fail(thrown);
    }

    private void fail(Throwable thrown) {
        boolean last = own || (spent && !vouchedFor);
        completeExceptionally(last ? new ReactiveFinal(thrown) : thrown);
    }

    @Override
    public void onComplete() {
        if (!isDone()) {
            fail(new IOException("the client gave neither a response nor an error"));
        }
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        boolean first = super.cancel(mayInterruptIfRunning);
        if (first) {
            stop();
        }
        return first;
    }

    /** Ends what the client does; clients that hold a response nobody reads let it go. */
    void stop() {
        Subscription subscription = upstream;
        if (subscription != null) {
            subscription.cancel();
        }
    }
}
