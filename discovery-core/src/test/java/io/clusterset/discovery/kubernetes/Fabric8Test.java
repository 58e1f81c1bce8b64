package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.testkit.ApiVerb;
import io.clusterset.discovery.testkit.FakeApiServer;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Over real sockets. */
final class Fabric8Test {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String SERVICES = "/api/v1/namespaces/shop/services";

    private final ManualTime time = new ManualTime();
    private final FakeApiServer server = FakeApiServer.start();
    private final BlockingQueue<Object> said = new LinkedBlockingQueue<>();
    private Fabric8 client = client(Token.none(time));

    private Fabric8 client(Token token) {
        return client(server.url(), token);
    }

    private Fabric8 client(String url, Token token) {
        try {
            Login login = new Login(
                    URI.create(url),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    token,
                    Optional.empty());
            return Fabric8.open(login, time);
        } catch (IOException unusable) {
            throw new AssertionError(unusable);
        }
    }

    @AfterEach
    void nothingIsLeft() throws InterruptedException {
        client.close();
        client.close();
        server.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            ThreadGroup group = thread.getThreadGroup();
            if (group != null && group.getName().equals("discovery-kubernetes")) {
                thread.join(5_000);
                assertThat(thread.isAlive()).describedAs(thread.getName()).isFalse();
            }
        }
        assertThat(time.pending()).isZero();
    }

    private Object next() throws InterruptedException {
        Object one = said.poll(SOON.toSeconds(), TimeUnit.SECONDS);
        return one == null ? "nothing" : one;
    }

    private ApiServer.Running get(String path) {
        return client.get(path, said::add);
    }

    private ApiServer.Running stream(String path) {
        return client.stream(path, new ApiServer.Lines() {
            @Override
            public void opened() {
                said.add("opened");
            }

            @Override
            public void line(byte[] line) {
                said.add(new String(line, StandardCharsets.UTF_8));
            }

            @Override
            public void ended(Answer why) {
                said.add(why);
            }
        });
    }

    private void service(String name) {
        server.apply("{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"namespace\":\"shop\",\"name\":\""
                + name + "\"},\"spec\":{\"clusterIP\":\"10.96.0.9\"}}");
    }

    @Test
    void itGetsDocuments() throws Exception {
        service("orders");
        get(SERVICES);
        Answer.Document answer = (Answer.Document) next();
        assertThat(Json.page(answer.content(), Kind.SERVICES).items()).hasSize(1);
        assertThat(client.name()).isEqualTo("127.0.0.1:" + server.port());
    }

    @Test
    void aBigDocumentComesWhole() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            service("orders-" + i);
        }
        get(SERVICES);
        Answer.Document answer = (Answer.Document) next();
        assertThat(Json.page(answer.content(), Kind.SERVICES).items()).hasSize(3_000);
    }

    @Test
    void aDocumentThatIsTooLongIsNotReadToItsEnd() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Fabric8 other = client("http://127.0.0.1:" + listening.getLocalPort(), Token.none(time));
            ApiServer.Running unused = other.get("/x", said::add);
            try (Socket socket = listening.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".getBytes(StandardCharsets.UTF_8));
                byte[] chunk = new byte[0x100000];
                for (int i = 0; i < 70; i++) {
                    out.write("100000\r\n".getBytes(StandardCharsets.UTF_8));
                    out.write(chunk);
                    out.write("\r\n".getBytes(StandardCharsets.UTF_8));
                }
            } catch (SocketException cutOff) {
                assertThat(cutOff).isNotNull();
            }
            assertThat(next()).isEqualTo(new Answer.TooLong(64 * 1024 * 1024));
            other.close();
        }
    }

    @Test
    void aNoIsToldWithItsWords() throws Exception {
        server.refuse(403);
        get(SERVICES);
        assertThat(next()).isInstanceOfSatisfying(Answer.Refused.class, no -> {
            assertThat(no.status()).isEqualTo(403);
            assertThat(no.message()).isNotEmpty();
        });
        assertThat(server.requests()).isOne(); // and is not asked again
        server.healthy();
        server.refuse(503);
        get(SERVICES);
        assertThat(next())
                .isInstanceOfSatisfying(
                        Answer.Refused.class, no -> assertThat(no.status()).isEqualTo(503));
        assertThat(server.requests()).isEqualTo(2);
    }

    @Test
    void nobodyThereIsSaid() throws Exception {
        server.refuseConnections();
        get(SERVICES);
        assertThat(next()).isInstanceOf(Answer.Silent.class);
        server.restore();
        get(SERVICES);
        assertThat(next()).isInstanceOf(Answer.Document.class);
    }

    @Test
    void noAnswerInTenSecondsIsSilence() throws Exception {
        server.stall();
        get(SERVICES);
        server.awaitRequests(1, SOON);
        time.advance(Duration.ofSeconds(9));
        assertThat(said).isEmpty();
        time.advance(Duration.ofSeconds(2));
        assertThat(next()).isEqualTo(new Answer.Silent("no answer in 10 s"));
    }

    @Test
    void aWatchTellsLineByLineAndLivesAsLongAsItLikes() throws Exception {
        stream(SERVICES + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + server.version());
        assertThat(next()).isEqualTo("opened");
        server.awaitWatches(1, SOON);
        time.advance(Duration.ofMinutes(9));
        service("orders");
        assertThat((String) next()).startsWith("{").contains("ADDED", "orders").doesNotContain("\n");
        server.bookmark();
        assertThat((String) next()).contains("BOOKMARK");
        server.dropWatches();
        assertThat(next()).isInstanceOf(Answer.Document.class);
    }

    @Test
    void aWatchThatBreaksIsSilence() throws Exception {
        stream(SERVICES + "?watch=1&resourceVersion=" + server.version());
        assertThat(next()).isEqualTo("opened");
        server.awaitWatches(1, SOON);
        server.resetWatches();
        assertThat(next()).isInstanceOf(Answer.Silent.class);
    }

    @Test
    void aWatchThatIsEndedLetsGoOfItsConnection() throws Exception {
        ApiServer.Running watch = stream(SERVICES + "?watch=1&resourceVersion=" + server.version());
        assertThat(next()).isEqualTo("opened");
        server.awaitWatches(1, SOON);
        watch.end();
        server.awaitWatches(0, SOON);
        assertThat(said).isEmpty();
    }

    @Test
    void whatIsUnderWayWhenItIsClosedIsNotTold() throws Exception {
        stream(SERVICES + "?watch=1&resourceVersion=" + server.version());
        assertThat(next()).isEqualTo("opened");
        server.awaitWatches(1, SOON);
        server.stall();
        get(SERVICES);
        server.awaitRequests(2, SOON);
        client.close();
        server.awaitWatches(0, SOON);
        get(SERVICES);
        assertThat(said).isEmpty();
    }

    /** A server may hold a watch back for as long as nothing changes: nobody else would close its connection. */
    @Test
    void whatWasNotAnsweredWhenItIsClosedLetsGoOfItsConnection() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client.close();
            client = client("http://127.0.0.1:" + silent.getLocalPort(), Token.none(time));
            stream(SERVICES + "?watch=1");
            try (Socket socket = silent.accept()) {
                socket.setSoTimeout((int) SOON.toMillis());
                assertThat(socket.getInputStream().read()).isEqualTo('G');
                client.close();
                while (ended(socket.getInputStream()) >= 0) {}
            }
            assertThat(said).isEmpty();
        }
    }

    /** More at a time than socket buffers hold: once it is written, some of it has been read. */
    @Test
    void aDocumentThatIsSlowButComesIsNotCutOff() throws Exception {
        byte[] part = new byte[16 * 1024 * 1024];
        Arrays.fill(part, (byte) ' ');
        try (ServerSocket slow = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            client.close();
            client = client("http://127.0.0.1:" + slow.getLocalPort(), Token.none(time));
            get(SERVICES);
            try (Socket socket = slow.accept()) {
                OutputStream out = socket.getOutputStream();
                out.write(("HTTP/1.1 200 OK\r\nContent-Length: " + (2 * part.length + 2) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
                for (int i = 0; i < 2; i++) {
                    out.write(part);
                    time.advance(Duration.ofSeconds(10));
                    assertThat(said).isEmpty();
                }
                out.write("{}".getBytes(StandardCharsets.US_ASCII));
                assertThat(next()).isInstanceOf(Answer.Document.class);
            }
        }
    }

    /** Closed, or reset. */
    private static int ended(InputStream from) throws IOException {
        try {
            return from.read();
        } catch (SocketException reset) {
            return -1;
        }
    }

    @Test
    void whatIsBeingAnsweredWhenItIsClosedLetsGoOfItsConnection() {
        for (int i = 0; i < 50; i++) {
            stream(SERVICES + "?watch=1&resourceVersion=" + server.version());
            server.awaitWatches(1, SOON);
            client.close();
            server.awaitWatches(0, SOON);
            client = client(Token.none(time));
        }
    }

    @Test
    void aTokenThatWasRotatedIsReadAnew(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "t1\n");
        client.close();
        client = client(Token.in(file, time));
        server.requireToken("t1");
        get(SERVICES);
        assertThat(next()).isInstanceOf(Answer.Document.class);
        assertThat(server.awaitRequests(1, SOON)).hasSize(1);

        Files.writeString(file, "t2\n");
        server.requireToken("t2");
        get(SERVICES);
        assertThat(next()).isInstanceOf(Answer.Document.class); // at once: it was refused, and there is another one
        assertThat(server.requests()).isEqualTo(3);

        server.requireToken("t3");
        get(SERVICES);
        assertThat(next())
                .isInstanceOfSatisfying(
                        Answer.Refused.class, no -> assertThat(no.status()).isEqualTo(401));
        assertThat(server.requests()).isEqualTo(4); // the same one is not tried twice
        assertThat(said.toString()).doesNotContain("t2");
    }

    @Test
    void listsAndWatchesAreToldApart() throws Exception {
        get(SERVICES + "?limit=500&resourceVersion=0");
        assertThat(next()).isInstanceOf(Answer.Document.class);
        assertThat(server.requests(ApiVerb.LIST, "services")).isOne();
    }
}
