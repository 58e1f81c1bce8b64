package io.clusterset.discovery.spring.cloud;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells of a trouble once a minute, however many requests it meets. Thread-safe. */
final class Told {

    private static final Logger LOG = LoggerFactory.getLogger("io.clusterset.discovery");
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final Ticker ticker;
    private final AtomicLong last;

    Told(Ticker ticker) {
        this.ticker = ticker;
        this.last = new AtomicLong(ticker.nanos() - PAUSE);
    }

    void warn(Supplier<String> text, @Nullable Throwable thrown) {
        long now = ticker.nanos();
        long before = last.get();
        if (now - before >= PAUSE && last.compareAndSet(before, now)) {
            LOG.warn(text.get(), thrown);
        }
    }
}
