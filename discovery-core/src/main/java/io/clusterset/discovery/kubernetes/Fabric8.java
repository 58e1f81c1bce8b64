package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Scheduler;
import io.fabric8.kubernetes.client.RequestConfig;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Asks with fabric8's client over the JDK's HTTP: its certificates, keys and connections, and nothing of its own initiative. It looks
 * for no configuration, repeats nothing, reconnects nothing and follows nobody; that is decided behind the {@link ApiServer}. Two
 * threads, which end with {@link #close}.
 */
final class Fabric8 implements ApiServer {

    private static final String THREAD = "discovery-kubernetes";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final int MOST_SILENCES = 12; // a document takes 2 minutes at most
    private static final int LONGEST_DOCUMENT = 64 * 1024 * 1024;
    private static final int LONGEST_LINE = 4 * 1024 * 1024;
    private static final int LONGEST_REFUSAL = 64 * 1024;
    private static final long PATIENCE_MILLIS = 1_000;

    private final Login login;
    private final Scheduler scheduler;
    private final ThreadGroup group = new ThreadGroup(THREAD);
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread,
            new ThreadPoolExecutor.DiscardPolicy()); // once closed, nobody waits for what comes
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Requests.Builder requests = new Requests.Builder(java.net.http.HttpClient.newBuilder());
    private final HttpClient client;

    private Fabric8(Login login, Scheduler scheduler) throws IOException {
        this.login = login;
        this.scheduler = scheduler;
        try {
            // on the worker: the client's own thread is then in our group, where it can be found when it must end
            this.client = worker.submit(() -> client(login)).get();
        } catch (ExecutionException failed) {
            worker.shutdown();
            if (failed.getCause() instanceof LinkageError missing) {
                throw missing; // told by whoever makes us: which libraries there should be
            }
            throw new IOException(words(failed), failed);
        } catch (InterruptedException interrupted) {
            worker.shutdown();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    /**
     * A client; connects to nobody yet.
     *
     * @throws IOException if a certificate or key can't be read
     */
    static Fabric8 open(Login login, Scheduler scheduler) throws IOException {
        return new Fabric8(login, scheduler);
    }

    /** Reads the file; runs no plug-ins it may name. */
    static Kubeconfig kubeconfig(Path file) throws IOException {
        String text = Login.file(file, "kubeconfig");
        Object content;
        try {
            content = Serialization.unmarshal("---\n" + text, Object.class); // YAML, even if it begins as JSON does
        } catch (RuntimeException broken) { // which quotes the file, and there are secrets in it
            throw new IOException("kubeconfig: " + Text.path(file) + " is not YAML (expected: a kubeconfig)");
        }
        if (content instanceof Map<?, ?> map) {
            return new Kubeconfig(file, map);
        }
        throw new IOException("kubeconfig: " + Text.path(file) + " is something else (expected: a kubeconfig)");
    }

    private HttpClient client(Login from) throws IOException, GeneralSecurityException {
        HttpClient.Builder builder = new Factory().newBuilder();
        RequestConfig once =
                new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build();
        builder.tag(once);
        builder.connectTimeout(CONNECT.toMillis(), TimeUnit.MILLISECONDS);
        if (from.proxy().isPresent()) {
            builder.proxyAddress(from.proxy().get()).proxyType(HttpClient.ProxyType.HTTP);
        } else {
            builder.proxyType(HttpClient.ProxyType.DIRECT);
        }
        if ("http".equals(from.server().getScheme())) {
            return builder.preferHttp11().build();
        }
        String key = from.key().orElse("");
        TrustManager[] trusted =
                SSLUtils.trustManagers(base64(from.authority()), null, from.trustAnybody(), null, null);
        KeyManager[] own = SSLUtils.keyManagers(
                base64(from.certificate()),
                null,
                base64(from.key()),
                null,
                key.contains("BEGIN EC PRIVATE KEY") ? "EC" : "RSA",
                "changeit",
                null,
                null);
        return builder.sslContext(own, trusted).build();
    }

    @SuppressWarnings("NullAway") // what fabric8 takes for absent
    private static String base64(Optional<String> pem) {
        return pem.map(text -> Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .orElse(null);
    }

    private Thread thread(Runnable work) {
        Thread made = new Thread(group, work, THREAD);
        made.setDaemon(true);
        return made;
    }

    @Override
    public String name() {
        return login.authorityOfServer();
    }

    @Override
    public Running get(String path, Taker taker) {
        return begin(new Exchange(path, Body.document(taker, LONGEST_DOCUMENT), LONGEST_DOCUMENT));
    }

    @Override
    public Running stream(String path, Lines taker) {
        return begin(new Exchange(path, Body.lines(taker, LONGEST_LINE), LONGEST_LINE));
    }

    private Running begin(Exchange exchange) {
        open.add(exchange);
        if (closed.get()) {
            exchange.end();
        } else {
            exchange.limit();
            worker.execute(exchange::ask);
        }
        return exchange;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            open.forEach(Exchange::end);
            worker.execute(this::letGo);
            worker.shutdown();
        }
    }

    /**
     * The last task of the worker. The JDK's client has no end of its own before 21; its selector ends when it is interrupted, and
     * can lock up if the client is at work elsewhere at that moment.
     */
    private void letGo() {
        requests.built().ifPresent(Requests::end);
        client.close();
        Thread[] ours = new Thread[4];
        int count = group.enumerate(ours);
        for (int i = 0; i < count; i++) {
            Thread selector = ours[i];
            if (selector != Thread.currentThread()) {
                selector.interrupt();
                try {
                    selector.join(PATIENCE_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }

    static String words(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20)
                .toList();
        Throwable last = causes.get(causes.size() - 1);
        String message = last.getMessage();
        String shown = Text.safe(message == null ? last.getClass().getSimpleName() : message);
        if (causes.stream().anyMatch(SSLException.class::isInstance)) {
            return "TLS failed: " + shown;
        } else if (causes.stream().anyMatch(ConnectException.class::isInstance) && message == null) {
            return "connection refused or unreachable";
        }
        return shown;
    }

    /** The JDK's client, on our threads. */
    private final class Factory extends JdkHttpClientFactory {
        @Override
        protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
            requests.executor(worker);
            return requests;
        }
    }

    /** One request. What comes in comes on the worker. */
    private final class Exchange implements Running, AsyncBody.Consumer<List<ByteBuffer>> {
        private final String path;
        private final Body body;
        private final int longest;
        private final AtomicBoolean over = new AtomicBoolean();
        private final LineBuffer refusal = new LineBuffer(LONGEST_REFUSAL);
        private volatile Scheduler.Pending deadline = () -> {};
        private volatile Optional<CompletableFuture<?>> asked = Optional.empty();
        private volatile Optional<HttpResponse<AsyncBody>> response = Optional.empty();
        private volatile boolean heard; // since the deadline was set
        private final AtomicInteger silences = new AtomicInteger();
        private String token = "";
        private boolean repeated;

        Exchange(String path, Body body, int longest) {
            this.path = path;
            this.body = body;
            this.longest = longest;
        }

        void limit() {
            deadline = scheduler.schedule(SILENCE, () -> {
                boolean begun = response.isPresent();
                boolean late = silences.incrementAndGet() >= MOST_SILENCES;
                if (!over.get() && (heard || (begun && !body.hasEnd())) && !late) {
                    heard = false;
                    if (body.hasEnd()) {
                        limit();
                    }
                } else {
                    finish(new Answer.Silent(
                            (begun ? "nothing more came for " : "no answer in ") + SILENCE.toSeconds() + " s"));
                }
            });
            if (over.get()) {
                deadline.cancel();
            }
        }

        void ask() {
            if (over.get()) {
                return;
            }
            try {
                token = login.token().now();
                HttpRequest.Builder request = client.newHttpRequestBuilder()
                        .uri(base() + path)
                        .setHeader("Accept", "application/json")
                        .setHeader("User-Agent", "clusterset-discovery");
                if (!token.isEmpty()) {
                    request.setHeader("Authorization", "Bearer " + token);
                }
                CompletableFuture<HttpResponse<AsyncBody>> sent = client.consumeBytes(request.build(), this);
                asked = Optional.of(sent);
                CompletableFuture<?> unused = sent.whenComplete((answer, failure) -> {
                    if (failure != null) {
                        finish(new Answer.Silent(words(failure)));
                    } else {
                        answered(answer);
                    }
                });
                if (over.get()) {
                    cancel();
                }
            } catch (IOException | RuntimeException broken) {
                finish(new Answer.Silent(words(broken)));
            }
        }

        private String base() {
            String server = login.server().toString();
            return server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
        }

        private void answered(HttpResponse<AsyncBody> answer) {
            if (answer.code() == 401 && !repeated && login.token().isAnotherThan(token)) {
                repeated = true;
                answer.body().cancel();
                worker.execute(this::ask);
                return;
            }
            response = Optional.of(answer);
            if (over.get()) {
                answer.body().cancel(); // here, for the worker may have ended
                return;
            }
            if (answer.code() == 200) {
                body.opened();
            }
            CompletableFuture<?> unused = answer.body().done().whenComplete((nothing, failure) -> {
                if (failure != null) {
                    finish(new Answer.Silent(words(failure)));
                } else {
                    finish(answer.code() == 200 ? body.whole() : refused(answer));
                }
            });
            answer.body().consume();
        }

        private Answer refused(HttpResponse<AsyncBody> answer) {
            return Json.status(answer.code(), refusal.taken(), seconds(answer.header("Retry-After")));
        }

        @Override
        public void consume(List<ByteBuffer> octets, AsyncBody from) {
            heard = true;
            boolean good = response.filter(answer -> answer.code() == 200).isPresent();
            for (ByteBuffer part : octets) {
                if (over.get()) {
                    return;
                }
                if (good && !body.more(part)) {
                    finish(new Answer.TooLong(longest));
                    return;
                } else if (!good && !refusal.add(part)) {
                    break; // what it says so far is enough
                }
            }
            from.consume();
        }

        private void finish(Answer answer) {
            if (over.compareAndSet(false, true)) {
                deadline.cancel();
                open.remove(this);
                if (answer instanceof Answer.Silent || answer instanceof Answer.TooLong) {
                    cancel();
                }
                body.ended(answer);
            }
        }

        @Override
        public void end() {
            if (over.compareAndSet(false, true)) {
                deadline.cancel();
                open.remove(this);
                cancel();
            }
        }

        private void cancel() {
            worker.execute(() -> {
                response.ifPresent(answer -> answer.body().cancel());
                asked.ifPresent(sent -> sent.cancel(true));
            });
        }
    }

    private static Optional<Duration> seconds(@Nullable String header) {
        return header != null && header.strip().matches("[0-9]{1,6}")
                ? Optional.of(Duration.ofSeconds(Long.parseLong(header.strip())))
                : Optional.empty();
    }
}
