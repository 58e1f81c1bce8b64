package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import org.jspecify.annotations.Nullable;

/**
 * Resolves services of ours, all other names by another {@code Dns}. For those who can only set a {@code Dns}: works alone, with
 * OkHttp 5.0 and later, and then can do less than {@link DiscoveryInterceptor}, since OkHttp asks for new connections only and goes on
 * using those it has.
 *
 * <pre>{@code
 * DiscoveryDns dns = new DiscoveryDns(discovery);
 * OkHttpClient client = new OkHttpClient.Builder()
 *     .dns(dns)
 *     .eventListenerFactory(dns.listening(EventListener.NONE)) // learns which endpoints work
 *     .build();
 * }</pre>
 *
 * <p>The first address is the one to use; those after it are for OkHttp to try when it can't connect: up to 8 of each tier, of the first
 * one's address family only, since OkHttp would put IPv6 before IPv4. An address has no port: where Service and endpoints have
 * different ports (headless Services, SRV), use the interceptor. Health is kept by address and port; the URL's is known only with
 * {@link #listening}, otherwise it is the service's own ({@code discovery.services[orders.shop].port}), or 80.
 *
 * <p>Waits only for a name's very first answer, 2.5 s at most. Thread-safe.
 */
public final class DiscoveryDns implements Dns {

    private static final int HTTP = 80;
    private static final int MOST_NAMES = 10_000;

    private final Discovery discovery;
    private final Dns others;
    private final Map<String, Addresses> known = new ConcurrentHashMap<>();

    /** The URL that a thread is about to connect for: {@link #lookup} is told a name and no port. */
    @SuppressWarnings("ThreadLocalUsage") // of this one's threads only, and emptied when it has answered
    private final ThreadLocal<@Nullable HttpUrl> expected = new ThreadLocal<>();

    private volatile boolean listened;

    /** Other names are resolved by the JVM. The discovery stays the caller's to close: from then on, all names are. */
    public DiscoveryDns(Discovery discovery) {
        this(discovery, Dns.SYSTEM);
    }

    /** As {@link #DiscoveryDns(Discovery)}, other names by another {@code Dns}, which may be a filter of the application's. */
    public DiscoveryDns(Discovery discovery, Dns others) {
        this.discovery = discovery;
        this.others = others;
    }

    /** Learns from connects that work and that fail, and hands everything on to the application's listener. */
    public EventListener.Factory listening(EventListener users) {
        return listening(call -> users);
    }

    /** As {@link #listening(EventListener)}, to the listeners that a factory makes. */
    public EventListener.Factory listening(EventListener.Factory users) {
        listened = true;
        return call -> new ConnectWatch(users.create(call), this);
    }

    /**
     * {@inheritDoc}
     *
     * @throws UnknownHostException if the name is a service without an endpoint, the text says what each tier answered; or if the other
     *     {@code Dns} does not know it
     */
    @Override
    public List<InetAddress> lookup(String hostname) throws UnknownHostException {
        Optional<Authority> ours = authority(hostname, expected(hostname));
        return ours.isPresent() ? addresses(hostname, ours.get()) : others.lookup(hostname);
    }

    /** Since OkHttp 5.5. Other names are asked for as the other {@code Dns} likes best. */
    @Override
    public Dns.Call newCall(Dns.Request request) {
        return authority(request.hostname(), expected(request.hostname())).isPresent()
                ? Dns.super.newCall(request)
                : others.newCall(request);
    }

    private List<InetAddress> addresses(String hostname, Authority authority) throws UnknownHostException {
        Addresses addresses = known.get(hostname);
        if (addresses == null || !addresses.isOf(authority)) {
            if (known.size() >= MOST_NAMES) {
                known.clear(); // what is in use comes back
            }
            addresses = new Addresses(hostname, authority);
            known.put(hostname, addresses);
        }
        try {
            return addresses.next();
        } catch (DiscoveryException reason) {
            return otherwise(hostname, authority, reason);
        }
    }

    private List<InetAddress> otherwise(String hostname, Authority authority, DiscoveryException reason)
            throws UnknownHostException {
        boolean noLonger = authority(hostname, null).isEmpty(); // closed, or switched off, this moment
        if (noLonger || authority.isElsewhere(reason)) {
            try {
                return others.lookup(hostname);
            } catch (UnknownHostException neither) {
                reason.addSuppressed(neither);
            }
        }
        UnknownHostException unknown = new UnknownHostException(reason.getMessage());
        unknown.initCause(reason);
        throw unknown;
    }

    private Optional<Authority> authority(String hostname, @Nullable HttpUrl url) {
        return url == null
                ? discovery.authority(hostname, HTTP, HTTP)
                : discovery.authority(hostname, url.port(), HttpUrl.defaultPort(url.scheme()));
    }

    private @Nullable HttpUrl expected(String hostname) {
        HttpUrl url = listened ? expected.get() : null;
        return url != null && url.host().equals(hostname) ? url : null;
    }

    /** The next name that this thread asks for is this URL's. */
    void expect(HttpUrl url) {
        listened = true;
        expected.set(url);
    }

    void expectNothing() {
        expected.remove();
    }

    /** How an attempt at an address ended, if that was one of a service's. */
    void report(InetSocketAddress address, HttpUrl url, Outcome outcome) {
        String host = address.getHostString(); // the name we gave the address
        authority(host, url.host().equals(host) ? url : null)
                .ifPresent(ours -> ours.service().report(address, outcome));
    }
}
