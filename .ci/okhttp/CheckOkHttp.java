import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Cidr;
import io.clusterset.discovery.okhttp.CallAttempt;
import io.clusterset.discovery.okhttp.DiscoveryDns;
import io.clusterset.discovery.okhttp.DiscoveryOkHttp;
import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.EventListener;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Our jar with the OkHttp that is on the class path, whatever it was built with: {@code CheckOkHttp VERSION alone|steered|refused...}.
 * What OkHttp lacks ends this with a linkage error.
 */
final class CheckOkHttp {

    private static final String HOME = "orders.shop.svc.cluster.local";
    private static final String SET = "orders.shop.svc.clusterset.local";

    private final FakeDnsServer dns = FakeDnsServer.start();
    private final Discovery discovery = Discovery.builder()
            .settings(Settings.none())
            .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
            .build();

    public static void main(String[] args) throws Exception {
        expect("version", args[0], OkHttp.VERSION);
        for (String what : List.of(args).subList(1, args.length)) {
            CheckOkHttp check = new CheckOkHttp();
            try {
                switch (what) {
                    case "alone" -> check.alone();
                    case "steered" -> check.steered();
                    case "http2" -> check.http2();
                    case "refused" -> check.refused();
                    default -> throw new IllegalArgumentException(what);
                }
            } finally {
                check.discovery.close();
                check.dns.close();
            }
            System.out.println("OkHttp " + OkHttp.VERSION + ": " + what + " ok");
        }
        System.exit(0); // OkHttp's threads linger for a minute
    }

    /** DiscoveryDns alone: resolves, calls, learns, fails over, hands on. */
    private void alone() throws IOException {
        try (FakeEndpoint local = FakeEndpoint.start("local-a", "127.0.0.1", 0);
                FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", local.port())) {
            dns.service(HOME, "127.0.0.1");
            dns.service(SET, "127.0.0.2");
            DiscoveryDns ours = new DiscoveryDns(discovery, name -> List.of(InetAddress.getByName("127.0.0.2")));
            Events events = new Events();
            OkHttpClient client = new OkHttpClient.Builder()
                    .dns(ours)
                    .eventListenerFactory(ours.listening(events))
                    .build();
            expect("first", "127.0.0.1", ours.lookup(HOME).get(0).getHostAddress());
            expect("home", "local-a", get(client, "orders.shop", local.port()));
            expect("the application's listener", 1, events.connected);
            expect("another name", "remote-a", get(client, "files.example.com", local.port()));
            local.refuse();
            for (int i = 0; i < 20; i++) {
                expect("failover", "remote-a", get(client, "orders.shop", local.port()));
                client.connectionPool().evictAll();
            }
            boolean learnt = discovery.figures().services().stream()
                    .flatMap(service -> service.tiers().stream())
                    .anyMatch(tier -> tier.attempts().failedHard() > 0);
            expect("connect failures are learnt", true, learnt);
        }
    }

    /** The one line: calls, failover, the endpoint's own port. */
    private void steered() throws IOException {
        try (FakeEndpoint local = FakeEndpoint.start("local-a", "127.0.0.1", 0);
                FakeEndpoint remote = FakeEndpoint.start("remote-a", "127.0.0.2", 0)) {
            dns.srvService(HOME, "http", "127.0.0.1:" + local.port());
            dns.srvService(SET, "http", "127.0.0.2:" + remote.port());
            try (Discovery named = Discovery.builder()
                    .settings(Settings.none())
                    .dns(d -> d.nameservers(List.of(dns.address())).allowAddresses(List.of(Cidr.parse("127.0.0.0/8"))))
                    .service("orders.shop", service -> service.port("http"))
                    .build()) {
                OkHttpClient client =
                        DiscoveryOkHttp.install(new OkHttpClient.Builder(), named).build();
                expect("home", "local-a", get(client, "orders.shop", 80));
                local.refuse();
                for (int i = 0; i < 20; i++) {
                    expect("failover", "remote-a", get(client, "orders.shop", 80));
                }
            }
        }
    }

    /** HTTP/2, without TLS. */
    private void http2() throws IOException {
        try (MockWebServer server = new MockWebServer()) {
            server.setProtocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
            server.start(InetAddress.getByName("127.0.0.1"), 0);
            dns.service(HOME, "127.0.0.1");
            dns.on(SET).nodata();
            OkHttpClient client = DiscoveryOkHttp.install(
                            new OkHttpClient.Builder().protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE)), discovery)
                    .build();
            for (int i = 0; i < 3; i++) {
                server.enqueue(new MockResponse.Builder().body("two").build());
                try (Response response = client.newCall(request("orders.shop", server.getPort())).execute()) {
                    expect("body", "two", response.body().string());
                    expect("protocol", Protocol.H2_PRIOR_KNOWLEDGE, response.protocol());
                    expect("attempt", 1, Objects.requireNonNull(response.request().tag(CallAttempt.class)).number());
                }
            }
        }
    }

    /** An OkHttp that can't steer is refused where it is installed, not in a call. */
    private void refused() {
        try {
            DiscoveryOkHttp.install(new OkHttpClient.Builder(), discovery);
        } catch (IllegalStateException e) {
            expect(
                    "message",
                    "OkHttp " + OkHttp.VERSION
                            + ": calls can't be sent to endpoints (expected: 5.4 or later; DiscoveryDns works alone from 5.0)",
                    e.getMessage());
            return;
        }
        throw new AssertionError("installed (expected: an IllegalStateException)");
    }

    private static Request request(String host, int port) {
        return new Request.Builder().url("http://" + host + ":" + port + "/list").build();
    }

    private static String get(OkHttpClient client, String host, int port) throws IOException {
        try (Response response = client.newCall(request(host, port)).execute()) {
            return Objects.requireNonNull(response.body()).string();
        }
    }

    private static void expect(String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            throw new AssertionError(what + ": " + actual + " (expected: " + expected + ")");
        }
    }

    private static final class Events extends EventListener {
        private int connected;

        @Override
        public void connectEnd(
                okhttp3.Call call, java.net.InetSocketAddress address, java.net.Proxy proxy, Protocol protocol) {
            connected++;
        }
    }
}
