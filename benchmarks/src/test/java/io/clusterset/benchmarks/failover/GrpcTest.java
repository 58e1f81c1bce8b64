package io.clusterset.benchmarks.failover;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrpcTest {

    private static final String LOOPBACK = "127.0.0.1";

    @ParameterizedTest
    @ValueSource(strings = {"pick_first", "round_robin"})
    void aCallIsAnsweredUntilTheServerIsGone(String policy) throws IOException {
        GrpcServer server = GrpcServer.start(LOOPBACK, 0);
        try (Grpc client = new Grpc(policy, LOOPBACK, server.port())) {
            try (server) {
                for (int i = 0; i < 100; i++) {
                    client.call();
                }
            }
            assertThatExceptionOfType(StatusRuntimeException.class)
                    .isThrownBy(client::call)
                    .matches(failed -> failed.getStatus().getCode() == Status.Code.UNAVAILABLE);
        }
    }

    @Test
    void aBlackHoleAnswersNeitherCallsNorConnects() throws Exception {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try (GrpcServer server = GrpcServer.start(LOOPBACK, 0);
                Grpc client = new Grpc("pick_first", LOOPBACK, server.port());
                Grpc other = new Grpc("pick_first", LOOPBACK, server.port())) {
            client.call();
            server.blackHole();
            for (Grpc hangs : List.of(client, other)) {
                Future<?> call = thread.submit(() -> {
                    hangs.call();
                    return hangs;
                });
                assertThatExceptionOfType(TimeoutException.class)
                        .isThrownBy(() -> call.get(300, TimeUnit.MILLISECONDS));
                hangs.close();
            }
        } finally {
            thread.shutdownNow();
        }
    }
}
