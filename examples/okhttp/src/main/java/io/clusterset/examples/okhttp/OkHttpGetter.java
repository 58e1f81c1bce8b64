package io.clusterset.examples.okhttp;

import io.clusterset.discovery.okhttp.CallAttempt;
import io.clusterset.examples.cli.Getter;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.Okio;

/** GETs of one URL by a client that the library is installed in. A status of 400 or more is a failure. Thread-safe. */
final class OkHttpGetter implements Getter {

    private static final int FIRST_ERROR = 400;

    private final LongAdder attempts = new LongAdder();
    private final OkHttpClient client;
    private final Request request;

    OkHttpGetter(OkHttpClient client, String url, Duration timeout) {
        this.client = client.newBuilder()
                .callTimeout(timeout)
                .addInterceptor(this::count) // behind the library's, so that it sees every attempt
                .build();
        this.request = new Request.Builder().url(url).build();
    }

    private Response count(Interceptor.Chain chain) throws IOException {
        if (attempt(chain.request()).isPresent()) {
            attempts.increment();
        }
        return chain.proceed(chain.request());
    }

    @Override
    public String get() throws IOException {
        try (Response response = client.newCall(request).execute()) {
            response.body().source().readAll(Okio.blackhole());
            if (response.code() >= FIRST_ERROR) {
                throw new IOException("HTTP " + response.code());
            }
            return attempt(response.request())
                    .map(attempt -> attempt.endpoint().tier())
                    .orElseThrow(() -> new IOException("served by an address of the system's resolver, not by a tier"));
        }
    }

    @Override
    public long attempts() {
        return attempts.sum();
    }

    /** What the library leaves with a request: whom it went to. */
    private static Optional<CallAttempt> attempt(Request request) {
        return Optional.ofNullable(request.tag(CallAttempt.class));
    }
}
