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
    private final List<String> names;
    private final Map<String, Parts> told = new HashMap<>(); // used by the one thread
    private boolean woken = true; // guarded by this, as are those below
    private boolean beat;
    private boolean over;
    private long toldAt;

    Viewer(Feed feed, List<String> names, long now) {
        this.feed = feed;
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

    @SuppressWarnings("ReferenceEquality") // the same object as long as nothing changed
    private String news(boolean anyway) {
        StringBuilder news = new StringBuilder();
        for (String name : names) {
            Feed.Glance glance = feed.latest(name);
            Parts now = glance.parts();
            Parts before = told.get(name);
            if (now != before || anyway) { // if nothing changed, what time it is
                told.put(name, now);
                news.append("event: ")
                        .append(name.equals(Feed.OVERVIEW) ? "overview" : "service")
                        .append("\ndata: ")
                        .append(before == null ? now.whole(glance.now()) : now.since(before, glance.now()))
                        .append("\n\n");
            }
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
