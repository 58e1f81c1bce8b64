package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.health.Prober.Passed;
import io.clusterset.discovery.health.Prober.Refused;
import io.clusterset.discovery.health.Prober.Result;
import io.clusterset.discovery.health.Prober.TimedOut;
import io.clusterset.discovery.io.IoLoop;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.ManualTime;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsProberTest {

    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final Duration COLD = Duration.ofMillis(2_500);
    private static final String PATH = "/ready?deep=1";
    private static final Probe HTTPS = Probe.https("/ready");
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    @TempDir
    static Path folder = Path.of(".");

    private static Optional<SSLContext> known = Optional.empty();

    private final ManualTime time = new ManualTime();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Result> results = new LinkedBlockingQueue<>();
    private HttpsProber prober = prober(known);

    @BeforeAll
    static void makeKeys() throws Exception {
        known = Optional.of(TlsEndpoint.identity(folder, "ip:127.0.0.1"));
    }

    @AfterEach
    void leavesNothing() throws InterruptedException {
        prober.close();
        awaitNoThread();
        assertThat(time.pending()).isZero();
    }

    private HttpsProber prober(Optional<SSLContext> tls) {
        return new HttpsProber(tls, time, events::add);
    }

    private static Stream<Thread> group() {
        return Thread.getAllStackTraces().keySet().stream().filter(HttpsProberTest::ours);
    }

    /** A thread that ends has no group any more: it is asked for once. */
    private static boolean ours(Thread thread) {
        ThreadGroup group = thread.getThreadGroup();
        return group != null && group.getName().equals("discovery-https");
    }

    private static List<String> threads() {
        return group().map(Thread::getName).sorted().toList();
    }

    private static void awaitNoThread() throws InterruptedException {
        for (Thread ending : group().toList()) {
            ending.join(10_000);
        }
        assertThat(threads()).isEmpty();
    }

    private Result result() throws InterruptedException {
        Result result = results.poll(20, TimeUnit.SECONDS);
        assertThat(result).as("a result").isNotNull();
        return result == null ? new TimedOut() : result;
    }

    private Result probe(InetSocketAddress address) throws InterruptedException {
        prober.probe(PATH, address, TIMEOUT, results::add);
        return result();
    }

    private void warm() throws Exception {
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), OK)) {
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
        }
    }

    @Test
    void asksForThePathAndNothingMore() throws Exception {
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), OK)) {
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
            assertThat(endpoint.request().lines())
                    .startsWith("GET /ready?deep=1 HTTP/1.1")
                    .contains(
                            "Host: 127.0.0.1:" + endpoint.address().getPort(), "User-Agent: clusterset-discovery-probe")
                    .noneMatch(line -> line.matches("(?i)(cookie|authorization|upgrade|http2-settings):.*"));
            assertThat(events).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                OK,
                "HTTP/1.1 204 No Content\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\nhalf an answer",
                "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"
            })
    void everyProbeHasAConnectionOfItsOwnWhichIsClosedAtTheStatus(String answer) throws Exception {
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), answer)) {
            for (int i = 0; i < 3; i++) {
                assertThat(probe(endpoint.address())).isEqualTo(new Passed());
                assertThat(endpoint.request()).startsWith("GET /ready?deep=1 ").doesNotContainIgnoringCase("cookie");
                assertThat(endpoint.end()).isEqualTo("closed by the peer");
            }
            assertThat(endpoint.requestsLeft()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTP/1.1 503 No | probe answered 503",
                "HTTP/1.1 404 No | probe answered 404",
                "HTTP/1.1 401 No | probe answered 401",
                "HTTP/1.1 407 No | probe answered 407",
                "SSH-2.0-Go | probe answer is not HTTP/1.1",
            })
    void anyOtherAnswerIsRefused(String statusLine, String why) throws Exception {
        try (TlsEndpoint endpoint =
                TlsEndpoint.answering(known.orElseThrow(), statusLine + "\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(probe(endpoint.address())).isEqualTo(new Refused(why));
        }
    }

    @Test
    void anUntrustedCertificateIsJudgedByItsHandshakeAndToldOnce() throws Exception {
        prober = prober(Optional.empty());
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), "HTTP/1.1 503 No\r\n\r\n")) {
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
            assertThat(events)
                    .containsExactly(new Event.Trouble(
                            "",
                            "https probe of 127.0.0.1:" + endpoint.address().getPort()
                                    + ": its certificate can't be verified for the address (unable to find valid"
                                    + " certification path to requested target); judged by its handshake alone, as a TCP"
                                    + " probe would"));
            assertThat(endpoint.requestsLeft()).isZero();
        }
    }

    @Test
    void aTrustedCertificateForAnotherAddressIsJudgedByItsHandshakeToo() throws Exception {
        SSLContext other = TlsEndpoint.identity(folder, "ip:127.0.0.2");
        prober = prober(Optional.of(other));
        try (TlsEndpoint endpoint = TlsEndpoint.answering(other, OK)) {
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
            assertThat(events)
                    .singleElement()
                    .asString()
                    .contains("(No subject alternative names matching IP address 127.0.0.1 found)");
            assertThat(endpoint.requestsLeft()).isZero();
        }
    }

    @Test
    void anEndpointThatAsksForACertificateIsRefusedUnlessThereIsOne() throws Exception {
        try (TlsEndpoint endpoint = TlsEndpoint.mutual(known.orElseThrow())) {
            assertThat(probe(endpoint.address())).isEqualTo(new Passed());
            prober.close();
            prober = prober(Optional.of(TlsEndpoint.trusting(folder, "ip:127.0.0.1")));
            assertThat(probe(endpoint.address()))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).startsWith("TLS failed: "));
        }
    }

    @Test
    void aServerThatNeverShakesHandsRunsIntoTheDeadline() throws Exception {
        warm();
        try (ServerSocket silent = listen()) {
            prober.probe(PATH, address(silent), TIMEOUT, results::add);
            try (Socket peer = silent.accept()) {
                assertThat(peer.getInputStream().read()).isEqualTo(22); // a TLS handshake record
                time.advance(TIMEOUT.minusMillis(1));
                assertThat(results).isEmpty();
                time.advance(Duration.ofMillis(1));
                assertThat(result()).isEqualTo(new TimedOut());
                assertClosedByPeer(peer);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "H", "HTTP/1.1 200 OK", "HTTP/1.1 200 OK\r\nA: b\r\nC"})
    void aServerThatStopsBeforeTheEndOfItsHeadRunsIntoTheDeadline(String part) throws Exception {
        warm();
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), part)) {
            prober.probe(PATH, endpoint.address(), TIMEOUT, results::add);
            assertThat(endpoint.request()).startsWith("GET");
            time.advance(TIMEOUT.minusMillis(1));
            assertThat(results).isEmpty();
            time.advance(Duration.ofMillis(1));
            assertThat(result()).isEqualTo(new TimedOut());
            assertThat(endpoint.end()).isEqualTo("closed by the peer");
        }
    }

    @Test
    void theFirstProbeHasTimeToLoadTls() throws Exception {
        try (ServerSocket silent = listen()) {
            assertThat(prober.longest(TIMEOUT)).isEqualTo(COLD);
            prober.probe(PATH, address(silent), TIMEOUT, results::add);
            try (Socket peer = silent.accept()) {
                time.advance(COLD.minusMillis(1));
                assertThat(results).isEmpty();
                time.advance(Duration.ofMillis(1));
                assertThat(result()).isEqualTo(new TimedOut());
                assertThat(prober.longest(TIMEOUT)).isEqualTo(TIMEOUT);
                assertClosedByPeer(peer);
            }
        }
    }

    @Test
    void plaintextIsRefused() throws Exception {
        try (ServerSocket plain = listen()) {
            prober.probe(PATH, address(plain), TIMEOUT, results::add);
            try (Socket peer = plain.accept()) {
                peer.getOutputStream().write("HTTP/1.1 400 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(result())
                        .isInstanceOfSatisfying(
                                Refused.class,
                                refused -> assertThat(refused.why()).startsWith("TLS failed: "));
            }
        }
    }

    @Test
    void nobodyListeningIsRefused() throws Exception {
        try (FakeEndpoint gone = FakeEndpoint.start("gone")) { // which keeps its port from others
            gone.refuse();
            assertThat(probe(gone.address()))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.why()).containsIgnoringCase("connection refused"));
        }
    }

    @Test
    void noClientThatCanBeMadeIsRefused() throws Exception {
        prober = prober(Optional.of(SSLContext.getInstance("TLS"))); // not initialized
        assertThat(probe(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why()).startsWith("probe could not be made: SSLContext"));
    }

    @Test
    void closeCancelsWhatIsInFlightAndLeavesNoThread() throws Exception {
        warm();
        assertThat(threads()).hasSize(2);
        try (TlsEndpoint slow = TlsEndpoint.answering(known.orElseThrow(), "");
                ServerSocket silent = listen()) {
            prober.probe(PATH, slow.address(), TIMEOUT, results::add);
            assertThat(slow.request()).startsWith("GET");
            prober.probe(PATH, address(silent), TIMEOUT, results::add);
            try (Socket peer = silent.accept()) {
                assertThat(peer.getInputStream().read()).isEqualTo(22);
                prober.close();
                assertThat(result()).isEqualTo(new Refused("closed"));
                assertThat(result()).isEqualTo(new Refused("closed"));
                assertThat(slow.end()).isEqualTo("closed by the peer");
                assertClosedByPeer(peer);
            }
        }
        awaitNoThread();
        assertThat(probe(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
                .isEqualTo(new Refused("closed"));
        prober.close();
        assertThat(results).isEmpty();
    }

    @Test
    void theApplicationsProxyIsNotUsed() throws Exception {
        ProxySelector before = ProxySelector.getDefault();
        ProxySelector.setDefault(ProxySelector.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)));
        try {
            warm();
        } finally {
            ProxySelector.setDefault(before);
        }
    }

    @Test
    void manyAtATimeAreAnsweredByOneThread() throws Exception {
        try (TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), OK)) {
            for (int i = 0; i < 16; i++) {
                prober.probe(PATH, endpoint.address(), TIMEOUT, results::add);
            }
            for (int i = 0; i < 16; i++) {
                assertThat(result()).isEqualTo(new Passed());
            }
            assertThat(threads()).hasSize(2);
        }
    }

    @Test
    void noClientIsMadeBeforeAnHttpsProbe() throws Exception {
        try (IoLoop io = new IoLoop("discovery-io", Ticker.system(), thrown -> {});
                ServerSocket plain = listen();
                TlsEndpoint endpoint = TlsEndpoint.answering(known.orElseThrow(), OK)) {
            for (Probe other : List.of(Probe.tcp(), Probe.http("/ready"))) {
                try (WireProber wire = wire(io)) {
                    wire.prober(other).probe(address(plain), TIMEOUT, results::add);
                    try (Socket peer = plain.accept()) {
                        peer.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                        assertThat(result()).isEqualTo(new Passed());
                    }
                    assertThat(threads()).isEmpty();
                }
            }
            try (WireProber wire = wire(io)) {
                assertThat(threads()).isEmpty();
                wire.prober(HTTPS).probe(endpoint.address(), TIMEOUT, results::add);
                assertThat(result()).isEqualTo(new Passed());
                assertThat(threads())
                        .hasSize(2)
                        .contains("discovery-https")
                        .anyMatch(name -> name.startsWith("HttpClient-"));
            }
            awaitNoThread();
        }
    }

    @Test
    void whileColdABlackHoleIsFoundInTheUsualTime() throws Exception {
        try (IoLoop io = new IoLoop("discovery-io", Ticker.system(), thrown -> {});
                WireProber wire = wire(io);
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(wire.prober(HTTPS))
                    .isInstanceOfSatisfying(
                            SlowAtFirst.class,
                            slow -> assertThat(slow.longest(TIMEOUT)).isEqualTo(COLD.plus(TIMEOUT)));
            List<Socket> filling = Stream.of(new Socket(), new Socket()).toList();
            for (Socket socket : filling) {
                socket.connect(address(full)); // the kernel's queue is full: what comes now waits
            }
            wire.prober(HTTPS).probe(address(full), Duration.ofMillis(50), results::add);
            assertThat(result()).isEqualTo(new TimedOut());
            assertThat(threads()).isEmpty();
            for (Socket socket : filling) {
                socket.close();
            }
        }
    }

    private WireProber wire(IoLoop io) {
        return new WireProber(known, io, time, events::add);
    }

    private static ServerSocket listen() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    private static InetSocketAddress address(ServerSocket server) {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    private static void assertClosedByPeer(Socket peer) throws IOException {
        peer.setSoTimeout(10_000);
        int next = 0;
        while (next >= 0) {
            next = peer.getInputStream().read(); // what was sent before, then the end
        }
    }
}
