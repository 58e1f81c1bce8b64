package io.clusterset.examples.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.clusterset.examples.cli.doctor.ApiAnswer.Crd;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodApiServerTest {

    private static final Duration WITHIN = Duration.ofSeconds(10);
    private static final String PASSWORD = "changeit";
    private static final String LIST = "{\"kind\":\"APIResourceList\",\"resources\":[{\"name\":\"serviceimports\"}]}";

    @TempDir
    private static Path keys;

    @TempDir
    private Path root;

    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private Path account = Path.of("");
    private HttpsServer server;
    private volatile int status = 200;

    @BeforeAll
    static void makeIdentities() throws Exception {
        makeIdentity("own");
        makeIdentity("other");
    }

    @BeforeEach
    void start() throws Exception {
        account = Files.createDirectories(root.resolve("var/run/secrets/kubernetes.io/serviceaccount"));
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(identity()));
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = LIST.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        Files.copy(keys.resolve("own.pem"), account.resolve("ca.crt"));
        Files.writeString(account.resolve("token"), "secret\n");
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private ApiAnswer ask() {
        Map<String, String> environment = Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                String.valueOf(server.getAddress().getPort()));
        return new PodApiServer(root, environment, () -> Instant.EPOCH).ask(WITHIN);
    }

    @Test
    void saysItsDateAndWhetherTheCrdIsThere() {
        ApiAnswer answer = ask();

        assertThat(answer.said()).endsWith("/apis/multicluster.x-k8s.io/v1alpha1: status 200");
        assertThat(answer.date()).isPresent();
        assertThat(answer.at()).isEqualTo(Instant.EPOCH);
        assertThat(answer.crd()).isEqualTo(Crd.SERVED);
        assertThat(asked).containsExactly("GET /apis/multicluster.x-k8s.io/v1alpha1 Bearer secret");
    }

    @Test
    void aDateNeedsNoTokenAndNoRights() throws IOException {
        Files.delete(account.resolve("token"));
        status = 403;
        ApiAnswer answer = ask();

        assertThat(answer.date()).isPresent();
        assertThat(answer.crd()).isEqualTo(Crd.UNKNOWN);
        assertThat(asked).containsExactly("GET /apis/multicluster.x-k8s.io/v1alpha1 null");
    }

    @Test
    void anUnknownVersionIsNoCrd() {
        status = 404;

        assertThat(ask().crd()).isEqualTo(Crd.MISSING);
    }

    @Test
    void whoIsNotOfThePodsCaGetsNoToken() throws Exception {
        Files.delete(account.resolve("ca.crt"));
        Files.copy(keys.resolve("other.pem"), account.resolve("ca.crt"));
        ApiAnswer answer = ask();

        assertThat(answer.answered()).isFalse();
        assertThat(answer.trouble()).contains("PKIX");
        assertThat(answer.crd()).isEqualTo(Crd.UNKNOWN);
        assertThat(asked).isEmpty();
    }

    @Test
    void whoIsNotThereIsNotWaitedFor() {
        server.stop(0);

        assertThat(ask().trouble()).isNotEmpty();
    }

    @Test
    void outsideAPodNobodyIsAsked() throws IOException {
        Files.delete(account.resolve("ca.crt"));

        assertThat(ask().skipped()).startsWith("no ").contains("ca.crt: not in a pod");
        assertThat(asked).isEmpty();
    }

    private static SSLContext identity() throws Exception {
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        KeyStore store = KeyStore.getInstance(keys.resolve("own.p12").toFile(), PASSWORD.toCharArray());
        managers.init(store, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    /** A key in {@code NAME.p12}, its certificate in {@code NAME.pem}. */
    private static void makeIdentity(String name) throws Exception {
        keytool(name, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=ip:127.0.0.1");
        keytool(
                name,
                "-exportcert",
                "-rfc",
                "-file",
                keys.resolve(name + ".pem").toString());
    }

    private static void keytool(String name, String... args) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(args));
        command.addAll(List.of("-alias", "own", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", keys.resolve(name + ".p12").toString()));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(keys.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).as("keytool").isZero();
    }
}
