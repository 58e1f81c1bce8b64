package io.clusterset.benchmarks.failover;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** This library, home and one tier behind it, over OkHttp; an attempt may take as long as the library says. */
final class Ours implements Client {

    private final OkHttpClient http = new OkHttpClient();
    private final Service service;

    Ours(Served local, Served remote) {
        service = discovery(local, remote).service("orders.shop");
    }

    static Discovery discovery(Served local, Served remote) {
        return Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.of("shop"), Optional.empty(), List.of()))
                .tier(Tier.of("local", "cluster.local"), source(local))
                .tier(Tier.of("clusterset", "clusterset.local"), source(remote))
                .build();
    }

    private static StaticSource source(Served endpoint) {
        return StaticSource.of(List.of(Endpoint.parse(endpoint.endpoint())));
    }

    @Override
    public void call() throws IOException {
        service.call(Call.idempotent(), this::get);
    }

    private String get(Endpoint endpoint, Duration left) throws IOException {
        OkHttpClient hurried = http.newBuilder().callTimeout(left).build();
        Request request = new Request.Builder()
                .url("http://" + endpoint.authority() + "/list")
                .build();
        try (Response response = hurried.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
