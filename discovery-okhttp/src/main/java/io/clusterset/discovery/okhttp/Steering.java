package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** One request to one service, through as many attempts as it takes. Used by one thread. */
final class Steering {

    /** The caller's connect timeout is made for hosts; a dead endpoint must leave time for another. */
    private static final int LONGEST_CONNECT_MILLIS = 1_000;

    private static final Duration ENDLESS = Duration.ofDays(365);

    private final Interceptor.Chain chain;
    private final Request request;
    private final Site site;
    private final Journey journey;
    private final Ticker ticker;
    private final long began;
    private final long limit;
    private final boolean repeatable;
    private final Attempts attempts;
    private final Call base;
    private @Nullable Response unwanted;

    /**
     * With what is to be sent where.
     *
     * @param began when the user's call came by
     */
    Steering(Interceptor.Chain chain, Request request, Site site, Journey journey, Ticker ticker, long began) {
        this.chain = chain;
        this.request = request;
        this.site = site;
        this.journey = journey;
        this.ticker = ticker;
        this.began = began;
        this.limit = chain.call().timeout().timeoutNanos();
        this.repeatable = isRepeatable();
        this.base = base();
        this.attempts = new Attempts(base.attempts());
    }

    private boolean isRepeatable() {
        RequestBody body = request.body();
        if (body != null && (body.isOneShot() || body.isDuplex())) {
            return false;
        }
        Call said = request.tag(Call.class);
        return said != null
                ? said.isIdempotent()
                : Call.ofMethod(request.method()).isIdempotent() && chain.getRetryOnConnectionFailure();
    }

    /**
     * The response; empty if the endpoint sent the call to another name.
     *
     * @param elsewhere whether this is why the name is somebody else's after all
     * @throws IOException the last attempt's
     */
    Optional<Response> run(Predicate<DiscoveryException> elsewhere) throws IOException {
        try {
            return site.service().call(call(), this::attempt);
        } catch (Answered last) {
            return Optional.of(last.response());
        } catch (DiscoveryException reason) {
            if (attempts.anyBegun()) { // closed under way, or somebody else's from further down
                if (unwanted != null) {
                    unwanted.close();
                }
                throw new IOException(reason.getMessage(), reason);
            } else if (Thread.currentThread().isInterrupted()) {
                throw cause(new InterruptedIOException(reason.getMessage()), reason);
            }
            journey.leave();
            if (elsewhere.test(reason)) {
                return Optional.of(chain.proceed(request));
            } else if (chain.getCache() != null) { // it may know the answer
                return Optional.of(chain.withDns(new NoEndpointDns(site.host(), reason, chain.getDns()))
                        .proceed(request));
            }
            throw NoEndpointDns.unknown(reason);
        }
    }

    private static IOException cause(IOException thrown, DiscoveryException reason) {
        thrown.initCause(reason);
        return thrown;
    }

    /** What the request's tag says, but for whether it may be repeated. */
    private Call base() {
        Call said = request.tag(Call.class);
        return said != null && said.isIdempotent() == repeatable
                ? said
                : repeatable ? Call.idempotent() : Call.once().attempts(said == null ? 3 : said.attempts());
    }

    private Call call() {
        Call said = request.tag(Call.class);
        Duration most = limit > 0 ? Duration.ofNanos(Math.max(1, limit - (ticker.nanos() - began))) : ENDLESS;
        Duration wish = said == null ? ENDLESS : said.deadline();
        Affinity key = request.tag(Affinity.class);
        Call timed = base.deadline(wish.compareTo(most) < 0 ? wish : most).classify(this::counted);
        return key == null ? timed : timed.affinity(key);
    }

    private Optional<Response> attempt(Endpoint endpoint, Duration left) throws IOException {
        if (unwanted != null) {
            unwanted.close(); // OkHttp has one exchange at a time
            unwanted = null;
        }
        if (chain.call().isCanceled()) {
            throw new Unasked();
        }
        CallAttempt attempt = new CallAttempt(site.service().name(), endpoint, attempts.begin(endpoint));
        Lane lane = site.lane(endpoint, ticker.nanos());
        Journey.Leg leg = journey.begin(site.service(), attempt, lane);
        Response response;
        Set<Lane> lanes = journey.lanes(site);
        List<Lane> others = lanes.stream()
                .filter(before -> !before.equals(lane) && before.depart())
                .toList();
        lanes.add(lane);
        try (Patience patience = new Patience(leg, site, repeatable, ticker)) {
            if (limit > 0 && journey.observed() && attempts.mayBeFollowed()) { // else it has all that is left
                patience.within(limit - (ticker.nanos() - began));
            }
            response = steered(endpoint, lane, leg, left)
                    .proceed(
                            request.newBuilder().tag(CallAttempt.class, attempt).build());
            if (limit > 0) {
                patience.answered();
            }
        } catch (PinnedDns.Redirected elsewhere) {
            if (journey.followUp().isEmpty()) {
                throw elsewhere; // an interceptor's, or a proxy's name
            }
            return Optional.empty();
        } finally {
            others.forEach(Lane::departed);
        }
        unwanted = response;
        if (leg.isGivenUp()) { // in the same moment: its connection is closed
            response.close();
            throw new IOException("given up");
        }
        Answered.check(response, site.host());
        if (site.isAt(response.request().url())) {
            leg.deliver();
        }
        return Optional.of(response);
    }

