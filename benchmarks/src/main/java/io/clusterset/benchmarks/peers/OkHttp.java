package io.clusterset.benchmarks.peers;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.okhttp.DiscoveryDns;
import io.clusterset.discovery.okhttp.DiscoveryInterceptor;
import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
import io.clusterset.discovery.source.StaticSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.Supplier;
import okhttp3.Dns;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** What OkHttp asks of us: addresses when it opens a connection, and a way through the interceptor for each call. */
public final class OkHttp {

    private static final String SERVICE = "orders.shop";
    private static final String REMEMBERED = "localhost"; // the one name that every JVM can look up

    private OkHttp() {}

    /** The addresses of a name that the JVM remembers. */
    public static Supplier<Object> jvmLookup(int endpoints) {
        return () -> {
            try {
                return InetAddress.getAllByName(REMEMBERED);
            } catch (UnknownHostException strange) {
                throw new UncheckedIOException(strange);
            }
        };
    }

    /** The same through OkHttp's own {@code Dns}. */
    public static Supplier<Object> systemLookup(int endpoints) {
        return looked(Dns.SYSTEM, REMEMBERED);
    }

    /** The addresses of a service. */
    public static Supplier<Object> lookup(int endpoints) {
        return looked(new DiscoveryDns(discovery(endpoints)), SERVICE);
    }

    private static Supplier<Object> looked(Dns dns, String name) {
        return () -> {
            try {
                return dns.lookup(name);
            } catch (UnknownHostException gone) {
                throw new UncheckedIOException(gone);
            }
        };
    }

    /** A call that an interceptor answers. */
    public static Supplier<Object> call(int endpoints) {
        return called(new OkHttpClient.Builder());
    }

    /** The same, our interceptor before that one. */
    public static Supplier<Object> callIntercepted(int endpoints) {
        return called(new OkHttpClient.Builder().addInterceptor(new DiscoveryInterceptor(discovery(endpoints))));
    }

    /** The same, all of ours installed. */
    public static Supplier<Object> callInstalled(int endpoints) {
        return called(DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery(endpoints)));
    }

    private static Supplier<Object> called(OkHttpClient.Builder client) {
        OkHttpClient http = client.addInterceptor(OkHttp::answered).build();
        Request request =
                new Request.Builder().url("http://" + SERVICE + "/list").build();
        return () -> {
            try (Response response = http.newCall(request).execute()) {
                return response.code();
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        };
    }

    /** As from the network: without a network response, it would be from a cache. */
    private static Response answered(Interceptor.Chain chain) {
        Response received = new Response.Builder()
                .request(chain.request())
                .protocol(Protocol.HTTP_1_1)
                .code(200)
                .message("OK")
                .body(ResponseBody.EMPTY)
                .build();
        return received.newBuilder().networkResponse(received).build();
    }

    private static Discovery discovery(int endpoints) {
        Discovery discovery = Home.discovery(StaticSource.of(Addresses.each(endpoints, Home::plain)))
                .build();
        if (discovery.service(SERVICE).endpoints().size() != endpoints) {
            throw new IllegalStateException("not all of " + endpoints + " endpoints are in use");
        }
        return discovery;
    }
}
