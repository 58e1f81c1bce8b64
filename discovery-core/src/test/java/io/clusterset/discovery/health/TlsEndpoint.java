package io.clusterset.discovery.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** An endpoint that speaks TLS: answers each connection with the same bytes and waits for the peer to close it. */
public final class TlsEndpoint implements AutoCloseable {

    private static final String ALIAS = "endpoint";
    private static final String PASSWORD = "changeit";

    private final SSLServerSocket server;
    private final String answer;
    private final BlockingQueue<String> requests = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> ends = new LinkedBlockingQueue<>();

    private TlsEndpoint(SSLContext identity, String answer, boolean mutual) throws IOException {
        this.answer = answer;
        server = (SSLServerSocket)
                identity.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        server.setNeedClientAuth(mutual);
        Thread accepting = new Thread(this::accept, "tls-endpoint");
        accepting.setDaemon(true);
        accepting.start();
    }

    /** One that sends these bytes once it was asked, and nothing more. */
    public static TlsEndpoint answering(SSLContext identity, String bytes) throws IOException {
        return new TlsEndpoint(identity, bytes, false);
    }

    /** One that asks its peers for a certificate. */
    static TlsEndpoint mutual(SSLContext identity) throws IOException {
        return new TlsEndpoint(identity, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", true);
    }

    /** The key and certificate of an endpoint with this alternative name, such as {@code ip:127.0.0.1}; it trusts itself. */
    public static SSLContext identity(Path folder, String alternativeName) throws Exception {
        Path file = file(folder, alternativeName);
        if (!Files.exists(file)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            ALIAS,
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=endpoint",
                            "-ext",
                            "SAN=" + alternativeName,
                            "-validity",
                            "2",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("keytool.log").toFile())
                    .start();
            assertThat(keytool.waitFor()).as("keytool").isZero();
        }
        return context(load(folder, alternativeName));
    }

    /** Trusts the endpoint with this alternative name and has no key to show. */
    static SSLContext trusting(Path folder, String alternativeName) throws Exception {
        identity(folder, alternativeName);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust(load(folder, alternativeName)), null);
        return context;
    }

    private static KeyStore load(Path folder, String alternativeName) throws GeneralSecurityException, IOException {
        return KeyStore.getInstance(file(folder, alternativeName).toFile(), PASSWORD.toCharArray());
    }

    private static Path file(Path folder, String alternativeName) {
        return folder.resolve(alternativeName.replace(':', '-') + ".p12");
    }

    private static SSLContext context(KeyStore own) throws GeneralSecurityException, IOException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(own, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust(own), null);
        return context;
    }

    private static TrustManager[] trust(KeyStore own) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        return trust.getTrustManagers();
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
    }

    /** The next request, waited for. */
    String request() throws InterruptedException {
        String request = requests.poll(10, TimeUnit.SECONDS);
        assertThat(request).as("a request").isNotNull();
        return String.valueOf(request);
    }

    /** How many requests came that nobody has taken. */
    int requestsLeft() {
        return requests.size();
    }

    /** How the next connection ended, waited for. */
    String end() throws InterruptedException {
        String end = ends.poll(10, TimeUnit.SECONDS);
        assertThat(end).as("the end of a connection").isNotNull();
        return String.valueOf(end);
    }

    private void accept() {
        while (true) {
            try {
                Socket peer = server.accept();
                Thread serving = new Thread(() -> serve(peer), "tls-endpoint-connection");
                serving.setDaemon(true);
                serving.start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket peer) {
        try (peer) {
            peer.setSoTimeout(10_000);
            String request = head(peer.getInputStream());
            requests.add(request);
            peer.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            peer.getOutputStream().flush();
            ends.add(peer.getInputStream().read() < 0 ? "closed by the peer" : "more was sent");
        } catch (IOException broken) {
            String words = String.valueOf(broken.getMessage());
            boolean gone = words.equals("Broken pipe") || words.equals("Connection reset"); // closed while we wrote
            ends.add(gone ? "closed by the peer" : words);
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }
}
