package io.clusterset.discovery.spring.http;

import java.nio.file.Path;
import org.reactivestreams.Publisher;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.http.ZeroCopyHttpOutputMessage;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Sees what kind of body a request has, and whether it was begun. A body that is one value is made anew for each attempt. */
class ConnectorRequest extends ClientHttpRequestDecorator {

    private final ReactiveLeg leg;

    private ConnectorRequest(ClientHttpRequest request, ReactiveLeg leg) {
        super(request);
        this.leg = leg;
    }

    static ConnectorRequest of(ClientHttpRequest request, ReactiveLeg leg) {
        return request instanceof ZeroCopyHttpOutputMessage direct
                ? new OfFile(request, direct, leg)
                : new ConnectorRequest(request, leg);
    }

    @Override
    public final Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
        leg.written();
        return body instanceof Mono<? extends DataBuffer> value
                ? super.writeWith(value.doOnError(thrown -> leg.failedByItself()))
                : super.writeWith(watched(body));
    }

    @Override
    public final Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
        leg.written();
        return super.writeAndFlushWith(watched(body));
    }

    private <T> Flux<T> watched(Publisher<T> stream) {
        return Flux.from(stream).doOnSubscribe(begun -> leg.spent()).doOnError(thrown -> leg.failedByItself());
    }

    @Override
    public final Mono<Void> setComplete() {
        leg.written();
        return super.setComplete();
    }

    /** Of a client that sends files without reading them; a file can be had again. */
    private static final class OfFile extends ConnectorRequest implements ZeroCopyHttpOutputMessage {
        private final ZeroCopyHttpOutputMessage direct;
        private final ReactiveLeg leg;

        OfFile(ClientHttpRequest request, ZeroCopyHttpOutputMessage direct, ReactiveLeg leg) {
            super(request, leg);
            this.direct = direct;
            this.leg = leg;
        }

        @Override
        public Mono<Void> writeWith(Path file, long position, long count) {
            leg.written();
            return direct.writeWith(file, position, count);
        }
    }
}
