package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.clusterset.discovery.health.TlsEndpoint;
import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real API servers speak TLS. */
final class OverTlsTest {

    private final ManualTime time = new ManualTime();
    private final BlockingQueue<Answer> said = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    private Optional<HttpsServer> server = Optional.empty();
    private String authority = "";

    @BeforeEach
    void start() throws Exception {
        HttpsServer begun = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        begun.setHttpsConfigurator(new HttpsConfigurator(TlsEndpoint.identity(folder, "ip:127.0.0.1")));
        begun.createContext("/", exchange -> {
            String token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] answer = token.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        begun.start();
        server = Optional.of(begun);
        try (Stream<Path> files = Files.list(folder)) {
            Path store = files.filter(file -> !file.toString().endsWith(".log"))
                    .findFirst()
                    .orElseThrow();
            KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
            String alias = Collections.list(keys.aliases()).get(0);
            Certificate certificate = keys.getCertificate(alias);
            authority =
                    "-----BEGIN CERTIFICATE-----\n" + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
                            + "\n-----END CERTIFICATE-----\n";
        }
    }

    @AfterEach
    void stop() {
        server.ifPresent(begun -> begun.stop(0));
    }

    private Answer ask(Optional<String> trusted) throws IOException, InterruptedException {
        URI uri = URI.create(
                "https://127.0.0.1:" + server.orElseThrow().getAddress().getPort());
        Login login = new Login(
                uri, trusted, false, Optional.empty(), Optional.empty(), Token.of("abc", time), Optional.empty());
        try (Fabric8 client = Fabric8.open(login, time)) {
            client.get("/api", said::add);
            Answer answer = said.poll(30, TimeUnit.SECONDS);
            return answer == null ? new Answer.Silent("nothing") : answer;
        }
    }

    @Test
    void whomTheServiceAccountTrustsIsTrusted() throws Exception {
        Answer answer = ask(Optional.of(authority));
        assertThat(answer)
                .isInstanceOfSatisfying(
                        Answer.Document.class,
                        document -> assertThat(new String(document.content(), StandardCharsets.UTF_8))
                                .isEqualTo("Bearer abc"));
    }

    @Test
    void nobodyElseIsTrustedNorGetsTheToken() throws Exception {
        assertThat(ask(Optional.empty()))
                .isInstanceOfSatisfying(
                        Answer.Silent.class, silent -> assertThat(silent.why()).startsWith("TLS failed: "));
    }
}
