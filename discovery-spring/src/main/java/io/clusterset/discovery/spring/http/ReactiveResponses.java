package io.clusterset.discovery.spring.http;

import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.client.reactive.ClientHttpResponse;
import reactor.core.publisher.BaseSubscriber;

/** What becomes of responses that nobody wants. */
final class ReactiveResponses {

    /** What is longer costs more to read than a new connection. */
    private static final long MOST = 65_536;

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private ReactiveResponses() {}

    /** Reads the body to its end, so that the connection can be used again, or leaves it if that is far. */
    static void release(@Nullable ClientHttpResponse response) {
        if (response != null) {
            response.getBody().subscribe(new Drain());
        }
    }

    /** Where a response sends the caller of a URL, if anywhere; not from HTTPS to HTTP. */
    static Optional<URI> redirect(ClientHttpResponse response, URI from) {
        String location = response.getHeaders().getFirst(HttpHeaders.LOCATION);
        if (location == null || !REDIRECTS.contains(response.getStatusCode().value())) {
            return Optional.empty();
        }
        try {
            URI to = from.resolve(location);
            boolean web = "https".equalsIgnoreCase(to.getScheme())
                    || ("http".equalsIgnoreCase(to.getScheme()) && "http".equalsIgnoreCase(from.getScheme()));
            return web && to.getHost() != null ? Optional.of(to) : Optional.empty();
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static final class Drain extends BaseSubscriber<DataBuffer> {
        private final AtomicLong read = new AtomicLong();

        @Override
        protected void hookOnSubscribe(Subscription subscription) {
            requestUnbounded();
        }

        @Override
        protected void hookOnNext(DataBuffer buffer) {
            long sum = read.addAndGet(buffer.readableByteCount());
            DataBufferUtils.release(buffer);
            if (sum > MOST) {
                cancel();
            }
        }

        @Override
        protected void hookOnError(Throwable thrown) {
            // the connection is gone, or the response was let go before: either way nothing is left of it
        }
    }
}
