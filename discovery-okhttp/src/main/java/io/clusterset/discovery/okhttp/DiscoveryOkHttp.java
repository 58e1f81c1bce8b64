package io.clusterset.discovery.okhttp;

import io.clusterset.discovery.Discovery;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;

/**
 * The one line that gives an OkHttp client services:
 *
 * <pre>{@code
 * OkHttpClient client = DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery).build();
 * }</pre>
 *
 * <p>For OkHttp 5.4 and later.
 */
public final class DiscoveryOkHttp {

    private DiscoveryOkHttp() {}

    /**
     * Adds a {@link DiscoveryInterceptor} after the builder's interceptors, and puts a {@link DiscoveryDns} and an event listener in front
     * of its own {@code Dns} and listener, which go on doing what they did. Set those before: an event listener set later takes the place
     * of ours, and then no redirect to another service is picked anew, and a call timeout leaves no time for a second attempt. Several
     * clients may share a discovery; what {@link OkHttpClient#newBuilder} makes of this client has all of it. Not thread-safe, as the
     * builder is not.
     *
     * @param client the builder to change
     * @param discovery stays the caller's to close: from then on, calls go past the library
     * @return the same builder
     * @throws IllegalArgumentException if it has been done before, also to the client this builder is of
     * @throws IllegalStateException if the OkHttp there is older than 5.4
     */
    public static OkHttpClient.Builder install(OkHttpClient.Builder client, Discovery discovery) {
        if (client.interceptors().stream().anyMatch(DiscoveryInterceptor.class::isInstance)) {
            throw new IllegalArgumentException(
                    "install: the client has a DiscoveryInterceptor already (expected: one; newBuilder() keeps it)");
        }
        OkHttpClient before = client.build(); // a builder does not tell what was set
        DiscoveryDns dns = new DiscoveryDns(discovery, before.dns());
        EventListener.Factory users = before.eventListenerFactory();
        return client.dns(dns)
                .eventListenerFactory(call -> new Observer(users.create(call), dns))
                .addInterceptor(new DiscoveryInterceptor(discovery));
    }
}
