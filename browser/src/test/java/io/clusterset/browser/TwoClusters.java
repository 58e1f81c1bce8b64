package io.clusterset.browser;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.call.Call;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.page.DiscoveryPage;
import io.clusterset.discovery.page.PageServer;
import io.clusterset.discovery.source.Tier;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.topology.Place;
import io.clusterset.discovery.topology.Topology;
import io.clusterset.discovery.topology.TopologyOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Two clusters on loopback, each with two zones, a discovery that knows them, calls at a hundred a second, and the page. Its return is
 * shorter than in production: a dwell of 3 s, then steps of 1 s if not told otherwise.
 */
final class TwoClusters implements AutoCloseable {

    static final String ORDERS = "orders.shop";

    /** The local cluster does not know it. */
    static final String ELSEWHERE = "mail.shop";

    private static final int PODS = 5;
    private static final String LOCAL = "127.0.1.";
    private static final String REMOTE = "127.0.2.";

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final List<FakeEndpoint> local = new ArrayList<>();
    private final List<FakeEndpoint> remote = new ArrayList<>();
    private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(4);
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofMillis(500)).build();
    final Discovery discovery;
    final DiscoveryPage page;
    final PageServer server;

    TwoClusters() {
        this(Duration.ofSeconds(1));
    }

    TwoClusters(Duration stepInterval) {
        int port = start(local, LOCAL, 0);
        start(remote, REMOTE, port);
        both(ORDERS, 1, 2, 3);
        both("billing.shop", 4, 5);
        both("users.identity", 5);
        both("search.web", 4, 5, 9); // nobody is at .9
        dns.service(ELSEWHERE + ".svc.clusterset.local", addresses(REMOTE, 5));
        discovery = Discovery.builder()
                .settings(Settings.none())
                .tier(Tier.of("local", "cluster.local").withPort(port))
                .tier(Tier.of("clusterset", "clusterset.local").withPort(port))
                .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                .topology(TwoClusters::places)
                .failover(f -> f.dwell(Duration.ofSeconds(3)).stepInterval(stepInterval))
                .health(h -> h.probeInterval(Duration.ofMillis(300)))
                .build();
        page = DiscoveryPage.of(discovery);
        try {
            server = page.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static int start(List<FakeEndpoint> endpoints, String subnet, int common) {
        int port = common;
        for (int i = 1; i <= PODS; i++) {
            FakeEndpoint endpoint = FakeEndpoint.start("pod-" + i, subnet + i, port);
            endpoints.add(endpoint);
            port = endpoint.port();
        }
        return port;
    }

    private static TopologyOptions.Builder places(TopologyOptions.Builder topology) {
        topology.region("eu-west").zone("eu-west-a").cluster("west").policy(Topology.any());
        for (int pod = 1; pod <= PODS; pod++) {
            topology.place(place(LOCAL, pod, pod % 2 == 0 ? "b" : "a"))
                    .place(place(REMOTE, pod, pod % 2 == 0 ? "b" : "a"));
        }
        return topology;
    }

    private static Place place(String subnet, int pod, String zone) {
        String region = subnet.equals(LOCAL) ? "eu-west" : "eu-north";
        return Place.of(Cidr.parse(subnet + pod + "/32"), new Locality(region, region + "-" + zone, ""))
                .withCluster(subnet.equals(LOCAL) ? "west" : "north");
    }

    private void both(String service, int... pods) {
        dns.service(service + ".svc.cluster.local", addresses(LOCAL, pods));
        dns.service(service + ".svc.clusterset.local", addresses(REMOTE, pods));
    }

    private static String[] addresses(String subnet, int... pods) {
        return Arrays.stream(pods).mapToObj(pod -> subnet + pod).toArray(String[]::new);
    }

    /** Begins to call these, a hundred times a second together. */
    TwoClusters calling(String... names) {
        for (String name : names) {
            Service service = discovery.service(name);
            ScheduledFuture<?> unused =
                    callers.scheduleAtFixedRate(() -> call(service), 0, 10L * names.length, TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private void call(Service service) {
        try {
            int unused = service.call(Call.idempotent(), this::get);
        } catch (IOException | RuntimeException failed) {
            return; // what the page shows of it is what is tested
        }
    }

    private int get(Endpoint endpoint) throws IOException {
        URI uri = URI.create("http://" + endpoint.authority() + "/list");
        try {
            return client.send(
                            HttpRequest.newBuilder(uri)
                                    .timeout(Duration.ofSeconds(2))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IOException(closing);
        }
    }

    URI uri() {
        return server.uri();
    }

    URI uri(String service) {
        return URI.create(server.uri() + "#/service/" + service);
    }

    /** Whether it goes to the page's own server, or nowhere. */
    boolean isOurs(String url) {
        return url.startsWith(server.uri().toString()) || url.startsWith("data:");
    }

    /** Connects to the local endpoints of {@link #ORDERS} are refused from now on. */
    void killHome() {
        local.subList(0, 3).forEach(FakeEndpoint::refuse);
    }

    /** Those of {@link #ORDERS} first, of the other services after. */
    void killAllOfHome() {
        killHome();
        awaitServing("clusterset");
        local.forEach(FakeEndpoint::refuse);
    }

    void restoreHome() {
        local.subList(0, 3).forEach(FakeEndpoint::restore);
    }

    /** Waits until that tier has all of the load of {@link #ORDERS}. */
    void awaitServing(String tier) {
        awaitServing(ORDERS, tier);
    }

    void awaitServing(String service, String tier) {
        Await.until(
                tier + " serves",
                Duration.ofSeconds(20),
                () -> discovery.sight(service).stream()
                        .flatMap(sight -> sight.decision().tiers().stream())
                        .anyMatch(one ->
                                one.load().tier().equals(tier) && one.load().percent() == 100));
    }

    @Override
    public void close() {
        callers.shutdownNow();
        server.close();
        discovery.close();
        local.forEach(FakeEndpoint::close);
        remote.forEach(FakeEndpoint::close);
        dns.close();
    }
}
