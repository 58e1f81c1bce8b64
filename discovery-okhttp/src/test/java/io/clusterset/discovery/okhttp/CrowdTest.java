package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many callers at once. */
@Isolated("takes all processors there are, and home must not seem slow")
class CrowdTest {

    @ParameterizedTest
    @EnumSource(names = {"HTTP1", "HTTP2"})
    void manyAtOnceColdAndWarmAndThroughAKill(Wire wire) throws Exception {
        try (TwoClusters clusters = new TwoClusters(wire)) {
            OkHttpClient client = clusters.client();
            ExecutorService callers = Executors.newFixedThreadPool(64);
            try {
                for (int round = 0; round < 3; round++) {
                    if (round == 2) {
                        clusters.home.kill();
                    }
                    List<Future<String>> calls = IntStream.range(0, 64)
                            .mapToObj(i ->
                                    callers.submit(() -> clusters.get(client).body()))
                            .toList();
                    for (Future<String> call : calls) {
                        assertThat(call.get(20, TimeUnit.SECONDS)).isEqualTo(round == 2 ? "remote" : "home");
                    }
                }
                assertThat(clusters.home.count()).isEqualTo(128);
                assertThat(clusters.atRemote().succeeded()).isEqualTo(64);
            } catch (ExecutionException e) {
                throw new AssertionError(e.getCause());
            } finally {
                callers.shutdownNow();
            }
        }
    }
}
