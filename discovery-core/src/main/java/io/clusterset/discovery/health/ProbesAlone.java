package io.clusterset.discovery.health;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * Whether probes may bring an endpoint back without a call that succeeds. They may, once; if calls fail again within 30 s and
 * none has succeeded between, they may not for the next 30 s: probes pass while calls fail, and calls are what it is for.
 * Used on the serial executor.
 */
final class ProbesAlone {

    private static final long PAUSE = Duration.ofSeconds(30).toNanos();

    private final Ticker ticker;
    private final IntSupplier succeeded;
    private boolean broughtBack;
    private long broughtBackAt;
    private int succeededByThen;
    private Optional<Long> notBefore = Optional.empty();

    /**
     * None yet.
     *
     * @param ticker time
     * @param succeeded how many calls have
     */
    ProbesAlone(Ticker ticker, IntSupplier succeeded) {
        this.ticker = ticker;
        this.succeeded = succeeded;
    }

    boolean suffice() {
        return notBefore.map(from -> ticker.nanos() - from >= 0).orElse(true);
    }

    /** They have brought it back. */
    void bringBack() {
        broughtBack = true;
        broughtBackAt = ticker.nanos();
        succeededByThen = succeeded.getAsInt();
        notBefore = Optional.empty();
    }

    /** It fails again. */
    void relapse() {
        long now = ticker.nanos();
        boolean noCallSince = succeeded.getAsInt() == succeededByThen;
        if (broughtBack && noCallSince && now - broughtBackAt < PAUSE) {
            notBefore = Optional.of(now + PAUSE);
        }
        broughtBack = false;
    }

    /** A call has succeeded: their word counts again. */
    void confirm() {
        notBefore = Optional.empty();
    }

    /** Whether nothing that came before matters any more. */
    boolean isForgotten() {
        return suffice() && (!broughtBack || ticker.nanos() - broughtBackAt >= PAUSE);
    }
}