    private Interceptor.Chain steered(Endpoint endpoint, Lane lane, Journey.Leg leg, Duration left) {
        int connect = chain.connectTimeoutMillis();
        long most = Math.min(LONGEST_CONNECT_MILLIS, Math.max(1, left.toMillis()));
        SteeredSockets sockets = new SteeredSockets(chain.getSocketFactory(), site.port(), endpoint.port(), lane, leg);
        leg.over(sockets);
        Interceptor.Chain steered = chain.withDns(
                        new PinnedDns(site.host(), lane.address(), chain.getDns(), journey.observed()))
                .withSocketFactory(sockets)
                .withConnectionPool(lane.pool());
        if (connect == 0 || connect > most) {
            steered = steered.withConnectTimeout((int) most, TimeUnit.MILLISECONDS);
        }
        // What OkHttp repeats by itself goes over a pooled connection that was closed meanwhile: only it can know.
        return repeatable ? steered : steered.withRetryOnConnectionFailure(false);
    }

    private Failure counted(Throwable thrown) {
        Failure failure = read(thrown);
        attempts.failed(failure);
        return failure;
    }

    /** What an exception says of the endpoint. */
    private Failure read(Throwable thrown) {
        if (thrown instanceof Answered answered) {
            return answered.failure();
        }
        if (thrown instanceof Unasked) {
            return new Failure(new Outcome.Abandoned(), true);
        } else if (chain.call().isCanceled()) {
            boolean late = limit > 0 && ticker.nanos() - began >= limit / 10 * 9; // then it was the call timeout
            return late
                    ? Failure.late(
                            "no answer within the call timeout of " + TimeUnit.NANOSECONDS.toMillis(limit) + " ms")
                    : new Failure(new Outcome.Abandoned(), true);
        }
        Optional<Journey.Leg> givenUp = journey.leg().filter(Journey.Leg::isGivenUp);
        if (givenUp.isPresent()) {
            boolean sent = givenUp.get().sent();
            return new Failure(
                    new Outcome.FailedSoft(sent ? "given up without an answer" : "no connection in time", true), sent);
        }
        if (isCircle(thrown) || thrown instanceof PinnedDns.Redirected) {
            return new Failure(new Outcome.Abandoned(), true); // it would be one anywhere
        }
        Failure read = Failure.of(thrown);
        Optional<Journey.Leg> seen = journey.leg().filter(leg -> journey.observed());
        if (isElsewhere()) {
            return Failure.otherwise("after a redirect elsewhere: " + thrown.getMessage());
        } else if (isShutDown(thrown)) {
            return new Failure(new Outcome.FailedOtherwise("the connection was shut down before it was used"), false);
        } else if (seen.isEmpty()) {
            return read;
        }
        Journey.Leg leg = seen.get();
        if (!leg.begun()
                && !(read.outcome()
                        instanceof Outcome.Abandoned)) { // an interceptor's own, or what the client does not allow
            return new Failure(new Outcome.FailedOtherwise("before a connection: " + thrown.getMessage()), false);
        }
        boolean closed = read.outcome() instanceof Outcome.FailedHard && read.sent() && leg.reused();
        Outcome outcome = closed
                ? new Outcome.FailedOtherwise("a pooled connection was closed meanwhile: " + thrown.getMessage())
                : read.outcome();
        return new Failure(outcome, read.sent() && leg.sent());
    }

    /** OkHttp had followed a redirect to an address, or to another port of the same name: neither is the service's. */
    private boolean isElsewhere() {
        return journey.followUp()
                .filter(followUp -> !site.isAt(followUp.next().url()))
                .isPresent();
    }

    /** OkHttp gave up following redirects: each was an answer of an endpoint that works. */
    private static boolean isCircle(Throwable thrown) {
        return thrown instanceof ProtocolException
                && String.valueOf(thrown.getMessage()).startsWith("Too many follow-up requests");
    }

    /** GOAWAY had come (RFC 9113 section 6.8); the class is internal, and says nothing else. */
    private static boolean isShutDown(Throwable thrown) {
        return thrown.getClass().getName().equals("okhttp3.internal.http2.ConnectionShutdownException");
    }

    /** The call ended before the endpoint was asked. */
    private static final class Unasked extends IOException {
        private static final long serialVersionUID = 1;

        Unasked() {
            super("Canceled"); // as OkHttp says it
        }
    }
}
