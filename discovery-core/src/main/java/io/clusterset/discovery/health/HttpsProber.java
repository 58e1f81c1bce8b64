package io.clusterset.discovery.health;

import io.clusterset.discovery.health.Prober.Passed;
import io.clusterset.discovery.health.Prober.Refused;
import io.clusterset.discovery.health.Prober.Result;
import io.clusterset.discovery.health.Prober.TimedOut;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Scheduler.Pending;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS probes by the JDK's client, which is made at the first of them: no proxy, no redirects, no cookies, no credentials,
 * a connection of its own for each. A status settles the probe, and the exchange is cancelled there: no body is read and no
 * connection stays in the client's pool, where it would answer the next probe without a connect. One for all paths, since it
 * has threads.
 *
 * <p>Two daemon threads, from the first probe to {@link #close()}: {@code discovery-https}, on which all of this and the
 * TLS runs, and the client's own selector. On JDK 17 that selector would outlive the close until the garbage collector
 * finds the client gone. It does end when interrupted; so the client is made on a thread in a thread group of ours, where its
 * selector then is found. A JDK that went about this otherwise would leave it to the garbage collector.
 */
final class HttpsProber implements AutoCloseable {

    /** To load TLS takes a JVM that never used it longer than most probes may take: that is not the endpoint's fault. */
    private static final Duration START_UP = Duration.ofSeconds(2);

    private static final long PATIENCE_MILLIS = 100;
    private static final String THREAD = "discovery-https";

    private final Optional<SSLContext> tls;
    private final Scheduler scheduler;
    private final EventSink events;
    private final ThreadPoolExecutor worker = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread,
            new ThreadPoolExecutor.DiscardPolicy()); // once closed, nobody waits for what comes
    private final Set<Exchange> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean toldOfCertificate = new AtomicBoolean();
    private @Nullable HttpClient client; // used on the worker
    private volatile @Nullable ThreadGroup group;
    private volatile @Nullable Thread thread; // the worker has one at a time
    private volatile boolean warm;
    private volatile boolean closed;

    /**
     * With whom to trust.
     *
     * @param tls whom to trust; the JVM's default, read at first need, if empty
     * @param scheduler for deadlines
     * @param events told once of certificates that can't be verified
     */
    HttpsProber(Optional<SSLContext> tls, Scheduler scheduler, EventSink events) {
        this.tls = tls;
        this.scheduler = scheduler;
        this.events = events;
    }

    /** Whether no probe has ended yet, so that the next may first have to load TLS. */
    boolean cold() {
        return !warm;
    }

    /** How long a probe may take that is given this time. */
    Duration longest(Duration timeout) {
        return warm ? timeout : timeout.plus(START_UP);
    }

    /** As {@link Prober#probe}, asking for the path. */
    void probe(String path, InetSocketAddress address, Duration timeout, Consumer<Result> done) {
        Exchange exchange = new Exchange(address, path, done);
        open.add(exchange);
        if (closed) {
            exchange.end(new Refused("closed"));
            return;
        }
        exchange.limit(longest(timeout));
        worker.execute(exchange::begin);
    }

    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            HttpClient.Builder builder = HttpClient.newBuilder()
                    .executor(worker)
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .proxy(HttpClient.Builder.NO_PROXY); // else it is the application's
            tls.ifPresent(builder::sslContext);
            made = builder.build();
            client = made;
        }
        return made;
    }

    private Thread thread(Runnable work) {
        ThreadGroup ours = group;
        if (ours == null) {
            ours = new ThreadGroup(THREAD);
            group = ours;
        }
        Thread made = new Thread(ours, work, THREAD);
        made.setDaemon(true);
        thread = made;
        return made;
    }

    private static Result judge(int status) {
        return status >= 200 && status < 400 ? new Passed() : new Refused("probe answered " + status);
    }

    private Result judge(String authority, Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .toList();
        Optional<Throwable> unverified = causes.stream()
                .filter(cause -> cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException)
                .findFirst();
        if (unverified.isPresent()) {
            if (toldOfCertificate.compareAndSet(false, true)) {
                events.accept(new Event.Trouble(
                        "",
                        "https probe of " + authority + ": its certificate can't be verified for the address ("
                                + message(causes.get(causes.size() - 1))
                                + "); judged by its handshake alone, as a TCP probe would"));
            }
            return new Passed();
        }
        return new Refused(words(causes));
    }

    private static String words(List<Throwable> causes) {
        for (Throwable cause : causes) {
            if (cause instanceof SSLException) {
                return "TLS failed: " + message(cause);
            } else if (cause instanceof ProtocolException) {
                return "probe answer is not HTTP/1.1";
            } else if (cause instanceof ConnectException) {
                // the client often loses the reason, and what is left of it would mislead
                return cause.getMessage() == null ? "connection refused or unreachable" : message(cause);
            }
        }
        return message(causes.get(causes.size() - 1));
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return Text.safe(message == null ? thrown.getClass().getSimpleName() : message);
    }

    /**
     * Idempotent. Cancels what is in flight, which then was refused, and waits a tenth of a second at most for the threads:
     * TLS that is just being loaded takes longer to let go.
     */
    @Override
    public void close() {
        closed = true;
        open.forEach(exchange -> exchange.end(new Refused("closed")));
        Thread last = thread;
        if (last != null) {
            worker.execute(this::letGo);
        }
        worker.shutdown();
        if (last == null || last == Thread.currentThread()) {
            return;
        }
        try {
            last.join(PATIENCE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * The last task of the worker. On it and nowhere else: a selector that ends while the client is at work elsewhere can lock
     * up with it (seen on 17), and it locks itself for long, so that whoever joins it may wait without end.
     */
    private void letGo() {
        client = null;
        Thread[] ours = new Thread[2];
        int count = Thread.currentThread().getThreadGroup().enumerate(ours);
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

    /** One probe. */
    private final class Exchange {
        private final String authority;
        private final String path;
        private final Consumer<Result> done;
        private final AtomicBoolean ended = new AtomicBoolean();
        private volatile Pending deadline = () -> {};
        private volatile @Nullable CompletableFuture<?> answer;

        Exchange(InetSocketAddress address, String path, Consumer<Result> done) {
            this.authority =
                    Endpoint.of(address.getAddress(), address.getPort()).authority();
            this.path = path;
            this.done = done;
        }

        void limit(Duration time) {
            deadline = scheduler.schedule(time, () -> end(new TimedOut()));
            if (ended.get()) {
                deadline.cancel();
            }
        }

        void begin() {
            if (ended.get()) {
                return;
            }
            try {
                HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + authority + path))
                        .setHeader("User-Agent", WireProber.USER_AGENT)
                        .build();
                CompletableFuture<HttpResponse<Void>> asked = client().sendAsync(request, info -> {
                    end(judge(info.statusCode()));
                    return BodySubscribers.discarding();
                });
                answer = asked;
                if (ended.get()) {
                    asked.cancel(true);
                }
                var unused = asked.whenCompleteAsync(
                        (response, failure) -> {
                            if (failure != null && !ended.get()) {
                                end(judge(authority, failure));
                            }
                        },
                        worker);
            } catch (Throwable broken) { // no socket, no thread, no default trust store
                end(new Refused("probe could not be made: " + message(broken)));
            }
        }

        void end(Result result) {
            if (!ended.compareAndSet(false, true)) {
                return;
            }
            warm = true;
            deadline.cancel();
            open.remove(this);
            CompletableFuture<?> asked = answer;
            if (asked != null) {
                asked.cancel(true);
            }
            done.accept(result);
        }
    }
}
