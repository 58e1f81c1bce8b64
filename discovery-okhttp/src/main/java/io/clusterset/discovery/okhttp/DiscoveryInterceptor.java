package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.model.Affinity;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttp;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * Sends calls to services of ours to the endpoint to call now, and to another one if that fails. An application interceptor, for
 * OkHttp 5.4 and later; {@link DiscoveryOkHttp#install} adds it. Interceptors added before it see a call once, those after it see
 * each attempt. Thread-safe; one may serve several clients.
 *
 * <ul>
 *   <li>The URL stays as it is, and with it {@code Host}, SNI, the certificate's check, cookies and cache. The endpoint's port may be
 *       another than the URL's.
 *   <li>An attempt has the caller's connect timeout, 1 s at most. With a call timeout, one that can be repeated is given up for another from
 *       half of that time on, if its endpoint is known by then not to work, or is suspected of silence while the service answers three times
 *       as fast as a rule; what is only slow is waited for.
 *   <li>GET, HEAD, OPTIONS, TRACE, PUT and DELETE go on to another endpoint after any failure, 5xx (but 501 and 505) and 429
 *       included, 3 attempts at most, not counting refused ones while there is an endpoint that the call has not met (10 in all), within
 *       the service's retry budget. All others, and one-shot bodies, only while nothing was
 *       sent. {@code retryOnConnectionFailure(false)} makes all of them such others.
 *   <li>A request's tags may say more: {@link Call} (whether it may be repeated, how often, in what time; its classifier is not asked)
 *       and {@link Affinity} (the same endpoint for the same key).
 *   <li>Each attempt's request has a tag {@link CallAttempt}.
 *   <li>Connections to an endpoint are in a pool of their own: 64 idle ones at most, for 5 minutes. The client's own pool is for all
 *       other names.
 *   <li>Names that are not ours, calls through a proxy, and all calls while the library is switched off go past it.
 * </ul>
 */
public final class DiscoveryInterceptor implements Interceptor {

    private static final int MOST_SITES = 10_000;
    private static final int MOST_FOLLOW_UPS = 20; // OkHttp's

    private final Discovery discovery;
    private final Ticker ticker;
    private final Map<Origin, Site> sites = new ConcurrentHashMap<>();

    /**
     * Over a discovery, which stays the caller's to close: from then on, calls go past it.
     *
     * @throws IllegalStateException if the OkHttp there is older than 5.4
     */
    public DiscoveryInterceptor(Discovery discovery) {
        this(discovery, Ticker.system());
    }

    DiscoveryInterceptor(Discovery discovery, Ticker ticker) {
        requireSteering();
        this.discovery = discovery;
        this.ticker = ticker;
    }

    /**
     * {@inheritDoc}
     *
     * @throws java.net.UnknownHostException if the service has no endpoint; the text says what each tier answered
     * @throws java.io.InterruptedIOException if the thread is interrupted while it waits for a service's first answer
     * @throws IOException the last attempt's; suppressed in it are those before it and a sentence about all of them
     */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Request request = chain.request();
        Optional<Authority> authority = authority(request.url());
        if (authority.isEmpty()) {
            return chain.proceed(request);
        }
        long began = ticker.nanos();
        Journey journey = Journey.of(chain.call());
        Optional<Response> prior = Optional.empty();
        for (int followUps = 0; followUps <= MOST_FOLLOW_UPS; followUps++) {
            if (authority.isEmpty()) {
                journey.leave();
                return after(prior, chain.proceed(request));
            }
            Site site = site(authority.get().service(), request.url());
            if (!site.isDirect(chain)) {
                journey.leave();
                return after(prior, chain.proceed(request));
            }
            Authority ours = authority.get();
            HttpUrl url = request.url();
            Optional<Response> response = new Steering(chain, request, site, journey, ticker, began)
                    // or closed, or switched off, this moment
                    .run(reason -> ours.isElsewhere(reason) || authority(url).isEmpty());
            if (response.isPresent()) {
                return after(prior, response.get());
            }
            Journey.FollowUp redirect = journey.followUp().orElseThrow();
            prior = Optional.of(after(prior, redirect.response()));
            request = redirect.next();
            authority = authority(request.url());
        }
        throw new ProtocolException("Too many follow-up requests: " + (MOST_FOLLOW_UPS + 1));
    }

    /** The class path may hold another OkHttp than the one this was built with: better said here than by a linkage error in a call. */
    private static void requireSteering() {
        try {
            BiFunction<Interceptor.Chain, Dns, Interceptor.Chain> steering =
                    Interceptor.Chain::withDns; // is linked now
            Objects.requireNonNull(steering);
        } catch (LinkageError older) {
            throw new IllegalStateException(
                    "OkHttp " + OkHttp.VERSION
                            + ": calls can't be sent to endpoints (expected: 5.4 or later; DiscoveryDns works alone from 5.0)",
                    older);
        }
    }

    private Optional<Authority> authority(HttpUrl url) {
        return discovery.authority(url.host(), url.port(), HttpUrl.defaultPort(url.scheme()));
    }

    private Site site(Service service, HttpUrl url) {
        Origin origin = new Origin(service, url.scheme(), url.host(), url.port());
        Site known = sites.get(origin);
        if (known != null) {
            return known;
        }
        if (sites.size() >= MOST_SITES) {
            sites.clear(); // what is in use comes back
        }
        return sites.computeIfAbsent(origin, o -> new Site(service, url, ticker.nanos()));
    }

    /** The response, which a redirect led to. */
    private static Response after(Optional<Response> redirect, Response response) {
        if (redirect.isEmpty()) {
            return response;
        }
        Response before = response.priorResponse();
        Response prior = before == null
                ? redirect.get().newBuilder().body(ResponseBody.EMPTY).build()
                : after(redirect, before);
        return response.newBuilder().priorResponse(prior).build();
    }

    private record Origin(Service service, String scheme, String host, int port) {}
}
