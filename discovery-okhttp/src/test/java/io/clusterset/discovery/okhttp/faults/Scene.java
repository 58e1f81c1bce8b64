package io.clusterset.discovery.okhttp.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.okhttp.CallAttempt;
import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Five endpoints at home, five in another cluster, and an OkHttp client that makes 200 GETs a second whatever becomes of them. */
final class Scene implements AutoCloseable {

    private static final int PODS = 5;
    private static final Duration APART = Duration.ofMillis(5);

    private final Ticker ticker = Ticker.system();
    private final FakeDnsServer dns = FakeDnsServer.start();
    private final List<FakeEndpoint> home = new ArrayList<>();
    private final List<FakeEndpoint> away = new ArrayList<>();
    private final Queue<Load> loads = new ConcurrentLinkedQueue<>();
    private final Queue<Sent> sent = new ConcurrentLinkedQueue<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final ExecutorService callers = Executors.newFixedThreadPool(200);
    private final CountDownLatch enough = new CountDownLatch(1);
    private final Thread pace = new Thread(this::pace, "pace");
    private final Discovery discovery;
    private final OkHttpClient client;
    private final Request request;

    private Scene(String subnet, OkHttpClient.Builder builder) {
        int port = start(home, "home", subnet + "1", 0);
        start(away, "away", subnet + "2", port);
        dns.service("orders.shop.svc.cluster.local", addresses(home));
        dns.service("orders.shop.svc.clusterset.local", addresses(away));
        discovery = Discovery.builder()
                .settings(Settings.none())
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .listener(this::heard)
                .build();
        client = DiscoveryOkHttp.install(builder, discovery)
                .addNetworkInterceptor(this::noted)
                .build();
        request = new Request.Builder()
                .url("http://orders.shop:" + port + "/list")
                .build();
    }

    /** Begun, with calls under way. */
    static Scene begin(String subnet, OkHttpClient.Builder builder) {
        Scene scene = new Scene(subnet, builder);
        scene.pace.start();
        return scene;
    }

    private static int start(List<FakeEndpoint> endpoints, String name, String subnet, int port) {
        int common = port;
        for (int i = 1; i <= PODS; i++) {
            FakeEndpoint endpoint = FakeEndpoint.start(name + i, subnet + i, common);
            common = endpoint.port();
            endpoints.add(endpoint);
        }
        return common;
    }

    private static String[] addresses(List<FakeEndpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> endpoint.address().getAddress().getHostAddress())
                .toArray(String[]::new);
    }

    private void heard(Event event) {
        if (event instanceof Event.LoadChanged change) {
            int local = change.loads().stream()
                    .filter(load -> load.tier().equals("local"))
                    .mapToInt(TierLoad::percent)
                    .sum();
            loads.add(new Load(ticker.nanos(), local));
        }
    }

    /** A network interceptor: what it sees goes out on a connection. */
    private Response noted(Interceptor.Chain chain) throws IOException {
        CallAttempt attempt = chain.request().tag(CallAttempt.class);
        if (attempt != null) {
            sent.add(new Sent(ticker.nanos(), attempt.endpoint().tier()));
        }
        return chain.proceed(chain.request());
    }

    private void pace() {
        try {
            long due = ticker.nanos();
            while (!enough.await(due - ticker.nanos(), TimeUnit.NANOSECONDS)) {
                begun.incrementAndGet();
                callers.execute(this::once);
                due += APART.toNanos();
            }
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    private void once() {
        try (Response response = client.newCall(request).execute()) {
            if (response.code() != 200 || response.body().string().isEmpty()) {
                failures.add(response.toString());
            }
        } catch (IOException | RuntimeException failed) {
            failures.add(failed + " at " + Duration.ofNanos(ticker.nanos()));
        } finally {
            ended.incrementAndGet();
        }
    }

    long now() {
        return ticker.nanos();
    }

    List<FakeEndpoint> home() {
        return home;
    }

    /** Lets calls go on for a while, or until something holds. */
    void go(Duration most, BooleanSupplier until) throws InterruptedException {
        long end = ticker.nanos() + most.toNanos();
        while (ticker.nanos() - end < 0 && !until.getAsBoolean()) {
            TimeUnit.MILLISECONDS.sleep(5); // calls take their time
        }
    }

    void go(Duration time) throws InterruptedException {
        go(time, () -> false);
    }

    /** Loads of home since a time, in percent. */
    List<Integer> homeLoads(long since) {
        return loads.stream()
                .filter(load -> load.at - since >= 0)
                .map(Load::percent)
                .toList();
    }

    /** When the last request before a time went out to home, in milliseconds after another. */
    long lastAtHome(long since, long before) {
        return sent.stream()
                .filter(one -> one.tier.equals("local") && one.at - before < 0)
                .mapToLong(one -> TimeUnit.NANOSECONDS.toMillis(one.at - since))
                .max()
                .orElse(Long.MIN_VALUE);
    }

    /** No more calls begin, and none of them has failed. */
    void endWithoutFailure() throws InterruptedException {
        enough.countDown();
        pace.join();
        go(Duration.ofSeconds(20), () -> ended.get() == begun.get());
        assertThat(ended.get()).as("calls that ended").isEqualTo(begun.get());
        assertThat(failures).as("failures of " + begun.get() + " calls").isEmpty();
    }

    @Override
    public void close() {
        enough.countDown();
        callers.shutdownNow();
        discovery.close();
        dns.close();
        home.forEach(FakeEndpoint::close);
        away.forEach(FakeEndpoint::close);
    }

    private record Load(long at, int percent) {}

    private record Sent(long at, String tier) {}
}
