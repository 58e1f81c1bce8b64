package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** OkHttp, whose name service knows both addresses, the local one first. */
final class OkHttp implements Client {

    private final OkHttpClient http;
    private final Request request;

    OkHttp(FakeEndpoint local, FakeEndpoint remote) {
        List<InetAddress> both =
                List.of(local.address().getAddress(), remote.address().getAddress());
        http = new OkHttpClient.Builder().dns(name -> both).build();
        request = new Request.Builder()
                .url("http://orders:" + local.port() + "/list")
                .build();
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
