package io.clusterset.discovery.testkit;

import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The requests and watches of an API server, and what is wrong with it. Thread-safe. */
final class ApiTraffic implements HttpSession.Handler, AutoCloseable {

    private static final String TEXT = "Content-Type: text/plain; charset=utf-8\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";

    /** A request that is not answered yet. */
    private record Held(HttpRequest request, HttpSession session) {}

    private final ApiStore store;
    private final Later later;
    private final Arrivals<ApiRequest> requests = new Arrivals<>();
    private final List<ApiFault.Active> faults = new CopyOnWriteArrayList<>();
    private final List<ApiWatch> watches = new CopyOnWriteArrayList<>();
    private final Object stalls = new Object();

    /** Guarded by {@code stalls}, like what follows. Nothing is called while holding it. */
    private final List<Held> held = new ArrayList<>();

    private boolean stalled;
    private boolean watchesStalled;

    private volatile boolean tooOldAsStatus;
    private volatile String token = "";
    private volatile boolean closed;

    ApiTraffic(ApiStore store, Later later) {
        this.store = store;
        this.later = later;
    }

    TcpSession opened(TcpConnection connection) {
        return new HttpSession(connection, this);
    }

    Arrivals<ApiRequest> requests() {
        return requests;
    }

    boolean isClosed() {
        return closed;
    }

    void tooOldAsStatus(boolean asStatus) {
        tooOldAsStatus = asStatus;
    }

    void requireToken(String wanted) {
        token = wanted;
    }

    void fail(ApiFault fault) {
        faults.add(0, new ApiFault.Active(fault));
    }

    void stall(boolean requestsToo) {
        synchronized (stalls) {
            watchesStalled = true;
            stalled |= requestsToo;
        }
    }

    void healthy() {
        faults.clear();
        List<Held> released;
        synchronized (stalls) {
            stalled = false;
            watchesStalled = false;
            released = new ArrayList<>(held);
            held.clear();
        }
        goOn();
        released.forEach(waiting -> answer(waiting.request(), waiting.session()));
    }

    /** What is open is no more. */
    void forget() {
        later.clear();
        synchronized (stalls) {
            held.clear();
        }
    }

    @Override
    public void close() {
        closed = true;
        forget();
        later.close();
    }

    /** Tells the watches what has happened. */
    void goOn() {
        watches.forEach(this::goOn);
    }

    private void goOn(ApiWatch watch) {
        synchronized (stalls) {
            if (watchesStalled) {
                return;
            }
        }
        if (!watch.goOn() && watches.remove(watch)) {
            watch.stream().end();
        }
    }

    void bookmark() {
        synchronized (stalls) {
            if (watchesStalled) {
                return;
            }
        }
        goOn();
        watches.forEach(ApiWatch::bookmark);
    }

    void send(Predicate<ApiWatch> which, String line) {
        watches.stream().filter(which).forEach(watch -> watch.send(line));
    }

    void error(int status) {
        for (ApiWatch watch : watches) {
            watch.send(ApiChange.event(
                    "ERROR", ApiStatus.of(status, watch.request()).document()));
            end(watch);
        }
    }

    void end(Predicate<ApiWatch> which) {
        watches.stream().filter(which).forEach(this::end);
    }

    private void end(ApiWatch watch) {
        if (watches.remove(watch)) {
            watch.stop();
            watch.stream().end();
        }
    }

    void reset() {
        watches.forEach(watch -> {
            watches.remove(watch);
            watch.stop();
            watch.stream().reset();
        });
    }

    int watches() {
        return (int) watches.stream().filter(ApiWatch::isOpen).count();
    }

    /** Looks again and again: nobody tells when a client has gone. */
    void awaitWatches(int count, Duration within) {
        long start = System.nanoTime();
        while (watches() != count) {
            if (System.nanoTime() - start >= Threads.nanos(within)) {
                throw new AssertionError("watches: " + watches() + " after " + within + " (expected: " + count + ")");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for watches", e);
            }
        }
    }

    @Override
    public boolean arrived(HttpRequest request, HttpSession session) {
        requests.add(ApiRequest.of(request));
        return true;
    }

