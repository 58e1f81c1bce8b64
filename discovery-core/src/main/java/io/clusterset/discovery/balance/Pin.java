package io.clusterset.discovery.balance;

import io.clusterset.discovery.model.Outcomes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Which endpoint all picks of a service go to. Outlives pickers; read on any thread, moved under its own lock. */
final class Pin {

    private static final long OFTEN_ENOUGH = Duration.ofMillis(100).toNanos();

    private final int key;
    private final long idle;
    private volatile @Nullable Outcomes at;
    private volatile @Nullable Outcomes failed;
    private volatile long used;

    Pin(int key, Duration idle) {
        this.key = key;
        this.idle = idle.toNanos();
    }

    /** What decides which tier it is in, for any split of the load. */
    int key() {
        return key;
    }

    @SuppressWarnings("ReferenceEquality") // an endpoint's outcomes are one object for as long as it is known
    boolean isAt(Outcomes endpoint, long now) {
        return at == endpoint && now - used < idle;
    }

    @SuppressWarnings("ReferenceEquality")
    boolean justFailed(Outcomes endpoint) {
        return failed == endpoint;
    }

    /** Keeps it from being idle. All threads write here, a hundred times before it would be at most. */
    void use(long now) {
        if (now - used >= Math.min(OFTEN_ENOUGH, idle / 100)) {
            used = now;
        }
    }

    synchronized void move(Outcomes endpoint, long now) {
        at = endpoint;
        failed = null;
        used = now;
    }

    /** An attempt at the endpoint failed. */
    @SuppressWarnings("ReferenceEquality")
    void fail(Outcomes endpoint) {
        if (at == endpoint) {
            synchronized (this) {
                if (at == endpoint) {
                    at = null;
                    failed = endpoint;
                }
            }
        }
    }
}
