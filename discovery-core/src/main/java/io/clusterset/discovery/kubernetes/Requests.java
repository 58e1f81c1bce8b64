package io.clusterset.discovery.kubernetes;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/**
 * The JDK's client, and which of its requests have not been answered: whoever waits for one keeps its connection, and with that client
 * gone nobody else would close it. What fabric8 hands out in the place of a request can't be cancelled.
 */
final class Requests extends HttpClient {

    private final HttpClient client;
    private final Set<Runnable> unanswered = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    private Requests(HttpClient client) {
        this.client = client;
    }

    /** Gives up all that have not been answered, with their connections, and those to come. */
    void end() {
        ended = true;
        unanswered.forEach(Runnable::run);
    }

    private <T> CompletableFuture<T> noted(CompletableFuture<T> request) {
        Runnable giveUp = () -> request.cancel(true);
        unanswered.add(giveUp);
        CompletableFuture<T> unused = request.whenComplete((answer, failure) -> unanswered.remove(giveUp));
        if (ended) {
            giveUp.run();
        }
        return request;
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return noted(client.sendAsync(request, handler));
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushed) {
        return noted(client.sendAsync(request, handler, pushed));
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(request, handler);
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    /** Makes one as the JDK's builder makes its client. */
    static final class Builder implements HttpClient.Builder {
        private final HttpClient.Builder builder;
        private volatile Optional<Requests> built = Optional.empty();

        Builder(HttpClient.Builder builder) {
            this.builder = builder;
        }

        /** What was built. */
        Optional<Requests> built() {
            return built;
        }

        @Override
        public HttpClient build() {
            Requests made = new Requests(builder.build());
            built = Optional.of(made);
            return made;
        }

        @Override
        public Builder cookieHandler(CookieHandler handler) {
            builder.cookieHandler(handler);
            return this;
        }

        @Override
        public Builder connectTimeout(Duration time) {
            builder.connectTimeout(time);
            return this;
        }

        @Override
        public Builder sslContext(SSLContext context) {
            builder.sslContext(context);
            return this;
        }

        @Override
        public Builder sslParameters(SSLParameters parameters) {
            builder.sslParameters(parameters);
            return this;
        }

        @Override
        public Builder executor(Executor executor) {
            builder.executor(executor);
            return this;
        }

        @Override
        public Builder followRedirects(Redirect policy) {
            builder.followRedirects(policy);
            return this;
        }

        @Override
        public Builder version(Version version) {
            builder.version(version);
            return this;
        }

        @Override
        public Builder priority(int priority) {
            builder.priority(priority);
            return this;
        }

        @Override
        public Builder proxy(ProxySelector selector) {
            builder.proxy(selector);
            return this;
        }

        @Override
        public Builder authenticator(Authenticator authenticator) {
            builder.authenticator(authenticator);
            return this;
        }
    }
}
