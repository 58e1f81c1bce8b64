package io.clusterset.discovery.page;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Somebody who looks on: told all there is at first, and after that what changed since the last time, however slowly it reads.
 * {@link #next} is for one thread; the others are thread-safe.
 */
final class Viewer implements AutoCloseable {

    private static final long SILENCE = Duration.ofSeconds(10).toNanos();

    private final Feed feed;
    private final Lookout lookout;
    private final List<String> names;
    private final Map<String, Parts> told = new HashMap<>(); // used by the one thread
    private boolean woken = true; // guarded by this, as are those below
    private boolean beat;
    private boolean over;
    private long toldAt;

    Viewer(Feed feed, Lookout lookout, List<String> names, long now) {
        this.feed = feed;
        this.lookout = lookout;
        this.names = List.copyOf(names);
        this.toldAt = now;
    }

    /** What it views. */
    List<String> names() {
        return names;
    }

    /**
     * Waits for something to say: server-sent events, each 10 s at least, so that whoever has gone away is found out, and whoever is
     * cut off finds out; empty once it is over.
     */
    Optional<String> next() throws InterruptedException {
        while (true) {
            boolean anyway;
            synchronized (this) {
                while (!woken && !over) {
                    wait();
                }
                if (over) {
                    return Optional.empty();
                }
                woken = false;
                anyway = beat;
                beat = false;
            }
            String news = news(anyway);
            if (!news.isEmpty()) {
                return Optional.of(news);
            }
        }
    }

    /** There may be something, and it is this late. */
    synchronized void wake(long now) {
        woken = true;
        if (now - toldAt >= SILENCE) {
            beat = true;
            toldAt = now;
        }
        notifyAll();
    }

    /** If nothing changed, what time it is, or nothing. */
    private String news(boolean anyway) {
        StringBuilder news = new StringBuilder();
        for (String name : names) {
            lookout.news(name, told.getOrDefault(name, Parts.NOTHING), anyway).ifPresent(one -> {
                told.put(name, one.seen());
                news.append("event: ")
                        .append(name.equals(Feed.OVERVIEW) ? "overview" : "service")
                        .append("\ndata: ")
                        .append(one.document())
                        .append("\n\n");
            });
        }
        return news.toString();
    }

    /** Whoever waits is told that it is over. */
    @Override
    public void close() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        feed.leave(this);
    }
}
