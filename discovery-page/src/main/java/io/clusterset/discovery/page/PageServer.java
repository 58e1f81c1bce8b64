package io.clusterset.discovery.page;

import com.sun.net.httpserver.HttpServer;
import io.clusterset.discovery.time.DaemonScheduler;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Serves a {@link DiscoveryPage} over HTTP, by the JDK's server; get one from {@link DiscoveryPage#serve}. Read-only: GET and HEAD. At a
 * loopback address it answers only who asks for {@code localhost} or that address by name, so that no web site can read it through a
 * browser. At most 16 streams of events; a page that gets none asks once a second. Its threads are daemons, {@code discovery-page-…} and the
 * JDK's dispatcher. Thread-safe.
 */
public final class PageServer implements AutoCloseable {

    private static final int THREADS = Feed.MOST_VIEWERS + 4; // a stream each, and some for all else
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final HttpServer server;
    private final Runnable endOfTime;
    private final Feed feed;
    private final Workers workers;
    private final AtomicBoolean closed = new AtomicBoolean();

    PageServer(DiscoveryPage page, InetSocketAddress address) throws IOException {
        this(page, address, new DaemonScheduler("discovery-page-clock"));
    }

    private PageServer(DiscoveryPage page, InetSocketAddress address, DaemonScheduler clock) throws IOException {
        this(page, address, Ticker.system(), clock, () -> clock.close(PATIENCE));
    }

    /** With where time comes from, and how that is ended. */
    PageServer(DiscoveryPage page, InetSocketAddress address, Ticker ticker, Scheduler scheduler, Runnable endOfTime)
            throws IOException {
        this.endOfTime = endOfTime;
        AtomicInteger made = new AtomicInteger();
        workers = new Workers(THREADS, task -> daemon(task, "discovery-page-" + made.incrementAndGet()), scheduler);
        feed = new Feed(ticker, scheduler, page.lookout(), page::looks);
        server = HttpServer.create(address, 0);
        server.setExecutor(workers);
        server.createContext("/", new Site(page, feed, workers, server.getAddress()));
        start();
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The dispatcher is a daemon if whoever starts it is one. */
    private void start() {
        Thread starter = daemon(server::start, "discovery-page-start");
        starter.start();
        try {
            starter.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt(); // it starts all the same
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** What to give to a browser on this machine: {@code http://127.0.0.1:8421/}. */
    public URI uri() {
        InetAddress address = address().getAddress();
        String host = address.isAnyLocalAddress() ? "localhost" : Site.host(address);
        return URI.create("http://" + host + ":" + address().getPort() + "/");
    }

    /** Ends all streams and stops listening, within a second; idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        feed.close();
        endOfTime.run();
        server.stop(0);
        try {
            boolean ended = workers.close(PATIENCE);
            if (!ended) {
                return; // daemons that end with what they are writing
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
