package io.clusterset.benchmarks.failover;

import com.linecorp.armeria.client.BlockingWebClient;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.healthcheck.HealthCheckedEndpointGroup;
import com.linecorp.armeria.common.SessionProtocol;
import java.io.IOException;

/** Armeria, a health-checked group and another one behind it. */
final class Armeria implements Client {

    private final BlockingWebClient http;

    Armeria(Served local, Served remote) {
        EndpointGroup group = checked(local).orElse(checked(remote));
        group.whenReady().join();
        http = WebClient.of(SessionProtocol.H1C, group).blocking();
    }

    private static EndpointGroup checked(Served endpoint) {
        return HealthCheckedEndpointGroup.of(Endpoint.of(endpoint.address(), endpoint.port()), "/health");
    }

    @Override
    public void call() throws IOException {
        var response = http.get("/list");
        if (!response.status().isSuccess()) {
            throw new IOException(response.status().toString());
        }
    }
}
