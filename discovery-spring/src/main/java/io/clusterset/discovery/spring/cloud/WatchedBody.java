package io.clusterset.discovery.spring.cloud;

import java.nio.file.Path;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.web.reactive.function.BodyInserter;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A request's body, which tells its {@link Journey} whether it is a stream that was begun, and whether the failure is its own. A body
 * that is one value is made anew for each attempt.
 */
final class WatchedBody implements BodyInserter<Object, ClientHttpRequest> {

    private final BodyInserter<?, ? super ClientHttpRequest> body;
    private final Journey journey;

    WatchedBody(BodyInserter<?, ? super ClientHttpRequest> body, Journey journey) {
        this.body = body;
        this.journey = journey;
    }

    @Override
    public Mono<Void> insert(ClientHttpRequest request, Context context) {
        Watched watched = request instanceof ZeroCopyHttpOutputMessage direct
                ? new OfFile(request, direct, journey)
                : new Watched(request, journey);
        Mono<Void> done;
        try {
            done = body.insert(watched, context);
        } catch (RuntimeException broken) {
            journey.failByItself();
            throw broken;
        }
        return done.doOnError(thrown -> {
            if (!watched.written) { // it could not be encoded, say
                journey.failByItself();
            }
        });
    }

    private static class Watched extends ClientHttpRequestDecorator {
        private final Journey journey;
        volatile boolean written;

        Watched(ClientHttpRequest request, Journey journey) {
            super(request);
            this.journey = journey;
        }

        @Override
        public final Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
            written = true;
            return body instanceof Mono<? extends DataBuffer> value
                    ? super.writeWith(value.doOnError(thrown -> journey.failByItself()))
                    : super.writeWith(stream(body));
        }

        @Override
        public final Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
            written = true;
            return super.writeAndFlushWith(
                    Flux.from(stream(body)).map(part -> Flux.from(part).doOnError(thrown -> journey.failByItself())));
        }

        private <T> Flux<T> stream(Publisher<T> body) {
            return Flux.from(body)
                    .doOnSubscribe(begun -> journey.beginStream())
                    .doOnError(thrown -> journey.failByItself());
        }

        @Override
        public final Mono<Void> setComplete() {
            written = true;
            return super.setComplete();
        }
    }

    /** Of a client that sends files without reading them; a file can be had again. */
    private static final class OfFile extends Watched implements ZeroCopyHttpOutputMessage {
        private final ZeroCopyHttpOutputMessage direct;

        OfFile(ClientHttpRequest request, ZeroCopyHttpOutputMessage direct, Journey journey) {
            super(request, journey);
            this.direct = direct;
        }

        @Override
        public Mono<Void> writeWith(Path file, long position, long count) {
            written = true;
            return direct.writeWith(file, position, count);
        }
    }
}
