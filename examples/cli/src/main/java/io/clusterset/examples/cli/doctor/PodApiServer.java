package io.clusterset.examples.cli.doctor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The API server as a pod finds it: by the variables that every container has, trusted by the service account's CA file and by
 * nothing else. The pod's token goes with the request: every account may read which kinds there are, nobody without one. An
 * answer that refuses the token still has a date.
 */
final class PodApiServer implements ApiServer {

    private static final String ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";
    private static final String PATH = "/apis/multicluster.x-k8s.io/v1alpha1";

    private final Path account;
    private final Map<String, String> environment;
    private final InstantSource clock;

    PodApiServer(Path root, Map<String, String> environment, InstantSource clock) {
        this.account = root.resolve(ACCOUNT);
        this.environment = environment;
        this.clock = clock;
    }

    @Override
    public ApiAnswer ask(Duration within) {
        Path ca = account.resolve("ca.crt");
        if (!Files.isReadable(ca)) {
            return ApiAnswer.skipped("no " + ca + ": not in a pod, or automountServiceAccountToken: false");
        }
        String url = "https://" + authority() + PATH;
        try {
            return ask(url, ca, within);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException failed) {
            return ApiAnswer.failed(url, text(failed));
        } catch (ExecutionException failed) {
            return ApiAnswer.failed(url, text(failed.getCause() == null ? failed : failed.getCause()));
        } catch (TimeoutException late) {
            return ApiAnswer.failed(url, "no answer in " + within.toMillis() + " ms");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return ApiAnswer.failed(url, "interrupted");
        }
    }

    private ApiAnswer ask(String url, Path ca, Duration within)
            throws IOException, GeneralSecurityException, ExecutionException, TimeoutException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(within)
                .sslContext(trusting(ca))
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(within);
        Path token = account.resolve("token");
        if (Files.isReadable(token)) {
            request.header("Authorization", "Bearer " + Files.readString(token).strip());
        }
        CompletableFuture<HttpResponse<String>> asked = client.sendAsync(request.build(), BodyHandlers.ofString());
        HttpResponse<String> response = asked.get(within.toNanos(), TimeUnit.NANOSECONDS);
        Optional<Instant> date = response.headers().firstValue("Date").flatMap(PodApiServer::date);
        return new ApiAnswer(url, "", "", response.statusCode(), date, clock.instant(), response.body());
    }

    private String authority() {
        String address = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
        if (address.isBlank()) {
            return "kubernetes.default.svc";
        }
        return (address.contains(":") ? "[" + address + "]" : address) + ":" + port;
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text)));
        } catch (DateTimeException malformed) {
            return Optional.empty();
        }
    }

    private static SSLContext trusting(Path ca) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(ca)) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("ca" + number, one);
                number++;
            }
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    private static String text(Throwable failed) {
        return failed.getMessage() == null ? failed.getClass().getSimpleName() : failed.getMessage();
    }
}
