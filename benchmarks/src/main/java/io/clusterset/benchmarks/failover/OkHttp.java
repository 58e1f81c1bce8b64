package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp and a URL. Who tells it where that is, is all that differs. */
final class OkHttp implements Client {

    private final OkHttpClient http;
    private final Request request;

    private OkHttp(OkHttpClient http, String name, int port) {
        this.http = http;
        request = new Request.Builder()
                .url("http://" + name + ":" + port + "/list")
                .build();
    }

    /** A {@code Dns} that knows both addresses, the local one first. */
    static OkHttp ofBoth(Served local, Served remote) {
        List<InetAddress> both = List.of(local.inet(), remote.inet());
        return new OkHttp(new OkHttpClient.Builder().dns(name -> both).build(), "orders", local.port());
    }

    /** Nothing but the JVM's own lookup, of a name that moves. */
    static OkHttp ofJvm(Served local) {
        return new OkHttp(new OkHttpClient(), Names.MOVING, local.port());
    }

    /** This library, home and one tier behind it, installed in a line. */
    static OkHttp ofOurs(Served local, Served remote) {
        OkHttpClient http = DiscoveryOkHttp.install(new OkHttpClient.Builder(), Ours.discovery(local, remote))
                .build();
        return new OkHttp(http, "orders.shop", local.port());
    }

    @Override
    public void call() throws IOException {
        try (Response response = http.newCall(request).execute()) {
            String body = response.body().string();
            if (!response.isSuccessful()) {
                throw new IOException(response.code() + " " + body);
            }
        }
    }
}
