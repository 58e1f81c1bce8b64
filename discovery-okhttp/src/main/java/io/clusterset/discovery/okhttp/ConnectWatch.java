package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.call.Failure;
import io.clusterset.discovery.model.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Learns from OkHttp's own connects to addresses of a {@link DiscoveryDns}, where no interceptor steers the call. Uses nothing that
 * OkHttp 5.0 does not have.
 */
class ConnectWatch extends ForwardingListener {

    private final DiscoveryDns dns;

    /** Where OkHttp connects to: after a redirect, that is not the URL of the call. */
    private volatile @Nullable HttpUrl url;

    private volatile boolean connected;

    ConnectWatch(EventListener users, DiscoveryDns dns) {
        super(users);
        this.dns = dns;
    }

    /** Whether nobody else reports how this call's attempts end. */
    boolean watches(Call call) {
        return true;
    }

    @Override
    public void proxySelectStart(Call call, HttpUrl now) {
        url = now;
        super.proxySelectStart(call, now);
    }

    @Override
    public void dnsStart(Call call, String domain) {
        HttpUrl now = url;
        if (now != null && now.host().equals(domain)) {
            dns.expect(now);
        }
        super.dnsStart(call, domain);
    }

    @Override
    public void dnsEnd(Call call, String domain, List<InetAddress> addresses) {
        dns.expectNothing();
        super.dnsEnd(call, domain, addresses);
    }

    /** A name that is not found has no {@link #dnsEnd}. */
    @Override
    public void callFailed(Call call, IOException failure) {
        dns.expectNothing();
        super.callFailed(call, failure);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        connected = false; // a call may connect more than once: after a redirect, or when a connection broke
        super.connectStart(call, address, proxy);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        connected = true;
        report(call, address, proxy, new Outcome.Succeeded());
        super.connectEnd(call, address, proxy, protocol);
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException failure) {
        if (!lostTheRace(failure) && !call.isCanceled()) {
            report(call, address, proxy, Failure.of(failure).outcome());
        }
        super.connectFailed(call, address, proxy, protocol, failure);
    }

    /** OkHttp races addresses, and tells of a loser's end as of a failure: before the winner's TLS handshake, or after it. */
    private boolean lostTheRace(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        return connected || text.equals("Socket closed") || text.equals("canceled");
    }

    private void report(Call call, InetSocketAddress address, Proxy proxy, Outcome outcome) {
        HttpUrl now = url;
        if (now != null && proxy.type() == Proxy.Type.DIRECT && watches(call)) {
            dns.report(address, now, outcome);
        }
    }
}
