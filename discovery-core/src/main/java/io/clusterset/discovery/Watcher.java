package io.clusterset.discovery;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Snapshot;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A user's listener for snapshots. A slow one gets the latest and misses those between; one that throws is told on, and that
 * is reported once.
 */
final class Watcher {

    private final String subject;
    private final Consumer<Snapshot> listener;
    private final Stages stages;
    private final AtomicReference<@Nullable Snapshot> latest = new AtomicReference<>();
    private List<Object> told = List.of(); // used on the serial executor
    private final AtomicBoolean reported = new AtomicBoolean();

    Watcher(String subject, Consumer<Snapshot> listener, Stages stages) {
        this.subject = subject;
        this.listener = listener;
        this.stages = stages;
    }

    /** Hands a snapshot over to the callback thread, unless it says what the last one said. */
    void tell(Snapshot snapshot) {
        List<Object> said = snapshot.tiers().stream()
                .<Object>map(tier -> List.of(tier.tier(), tier.resolution().word(), tier.endpoints()))
                .toList();
        if (said.equals(told)) {
            return;
        }
        told = said;
        if (latest.getAndSet(snapshot) == null) {
            stages.callbacks().execute(this::run);
        }
    }

    private void run() {
        Snapshot snapshot = latest.getAndSet(null);
        if (snapshot == null) {
            return;
        }
        try {
            listener.accept(snapshot);
        } catch (Throwable thrown) {
            if (reported.compareAndSet(false, true)) {
                stages.log().accept(new Event.Trouble(subject, "a watcher threw: " + thrown));
            }
        }
    }
}
