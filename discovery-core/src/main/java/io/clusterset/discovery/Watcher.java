package io.clusterset.discovery;

import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Snapshot;
import io.clusterset.discovery.model.TierView;
import java.util.List;
import java.util.Optional;
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
    private Optional<Snapshot> told = Optional.empty(); // used on the serial executor
    private final AtomicBoolean reported = new AtomicBoolean();

    Watcher(String subject, Consumer<Snapshot> listener, Stages stages) {
        this.subject = subject;
        this.listener = listener;
        this.stages = stages;
    }

    /** Hands a snapshot over to the callback thread, unless it says what the last one said. */
    void tell(Snapshot snapshot) {
        if (saysTheSame(snapshot)) {
            return;
        }
        told = Optional.of(snapshot);
        if (latest.getAndSet(snapshot) == null) {
            stages.callbacks().execute(this::run);
        }
    }

    private boolean saysTheSame(Snapshot snapshot) {
        List<TierView> before = told.map(Snapshot::tiers).orElse(List.of());
        boolean same = before.size() == snapshot.tiers().size();
        for (int i = 0; i < before.size() && same; i++) {
            TierView was = before.get(i);
            TierView is = snapshot.tiers().get(i);
            same = was.tier().equals(is.tier())
                    && was.resolution().word().equals(is.resolution().word())
                    && Endpoint.same(was.endpoints(), is.endpoints());
        }
        return same && told.isPresent();
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
