package io.clusterset.discovery.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Home dies under load, and comes back, with {@link DiscoveryDns} and its listener alone: OkHttp's own retries do the rest. */
class KillDnsTest {

    private static final String HOME = "orders.shop.svc.cluster.local";

    private static final int CALLERS = 8;

    private final FakeDnsServer server = FakeDnsServer.start();
    private final FakeEndpoint local = FakeEndpoint.start("local-a", "127.0.0.1", 0);
    private final FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", local.port());
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .dns(d -> d.nameservers(List.of(server.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
            .build();
    private final DiscoveryDns dns = new DiscoveryDns(discovery);
    private final OkHttpClient client = new OkHttpClient.Builder()
            .dns(dns)
            .eventListenerFactory(dns.listening(EventListener.NONE))
            .readTimeout(Duration.ofSeconds(3)) // remote has it too, and to answer within it on a busy machine
            .build();
    private final ExecutorService callers = Executors.newFixedThreadPool(CALLERS);
    private final Queue<IOException> failures = new ConcurrentLinkedQueue<>();
    private final Map<String, Integer> served = new ConcurrentHashMap<>();

    @AfterEach
    void close() {
        callers.shutdownNow();
        client.connectionPool().evictAll();
        discovery.close();
        server.close();
        local.close();
        remote.close();
    }

    private void calls(int count) throws InterruptedException {
        Semaphore done = new Semaphore(0);
        for (int i = 0; i < count; i++) {
            callers.execute(() -> {
                get();
                done.release();
            });
        }
        done.acquire(count);
    }

    private void get() {
        Request request = new Request.Builder()
                .url("http://" + HOME + ":" + local.port() + "/list")
                .build();
        try (Response response = client.newCall(request).execute()) {
            served.merge(response.body().string(), 1, Integer::sum);
        } catch (IOException e) {
            failures.add(e);
        }
    }

    private void bothClusters() {
        server.service(HOME, "127.0.0.1");
        server.service("orders.shop.svc.clusterset.local", "127.0.0.2");
    }

    /** Calls, of which {@code kill} happens to some. */
    private void callsMeanwhile(Runnable kill) throws InterruptedException {
        Thread killer = new Thread(kill);
        killer.start();
        calls(400);
        killer.join();
        calls(400);
    }

    @Test
    void noCallFailsWhenHomeRefusesAndComesBack() throws InterruptedException {
        bothClusters();
        calls(200);
        assertThat(served).containsOnlyKeys("local-a");
        assertThat(local.connections()).as("connections for 200 calls").isLessThanOrEqualTo(2 * CALLERS);

        callsMeanwhile(local::refuse);
        assertThat(failures).isEmpty();
        served.clear();
        calls(100);
        assertThat(served).containsOnlyKeys("remote-a");

        local.restore();
        calls(200);
        assertThat(failures).isEmpty();
    }

    /** A connection that is there says nothing: OkHttp knows no better than to wait, once for each. New ones cost no call. */
    @Test
    void aBlackHoleCostsOneCallForEachPooledConnection() throws InterruptedException {
        bothClusters();
        calls(200);
        assertThat(served).containsOnlyKeys("local-a");

        callsMeanwhile(local::blackHole);
        assertThat(failures)
                .hasSizeLessThanOrEqualTo(CALLERS)
                .allSatisfy(failure -> assertThat(failure).isInstanceOf(SocketTimeoutException.class));
        failures.clear();
        served.clear();
        calls(100);
        assertThat(failures).isEmpty();
        assertThat(served).containsOnlyKeys("remote-a");
    }
}
