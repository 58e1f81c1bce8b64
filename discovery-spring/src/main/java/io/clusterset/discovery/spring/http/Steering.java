package io.clusterset.discovery.spring.http;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One request to one service, through as many attempts as it takes. Used by one thread.
 *
 * <p>Each attempt has the client's read timeout, as every request has without us. All together have {@link Call}'s 10 s, or
 * the read timeout if that is longer, in the sense that no attempt begins later: with a read timeout of 2 s a silent endpoint leaves time for two others; with one
 * of 30 s the call ends when it always did, and an endpoint that refuses or says 503 within these is left for another. A request
 * never ends before the read timeout does.
 */
final class Steering {

    private final SteeringFactory factory;
    private final Sending sending;
    private final Authority authority;
    private final Outgoing request;
    private final @Nullable Duration readTimeout;
    private int attempts;
    private @Nullable ClientHttpResponse unwanted;

    Steering(
            SteeringFactory factory,
            Sending sending,
            Authority authority,
            Outgoing request,
            @Nullable Duration readTimeout) {
        this.factory = factory;
        this.sending = sending;
        this.authority = authority;
        this.request = request;
        this.readTimeout = readTimeout;
    }

    /**
     * The response.
     *
     * @throws IOException the last attempt's
     */
    ClientHttpResponse run() throws IOException {
        try {
            return authority.service().call(call(), (endpoint, left) -> attempt(endpoint));
        } catch (Answered last) {
            return last.response();
        } catch (Detour proxied) {
            return factory.sendPlain(request);
        } catch (DiscoveryException reason) {
            if (attempts > 0) { // closed under way
                discardUnwanted();
                throw new IOException(reason.getMessage(), reason);
            } else if (Thread.currentThread().isInterrupted()) {
                throw cause(new InterruptedIOException(reason.getMessage()), reason);
            } else if (factory.isElsewhere(request.uri(), authority, reason)) {
                return factory.sendPlain(request);
            }
            throw cause(new UnknownHostException(reason.getMessage()), reason);
        }
    }

    private static <E extends IOException> E cause(E thrown, DiscoveryException reason) {
        thrown.initCause(reason);
        return thrown;
    }

    private Call call() {
        Call said = attribute(Call.class);
        boolean harmless = (said != null ? said : Call.ofMethod(request.method().name())).isIdempotent();
        Upload body = request.body();
        boolean repeatable = harmless && (body == null || body.repeatable());
        Call base = repeatable ? Call.idempotent() : Call.once();
        if (said != null) {
            base = base.attempts(said.attempts()).deadline(said.deadline());
            base = said.affinity().map(base::affinity).orElse(base);
        } else if (readTimeout != null && readTimeout.compareTo(base.deadline()) > 0) {
            base = base.deadline(readTimeout);
        }
        Affinity key = attribute(Affinity.class);
        Call classified = base.classify(this::read);
        return key == null ? classified : classified.affinity(key);
    }

    private <T> @Nullable T attribute(Class<T> type) {
        Object value = request.attributes().get(type.getName());
        return type.isInstance(value) ? type.cast(value) : null;
    }

    private ClientHttpResponse attempt(Endpoint endpoint) throws IOException {
        discardUnwanted();
        attempts++;
        ClientHttpResponse response = sending.send(request, endpoint);
        unwanted = response;
        try {
            Answered.check(response);
        } catch (Answered failed) {
            throw failed;
        } catch (IOException | RuntimeException unreadable) {
            discardUnwanted();
            throw unreadable;
        }
        return response;
    }

    private void discardUnwanted() {
        ClientHttpResponse before = unwanted;
        if (before != null) {
            unwanted = null;
            before.close();
        }
    }

    /** What an exception says of the endpoint. */
    private Failure read(Throwable thrown) {
        Upload body = request.body();
        if (thrown instanceof Answered answered) {
            return answered.failure();
        } else if (thrown instanceof Detour || (body != null && body.threw(thrown))) {
            return new Failure(new Outcome.Abandoned(), true);
        }
        Failure read = Failure.of(thrown);
        return body == null || body.isWhole() ? read : new Failure(read.outcome(), true); // it can't be sent again
    }
}
