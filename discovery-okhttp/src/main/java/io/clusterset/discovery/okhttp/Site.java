package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Candidate;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.Endpoint;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/** One scheme, host and port of URLs, which is a service of ours, and the lanes to its endpoints. Thread-safe. */
final class Site {

    private static final long SWEPT_EVERY = TimeUnit.SECONDS.toNanos(1);

    private static final int FORGOTTEN_BY = 32;

    private final Service service;
    private final HttpUrl url;
    private final URI uri;
    private final Map<InetSocketAddress, Lane> lanes = new ConcurrentHashMap<>();
    private final AtomicLong sweptAt;
    private final AtomicLong slowest = new AtomicLong();
    private volatile @Nullable Decision swept; // by which nothing is left to leave

    Site(Service service, HttpUrl url, long now) {
        this.service = service;
        this.url = url;
        this.uri = URI.create(url.scheme() + "://" + url.host() + ":" + url.port() + "/");
        this.sweptAt = new AtomicLong(now);
    }

    Service service() {
        return service;
    }

    String host() {
        return url.host();
    }

    int port() {
        return url.port();
    }

    /** Whether another URL has this host and port. */
    boolean isAt(HttpUrl other) {
        return other.host().equals(url.host()) && other.port() == url.port();
    }

    /** How long the slowest response of late took, in nanoseconds: a hundred faster ones, and it is forgotten. 0 before the first. */
    long slowest() {
        return slowest.get();
    }

    void took(long nanos) {
        slowest.updateAndGet(before -> Math.max(nanos, before - before / FORGOTTEN_BY));
    }

    /** Whether calls go to endpoints at all: a proxy resolves names itself. */
    boolean isDirect(Interceptor.Chain chain) {
        Proxy proxy = chain.getProxy();
        return proxy != null ? proxy.type() == Proxy.Type.DIRECT : isDirect(chain.getProxySelector());
    }

    private boolean isDirect(ProxySelector selector) {
        List<@Nullable Proxy> proxies;
        try {
            proxies = selector.select(uri);
        } catch (IllegalArgumentException misconfigured) { // as OkHttp takes it
            return true;
        }
        if (proxies == null || proxies.isEmpty()) {
            return true;
        }
        // one that is there in case no connection can be made can't be told from an endpoint
        return proxies.stream().allMatch(proxy -> proxy == null || proxy.type() == Proxy.Type.DIRECT);
    }

    /** The lane to an endpoint, in use from now on. */
    Lane lane(Endpoint endpoint, long now) {
        sweep(now);
        Lane lane =
                lanes.computeIfAbsent(endpoint.socketAddress(), at -> new Lane(Lane.named(url.host(), endpoint), now));
        lane.used(now);
        return lane;
    }

    /** Leaves the lanes that picks don't go to any more: endpoints that are gone, ejected, or of a tier that traffic has left. */
    @SuppressWarnings("ReferenceEquality") // decisions are replaced, never edited
    private void sweep(long now) {
        long before = sweptAt.get();
        if (now - before < SWEPT_EVERY || !sweptAt.compareAndSet(before, now)) {
            return;
        }
        Decision decided = service.decision();
        if (decided == swept) {
            return;
        }
        Set<InetSocketAddress> inUse = decided.portions().stream()
                .map(Decision.Portion::candidates)
                .flatMap(List::stream)
                .map(Candidate::endpoint)
                .map(Endpoint::socketAddress)
                .collect(Collectors.toSet());
        boolean later = false;
        for (Map.Entry<InetSocketAddress, Lane> entry : List.copyOf(lanes.entrySet())) {
            Lane lane = entry.getValue();
            if (!inUse.contains(entry.getKey())) {
                if (now - lane.usedAt() < SWEPT_EVERY) {
                    later = true; // an attempt went there a moment ago
                } else if (lanes.remove(entry.getKey(), lane)) {
                    lane.leave();
                }
            }
        }
        swept = later ? null : decided;
    }
}
