package io.clusterset.discovery.testkit;

import static io.clusterset.discovery.testkit.ApiClient.PATIENCE;
import static io.clusterset.discovery.testkit.ApiClient.object;
import static io.clusterset.discovery.testkit.ApiClient.service;
import static io.clusterset.discovery.testkit.ApiClient.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a watch is told, and how it ends. */
@Timeout(30)
class ApiWatchTest {

    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";
    private static final String WATCH = SLICES + "?watch=1";

    private final ManualLater later = new ManualLater();
    private final FakeApiServer server = start(later);
    private final ApiClient client = new ApiClient(server);

    /** Time that a test lets pass. */
    private static final class ManualLater implements Later {
        private final List<Duration> delays = new CopyOnWriteArrayList<>();
        private final List<Runnable> tasks = new CopyOnWriteArrayList<>();

        @Override
        public void run(Duration delay, Runnable task) {
            delays.add(delay);
            tasks.add(task);
        }

        @Override
        public void clear() {
            tasks.clear();
        }

        @Override
        public void close() {
            clear();
        }
    }

    private static FakeApiServer start(Later later) {
        try {
            return new FakeApiServer(Addresses.socket(Addresses.LOOPBACK, 0), later);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void aClientReadsItLineByLine() throws Exception {
        server.apply(slice("shop", "s1"));
        HttpResponse<Stream<String>> response = HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(server.uri(SLICES + "?watch=true&resourceVersion=1000"))
                                .build(),
                        BodyHandlers.ofLines());
        Iterator<String> lines = response.body().iterator();

        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        assertThat(lines.next())
                .matches("\\{\"type\":\"ADDED\",\"object\":\\{\"kind\":\"EndpointSlice\","
                        + "\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":\\{\"name\":\"s1\".*}}");
        server.apply(slice("shop", "s1", "a=b"));
        assertThat(lines.next()).startsWith("{\"type\":\"MODIFIED\"").contains("\"a\":\"b\"");
        server.dropWatches();
        assertThat(lines.hasNext()).as("the end is no error").isFalse();
    }

    @Test
    void itGoesOnFromAVersion() throws Exception {
        server.apply(slice("shop", "s1"));
        server.apply(slice("shop", "s2"));
        server.apply(slice("other", "s3"));
        server.apply(service("shop", "s4"));
        server.delete("EndpointSlice", "shop", "s1");

        try (RawWatch watch = watch(WATCH + "&resourceVersion=1001")) {
            assertThat(watch.event()).isEqualTo("ADDED s2 1002");
            assertThat(watch.event()).isEqualTo("DELETED s1 1005");
            server.apply(slice("shop", "s2", "a=b"));
            assertThat(watch.event()).isEqualTo("MODIFIED s2 1006");
            server.apply(slice("shop", "s2", "a=b"));
            server.apply(slice("shop", "s1"));
            assertThat(watch.event()).as("no change is no event").isEqualTo("ADDED s1 1007");
        }
    }

    @Test
    void withoutAVersionItBeginsWithWhatIsThere() throws Exception {
        server.apply(slice("shop", "s2"));
        server.apply(slice("shop", "s1"));
        server.apply(slice("other", "s3"));

        for (String version : new String[] {"", "&resourceVersion=0"}) {
            try (RawWatch watch = watch(WATCH + version)) {
                assertThat(watch.event()).isEqualTo("ADDED s1 1002");
                assertThat(watch.event()).isEqualTo("ADDED s2 1001");
                assertThat(watch.hearsNothing()).isTrue();
            }
        }
        try (RawWatch watch = watch("/apis/discovery.k8s.io/v1/endpointslices?watch=1")) {
            assertThat(watch.event()).as("of all namespaces").isEqualTo("ADDED s3 1003");
        }
    }

    @Test
    void whatNoLongerMatchesIsDeletedToIt() throws Exception {
        try (RawWatch watch = watch(WATCH + "&resourceVersion=1000&labelSelector=app%3Da")) {
            server.apply(slice("shop", "other", "app=b"));
            server.apply(slice("shop", "s1", "app=a"));
            server.apply(slice("shop", "s1", "app=a", "v=2"));
            server.apply(slice("shop", "s1", "app=b"));
            server.delete("EndpointSlice", "shop", "s1");
            server.apply(slice("shop", "other", "app=a"));

            assertThat(watch.event()).isEqualTo("ADDED s1 1002");
            assertThat(watch.event()).isEqualTo("MODIFIED s1 1003");
            String deleted = watch.next();
            assertThat(deleted).startsWith("{\"type\":\"DELETED\"").contains("\"resourceVersion\":\"1004\"");
            assertThat(deleted).as("as it was when it matched").contains("\"app\":\"a\"", "\"v\":\"2\"");
            assertThat(watch.event()).isEqualTo("ADDED other 1006");
        }
    }

    @Test
    void customResourcesComeInTheVersionThatIsAskedFor() throws Exception {
        server.install("multicluster.x-k8s.io", "ServiceImport", "v1beta1", "v1alpha1");
        try (RawWatch watch = watch("/apis/multicluster.x-k8s.io/v1alpha1/serviceimports?watch=1")) {
            server.apply(object("multicluster.x-k8s.io/v1beta1", "ServiceImport", "shop", "orders"));
            assertThat(watch.next()).contains("\"apiVersion\":\"multicluster.x-k8s.io/v1alpha1\"");
            server.uninstall("ServiceImport");
            assertThat(watch.event()).isEqualTo("DELETED orders 1002");
            assertThat(watch.next()).as("the end").isEmpty();
        }
    }

    @Test
    void bookmarksSayHowFarItIs() throws Exception {
        try (RawWatch plain = watch(WATCH);
                RawWatch watch = watch(WATCH + "&allowWatchBookmarks=true");
                RawWatch services = watch("/api/v1/services?watch=1&allowWatchBookmarks=1")) {
            server.apply(object("v1", "Node", "", "n-1"));
            server.bookmark();
            assertThat(watch.next())
                    .isEqualTo("{\"type\":\"BOOKMARK\",\"object\":{\"kind\":\"EndpointSlice\","
                            + "\"apiVersion\":\"discovery.k8s.io/v1\",\"metadata\":{\"resourceVersion\":\"1001\","
                            + "\"creationTimestamp\":null},\"addressType\":\"\",\"endpoints\":null,\"ports\":null}}");
            assertThat(services.next()).contains("\"kind\":\"Service\"", "\"spec\":{}");
            assertThat(plain.hearsNothing()).as("not asked for").isTrue();
        }
    }

    @Test
    void itsTimeIsUp() throws Exception {
        try (RawWatch watch = watch(WATCH + "&timeoutSeconds=600")) {
            assertThat(later.delays).containsExactly(Duration.ofMinutes(10));
            later.tasks.get(0).run();
            assertThat(watch.next()).isEmpty();
            assertThat(server.watches()).isZero();
            later.tasks.get(0).run(); // once only
            watch.write("GET /version HTTP/1.1\r\n\r\n");
            assertThat(watch.line()).as("the connection goes on").isEqualTo("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aVersionThatIsTooOldIsAnEventOrAStatus() throws Exception {
        server.apply(slice("shop", "s1"));
        try (RawWatch open = watch(WATCH + "&resourceVersion=1001")) {
            server.compact();
            server.apply(slice("shop", "s2"));
            assertThat(open.event()).as("who is up to date stays").isEqualTo("ADDED s2 1003");
        }
        try (RawWatch watch = watch(WATCH + "&resourceVersion=1001")) {
            assertThat(watch.head()).startsWith("HTTP/1.1 200 OK");
            assertThat(watch.next())
                    .isEqualTo(
                            "{\"type\":\"ERROR\",\"object\":{\"kind\":\"Status\",\"apiVersion\":\"v1\","
                                    + "\"metadata\":{},\"status\":\"Failure\","
                                    + "\"message\":\"too old resource version: 1001 (1002)\",\"reason\":\"Expired\",\"code\":410}}");
            assertThat(watch.next()).isEmpty();
        }
        server.tooOldAsStatus(true);
        HttpResponse<String> gone = client.get(WATCH + "&resourceVersion=1001");
        assertThat(gone.statusCode()).isEqualTo(410);
        assertThat(gone.body()).contains("too old resource version: 1001 (1002)");
        try (RawWatch watch = watch(WATCH + "&resourceVersion=1002")) {
            assertThat(watch.event()).as("not too old").isEqualTo("ADDED s2 1003");
        }
    }

    @Test
    void theHistoryIsBounded() throws Exception {
        for (int i = 0; i <= ApiStore.KEPT; i++) {
            server.apply(slice("shop", "s", "i=" + i));
        }
        try (RawWatch first = watch(WATCH + "&resourceVersion=1001");
                RawWatch watch = watch(WATCH + "&resourceVersion=1000")) {
            assertThat(first.event()).isEqualTo("MODIFIED s 1002");
            assertThat(watch.next()).contains("too old resource version: 1000 (1001)");
        }
    }

    @Test
    void aBurstIsKeptForWhoReadsLate() throws Exception {
        String large = "x".repeat(10_000);
        try (RawWatch watch = watch(WATCH)) {
            for (int burst = 0; burst < 2; burst++) {
                int before = 1_000 + 1_500 * burst;
                for (int i = 1; i <= 1_500; i++) {
                    server.apply(slice("shop", "s", "i=" + (before + i), "large=" + large));
                }
                for (int i = 1; i <= 1_500; i++) {
                    assertThat(watch.event()).endsWith("s " + (before + i));
                }
            }
        }
    }

    @Test
    void whoReadsNothingIsCutOff() throws Exception {
        String large = "x".repeat(1_000_000);
        try (RawWatch watch = watch(WATCH)) {
            for (int i = 1; server.watches() == 1 && i <= 100; i++) {
                server.apply(slice("shop", "s", "i=" + i, "large=" + large));
            }
            assertThat(server.watches()).isZero();
            assertThat(watch.head()).contains("200");
        }
    }

    @Test
    void eachWatchIsToldAllInOrderHoweverManyChangeThings() throws Exception {
        try (RawWatch watch = watch(WATCH)) {
            List<CompletableFuture<Void>> writers = IntStream.range(0, 4)
                    .mapToObj(writer -> CompletableFuture.runAsync(() -> {
                        for (int i = 0; i < 250; i++) {
                            server.apply(slice("shop", "s" + writer, "i=" + i));
                        }
                    }))
                    .toList();
            for (int i = 1; i <= 1_000; i++) {
                assertThat(watch.event()).endsWith(" " + (1_000 + i));
            }
            writers.forEach(CompletableFuture::join);
        }
    }

    @Test
    void allWatchesCanBeEndedOrReset() throws Exception {
        try (RawWatch watch = watch(WATCH);
                RawWatch other = watch("/api/v1/services?watch=1")) {
            server.awaitWatches(2, PATIENCE);
            server.dropWatches();
            assertThat(watch.next()).isEmpty();
            assertThat(other.next()).isEmpty();
        }
        try (RawWatch watch = watch(WATCH)) {
            server.resetWatches();
            assertThatThrownBy(watch::next).isInstanceOf(SocketException.class);
        }
        assertThat(server.watches()).isZero();
    }

    @Test
    void aClientThatGoesEndsItsWatch() throws Exception {
        try (RawWatch watch = watch(WATCH)) {
            assertThat(watch.head()).contains("Transfer-Encoding: chunked");
            server.awaitWatches(1, PATIENCE);
        }
        server.awaitWatches(0, PATIENCE);
        assertThatThrownBy(() -> server.awaitWatches(1, Duration.ofMillis(1)))
                .isInstanceOf(AssertionError.class)
                .hasMessage("watches: 0 after PT0.001S (expected: 1)");
    }

    @Test
    void errorsAndAnyLineCanBeSent() throws Exception {
        try (RawWatch watch = watch(WATCH);
                RawWatch services = watch("/api/v1/services?watch=1")) {
            server.sendRaw("endpointslices", "{\"type\":\"SURPRISE\"}");
            server.sendRaw("{");
            assertThat(watch.next()).isEqualTo("{\"type\":\"SURPRISE\"}");
            assertThat(watch.next()).isEqualTo("{");
            assertThat(services.next()).isEqualTo("{");

            server.failWatches(403);
            assertThat(watch.next())
                    .startsWith("{\"type\":\"ERROR\"")
                    .contains("cannot watch resource \\\"endpointslices\\\"", "\"code\":403");
            assertThat(watch.next()).isEmpty();
            assertThat(services.next()).contains("cannot watch resource \\\"services\\\"");
        }
    }

    @Test
    void whoIsStalledIsToldLaterWhatWasMissed() throws Exception {
        try (RawWatch watch = watch(WATCH)) {
            server.stallWatches();
            server.apply(slice("shop", "s1"));
            server.bookmark();
            assertThat(client.names(SLICES)).as("lists go on").containsExactly("s1");
            try (RawWatch late = watch(WATCH)) {
                assertThat(late.head()).startsWith("HTTP/1.1 200");
                assertThat(late.hearsNothing()).isTrue();
                assertThat(watch.hearsNothing()).isTrue();
                server.healthy();
                assertThat(watch.event()).isEqualTo("ADDED s1 1001");
                assertThat(late.event()).isEqualTo("ADDED s1 1001");
            }
            server.stallWatches();
            server.apply(slice("shop", "s2"));
            server.compact();
            server.healthy();
            assertThat(watch.next()).as("what was missed is forgotten").contains("\"code\":410");
            assertThat(watch.next()).isEmpty();
        }
    }

    @Test
    void refusedConnectionsEndAllWatches() throws Exception {
        try (RawWatch watch = watch(WATCH)) {
            server.refuseConnections();
            assertThatThrownBy(watch::next).isInstanceOfAny(SocketException.class, EOFException.class);
            assertThat(server.watches()).isZero();
            assertThatThrownBy(() -> watch(WATCH)).isInstanceOf(SocketException.class);
            server.apply(slice("shop", "s1"));
            server.restore();
            try (RawWatch again = watch(WATCH + "&resourceVersion=1000")) {
                assertThat(again.event()).isEqualTo("ADDED s1 1001");
            }
        }
    }

    private RawWatch watch(String target) throws IOException {
        return new RawWatch(server, target);
    }
}
