package io.clusterset.browser;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The browser's DevTools protocol: commands and their answers, and events, as JSON over one web socket. Thread-safe. */
final class DevTools implements AutoCloseable {

    /** The session of what belongs to the browser and to no tab. */
    static final String BROWSER = "";

    private static final long PATIENCE_SECONDS = 20;

    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, CompletableFuture<Value>> open = new ConcurrentHashMap<>();
    private final Map<String, Consumer<Value>> listeners = new ConcurrentHashMap<>(); // by session
    private final WebSocket socket;

    DevTools(URI address) {
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(address, new Hearing())
                .join();
    }

    /** Tells of the events of one session, on the thread that reads. */
    void listen(String session, Consumer<Value> listener) {
        listeners.put(session, listener);
    }

    /** Sends a command; returns what was answered. */
    Value send(String session, String method, Map<String, ?> parameters) {
        long id = ids.incrementAndGet();
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("id", id);
        message.put("method", method);
        message.put("params", parameters);
        if (!session.equals(BROWSER)) {
            message.put("sessionId", session);
        }
        CompletableFuture<Value> answered = new CompletableFuture<>();
        open.put(id, answered);
        synchronized (this) {
            socket.sendText(Value.write(message), true).join(); // one at a time
        }
        try {
            return result(method, answered.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (TimeoutException silent) {
            throw new AssertionError(method + ": no answer within " + PATIENCE_SECONDS + " s", silent);
        } catch (ExecutionException gone) {
            throw new AssertionError(method + ": " + gone.getCause(), gone);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + ": interrupted", interrupted);
        } finally {
            open.remove(id);
        }
    }

    private static Value result(String method, Value answer) {
        if (!answer.at("error").isAbsent()) {
            throw new AssertionError(method + ": " + answer.at("error"));
        }
        return answer.at("result");
    }

    private void heard(Value message) {
        if (message.at("id").isAbsent()) {
            listeners.getOrDefault(message.at("sessionId").text(), nobody -> {}).accept(message);
            return;
        }
        CompletableFuture<Value> waiting = open.get((long) message.at("id").number());
        if (waiting != null) {
            waiting.complete(message);
        }
    }

    private void lost(Throwable cause) {
        open.values().forEach(waiting -> waiting.completeExceptionally(cause));
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Hearing implements WebSocket.Listener {
        private final StringBuilder begun = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            begun.append(part);
            if (last) {
                Value message = Value.parse(begun.toString());
                begun.setLength(0);
                heard(message);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
            lost(new IllegalStateException("the browser has gone: " + status + " " + reason));
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            lost(error);
        }
    }
}