    @Override
    public void answer(HttpRequest request, HttpSession session) {
        synchronized (stalls) {
            if (stalled) {
                hold(request, session);
                return;
            }
        }
        ApiRequest asked = ApiRequest.of(request);
        Optional<ApiFault> fault = faults.stream()
                .filter(active -> active.meets(asked))
                .findFirst()
                .map(ApiFault.Active::fault);
        if (fault.isPresent()) {
            act(fault.get(), asked, request, session);
        } else if (!token.isEmpty() && !request.authorization().equals("Bearer " + token)) {
            refuse(ApiStatus.of(401, asked), "", session);
        } else {
            serve(asked, session);
        }
    }

    private void act(ApiFault fault, ApiRequest asked, HttpRequest request, HttpSession session) {
        switch (fault.kind()) {
            case STATUS -> refuse(fault.answer(asked), fault.fields(), session);
            case RESET -> session.reset();
            case CUT -> {
                if (asked.verb() != ApiVerb.WATCH) {
                    session.cut();
                }
                serve(asked, session);
            }
            case SILENCE -> {
                synchronized (stalls) {
                    hold(request, session);
                }
            }
        }
    }

    private void hold(HttpRequest request, HttpSession session) {
        held.removeIf(other -> !other.session().isOpen());
        held.add(new Held(request, session));
    }

    private void serve(ApiRequest asked, HttpSession session) {
        if (asked.verb() == ApiVerb.OTHER) {
            refuse(ApiStatus.of(405, asked), "", session);
            return;
        }
        Optional<ApiPath> path = ApiPath.parse(asked.path());
        Optional<ApiResource> resource = path.flatMap(store::at);
        if (path.isPresent() && resource.isPresent()) {
            serve(asked, path.get(), resource.get(), session);
            return;
        }
        Optional<Json.Obj> document = new ApiDiscovery(store.resources()).document(asked.path());
        if (document.isPresent()) {
            respond(200, "", document.get(), session);
        } else {
            session.respond(404, TEXT, "404 page not found\n".getBytes(StandardCharsets.UTF_8));
        }
    }

    private void serve(ApiRequest asked, ApiPath path, ApiResource resource, HttpSession session) {
        try {
            ApiQuery query = new ApiQuery(asked.query());
            switch (asked.verb()) {
                case WATCH -> watch(asked, path, resource, session);
                case LIST -> respond(200, "", new ApiPage(store, resource, path, query).document(), session);
                default -> respond(200, "", object(path, resource), session);
            }
        } catch (ApiRefused e) {
            boolean event = asked.verb() == ApiVerb.WATCH && e.status().code() == 410 && !tooOldAsStatus;
            if (event) {
                HttpStream stream = session.stream(JSON);
                stream.send(List.of(ApiChange.event("ERROR", e.status().document())));
                stream.end();
            } else {
                refuse(e.status(), "", session);
            }
        }
    }

    private Json.Obj object(ApiPath path, ApiResource resource) throws ApiRefused {
        ApiObject object = store.get(resource, new ApiObject.Key(path.namespace(), path.name()))
                .orElseThrow(() -> new ApiRefused(ApiStatus.notFound(path)));
        return resource.served(object.content(), path.version());
    }

    private void watch(ApiRequest asked, ApiPath path, ApiResource resource, HttpSession session) throws ApiRefused {
        ApiQuery query = new ApiQuery(asked.query());
        long seconds = query.number("timeoutSeconds");
        ApiWatch watch = new ApiWatch(store, resource, asked, path.version(), session.stream(JSON));
        watches.removeIf(other -> !other.isOpen());
        watches.add(watch);
        if (seconds > 0) {
            WeakReference<ApiWatch> open =
                    new WeakReference<>(watch); // one that ended is not kept until its time is up
            later.run(Duration.ofSeconds(seconds), () -> end(other -> other == open.get()));
        }
        watch.open();
        goOn(watch);
    }

    private static void refuse(ApiStatus status, String fields, HttpSession session) {
        respond(status.code(), fields, status.document(), session);
    }

    private static void respond(int status, String fields, Json.Obj document, HttpSession session) {
        byte[] body = (document.toString() + '\n').getBytes(StandardCharsets.UTF_8);
        session.respond(status, JSON + fields, body);
    }
}
