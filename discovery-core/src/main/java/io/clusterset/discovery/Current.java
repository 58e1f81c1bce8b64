package io.clusterset.discovery;

import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Picker;
import io.clusterset.discovery.model.ServiceName;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What one service's callers read, and what they wait for if there is nothing to read yet. Written on the serial executor, and
 * by whoever closes the discovery or switches it off; read on any thread.
 */
final class Current {

    private final ServiceName name;

    /** Null before the first decision and while the service rests. */
    private volatile @Nullable Picker picker;

    private volatile @Nullable Decision decision;

    /** Completed with the first picker, whatever it holds; failed by close. */
    private volatile CompletableFuture<Picker> first = new CompletableFuture<>();

    /** Completed when every tier has answered once, or the cold deadline has passed, and the picker knows it. */
    private volatile CompletableFuture<Boolean> settled = new CompletableFuture<>();

    private volatile boolean closed;
    private volatile long since;

    Current(ServiceName name) {
        this.name = name;
    }

    @Nullable
    Picker picker() {
        return picker;
    }

    @Nullable
    Decision decision() {
        return decision;
    }

    /** Since when callers go by what they go by. */
    long since() {
        return since;
    }

    CompletableFuture<Picker> first() {
        return first;
    }

    CompletableFuture<Boolean> settled() {
        return settled;
    }

    boolean closed() {
        return closed;
    }

    /**
     * Callers go by this from now on.
     *
     * @param held since when the same has been decided, in ticker nanoseconds
     */
    void publish(Decision next, Picker built, long held) {
        since = held;
        set(next, built).complete(built); // with no lock held: somebody's code may follow
    }

    /** Calls go by this one, past all that was decided; on any thread, for it must not depend on the executor. */
    void bypass(Picker system, long now) {
        since = picker instanceof SystemPicker ? since : now;
        set(null, system).complete(system);
        settled.complete(true);
    }

    /** Returns what somebody may be waiting for. */
    private synchronized CompletableFuture<Picker> set(@Nullable Decision next, Picker built) {
        CompletableFuture<Picker> waited = first;
        if (!closed) {
            decision = next;
            picker = built;
            first = CompletableFuture.completedFuture(
                    built); // the first one must not be kept for as long as the service
        }
        return waited;
    }

    void settle() {
        settled.complete(true);
    }

    /** Other tiers are asked from now on: a call that has nowhere else to go waits for them. */
    synchronized void unsettle() {
        if (!closed && settled.isDone()) {
            settled = new CompletableFuture<>();
        }
    }

    /** What was decided is let go; who calls next waits for a new decision, which comes from the cache. */
    synchronized void rest() {
        if (!closed) {
            settled.complete(true); // who waits would wait for nothing
            settled = new CompletableFuture<>(); // who wakes it may have to wait for its tiers again
            if (first.isDone()) { // else somebody may be about to wait for this one
                first = new CompletableFuture<>(); // before the picker: who finds none waits for the next
            }
            decision = null;
            picker = null;
        }
    }

    /** Ends every wait for a first answer, and every later pick, with a clear error; on any thread. */
    void close() {
        end();
        first.completeExceptionally(closedException(name));
        settled.completeExceptionally(closedException(name));
    }

    private synchronized void end() {
        closed = true;
        picker = new ClosedPicker(name);
        decision = null;
    }

    static DiscoveryException closedException(ServiceName name) {
        return new DiscoveryException(name + ": the discovery was closed");
    }
}
