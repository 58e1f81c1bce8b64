package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.Attempt;
import io.clusterset.discovery.Pick;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Outcome;
import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.model.Verdict;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.client.ServiceInstance;

/**
 * An endpoint in the words of Spring Cloud. One that was picked for a request knows what the request has tried before it, and takes
 * the request's attempt from begin to end. Equal to any other of the same service and address: Spring's own meters keep one for
 * each that they see. Thread-safe; one that was picked is for one request at a time.
 */
final class EndpointInstance implements ServiceInstance {

    private static final int LONGEST = 16;
    private static final Outcome ABANDONED = new Outcome.Abandoned();

    private final String serviceId;
    private final Service service;
    private final Endpoint endpoint;
    private final @Nullable Pick pick;
    private final Optional<String> host;
    private final @Nullable EndpointInstance before;
    private final int number;
    private final int refusedBefore;
    private final AtomicReference<@Nullable Attempt> open = new AtomicReference<>();
    private volatile @Nullable Map<String, String> metadata; // most requests never ask
    private volatile boolean timedOut;
    private volatile boolean refused;

    private EndpointInstance(
            String serviceId,
            Service service,
            Endpoint endpoint,
            @Nullable Pick pick,
            Optional<String> host,
            @Nullable EndpointInstance before) {
        this.serviceId = serviceId;
        this.service = service;
        this.endpoint = endpoint;
        this.pick = pick;
        this.host = host;
        this.number = before == null ? 1 : before.number + 1;
        this.refusedBefore = before == null ? 0 : before.refusals();
        this.before = number % LONGEST == 0 ? null : before; // somebody may retry for ever
    }

    /** One of a list, picked by nobody yet. */
    static EndpointInstance listed(String serviceId, Service service, Endpoint endpoint) {
        return new EndpointInstance(serviceId, service, endpoint, null, Optional.empty(), null);
    }

    /**
     * One for a request.
     *
     * @param callee what was asked for
     * @param before what the request tried last, if it did
     */
    static EndpointInstance picked(Callee callee, Service service, Pick pick, Optional<EndpointInstance> before) {
        return new EndpointInstance(
                callee.id(), service, pick.endpoint(), pick, Optional.of(callee.host()), before.orElse(null));
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** What the URL of the request said, for {@code Host}; empty for one of a list. */
    Optional<String> host() {
        return host;
    }

    /** Which of the request's attempts this is, from 1. */
    int number() {
        return number;
    }

    /** Whether it was given up as no connection came in time. */
    boolean timedOut() {
        return timedOut;
    }

    /** Nobody was there, and nothing was sent. */
    void refuse() {
        refused = true;
    }

    /** How many of the request's attempts were refused so far. */
    int refusals() {
        return refusedBefore + (refused ? 1 : 0);
    }

    /** This one and those before it. */
    Set<InetSocketAddress> tried() {
        Set<InetSocketAddress> tried = new HashSet<>();
        for (EndpointInstance at = this; at != null; at = at.before) {
            tried.add(at.endpoint.socketAddress());
        }
        return tried;
    }

    /**
     * Whether there may be endpoints that the request has not met. Not if it was here before: then nobody else could be had (or may, where
     * a tier's load is limited). Nor of one of a list: where the request was before, whoever chose it knows. Never waits.
     */
    boolean mayMeetOthers() {
        if (pick == null || (before != null && before.tried().contains(endpoint.socketAddress()))) {
            return false;
        }
        Set<InetSocketAddress> tried = tried();
        return service.sight().stream()
                .flatMap(seen -> seen.decision().tiers().stream())
                .flatMap(tier -> tier.candidates().stream())
                .anyMatch(candidate -> candidate.weight() > 0
                        && !tried.contains(candidate.endpoint().socketAddress()));
    }

    /** The request is sent. */
    void begin(OpenAttempts attempts) {
        if (pick != null) {
            end(attempts, ABANDONED, open.getAndSet(attempts.begin(pick)));
        }
    }

    /** The request has ended like this. */
    void end(OpenAttempts attempts, Outcome outcome) {
        timedOut = outcome instanceof Outcome.FailedHard hard && hard.timedOut();
        Attempt attempt = open.getAndSet(null);
        if (pick == null) {
            service.report(endpoint.socketAddress(), outcome);
        }
        end(attempts, outcome, attempt);
    }

    /** The caller went away, if it has not ended yet. */
    void abandon(OpenAttempts attempts) {
        end(attempts, ABANDONED, open.getAndSet(null));
    }

    private static void end(OpenAttempts attempts, Outcome outcome, @Nullable Attempt attempt) {
        if (attempt != null) {
            attempts.end(attempt, outcome);
        }
    }

    /** {@code orders.shop/10.0.0.1:8080}: stable, and fit for a cookie as it is (RFC 6265 section 4.1.1). */
    @Override
    public String getInstanceId() {
        return service.name().base() + "/" + endpoint.authority();
    }

    @Override
    public String getServiceId() {
        return serviceId;
    }

    /** The address; of IPv6 in brackets, as URIs have it: Spring puts it into one. */
    @Override
    public String getHost() {
        return endpoint.isV6() ? "[" + endpoint.host() + "]" : endpoint.host();
    }

    @Override
    public int getPort() {
        return endpoint.port();
    }

    /** By the port's number or name, or the label {@code app-protocol}. */
    @Override
    public boolean isSecure() {
        return endpoint.port() == 443
                || endpoint.port() == 8443
                || (service.name().port() instanceof Port.Named named
                        && named.name().equals("https"))
                || "https".equalsIgnoreCase(endpoint.labels().get("app-protocol"));
    }

    /** Not said: the request's own is kept, but for {@code http} and {@code ws} where {@link #isSecure} makes them secure. */
    @Override
    public @Nullable String getScheme() {
        return null;
    }

    @Override
    public URI getUri() {
        return URI.create((isSecure() ? "https://" : "http://") + endpoint.authority());
    }

    /** Unmodifiable. {@code zone} and {@code weight} are what Spring's own suppliers read. */
    @Override
    public Map<String, String> getMetadata() {
        Map<String, String> known = metadata;
        if (known == null) {
            known = describe();
            metadata = known;
        }
        return known;
    }

    private Map<String, String> describe() {
        Map<String, String> all = new LinkedHashMap<>(endpoint.labels());
        putSaid(all, "tier", endpoint.tier());
        putSaid(all, "cluster", endpoint.cluster());
        putSaid(all, "region", endpoint.locality().region());
        putSaid(all, "zone", endpoint.locality().zone());
        putSaid(all, "node", endpoint.locality().node());
        Verdict verdict = pick != null
                ? pick.verdict()
                : service.verdict(endpoint.socketAddress()).orElse(Verdict.UNKNOWN);
        all.put("verdict", verdict.state().word());
        all.put("weight", Integer.toString(endpoint.weight()));
        return Collections.unmodifiableMap(all);
    }

    private static void putSaid(Map<String, String> all, String key, String value) {
        if (!value.isEmpty()) {
            all.put(key, value);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EndpointInstance that
                && serviceId.equals(that.serviceId)
                && endpoint.sameAddress(that.endpoint);
    }

    @Override
    public int hashCode() {
        return 31 * serviceId.hashCode() + endpoint.addressHash();
    }

    /** {@code orders.shop at local 10.0.0.1:8080}. */
    @Override
    public String toString() {
        return serviceId + " at " + endpoint;
    }
}
