package io.clusterset.discovery.page;

import java.util.IdentityHashMap;
import java.util.Optional;

/**
 * What was seen last of one thing, and what is to be said of it, which is put into words once for all who are told the same. Guarded by its
 * {@link Lookout}.
 */
final class View {

    private static final long NEVER = Long.MAX_VALUE;

    private final Look look;
    private final Usual looking = new Usual();
    private final Usual telling = new Usual();
    private final IdentityHashMap<Parts, String> told = new IdentityHashMap<>(); // by what was known before
    private Optional<Parts> seen = Optional.empty();
    private Optional<RuntimeException> failure = Optional.empty(); // of the last look
    private int viewers;
    private boolean looked;
    private long lookedAt;
    private long seenAt;
    private long lookedUntil;
    private long askedAt;
    private long wantedSince = NEVER;

    View(Look look) {
        this.look = look;
    }

    /** Somebody wants to know. */
    void ask(long now) {
        askedAt = now;
        if (wantedSince == NEVER) {
            wantedSince = now;
        }
    }

    /** Somebody wants to know, from now on. */
    void join(long now) {
        viewers++;
        ask(now);
    }

    void leave(long now) {
        viewers--;
        askedAt = now; // it was wanted until now
    }

    boolean viewed() {
        return viewers > 0;
    }

    long askedAt() {
        return askedAt;
    }

    /** Whether it is a document that a page draws, again and again, and not a text that somebody reads once. */
    boolean isDrawn() {
        return !(look instanceof TextLook);
    }

    /** When the next look is due; {@link Long#MAX_VALUE} if nobody wants one. */
    long dueAt() {
        if (wantedSince == NEVER && !viewed()) {
            return NEVER;
        }
        long soonest = looked ? lookedUntil + Lookout.PAUSE.toNanos() : wantedSince;
        return wantedSince == NEVER ? soonest : Math.max(wantedSince, soonest);
    }

    /** Looks; what that throws is for who wanted it, who may be another than who had it looked at. */
    @SuppressWarnings("ReferenceEquality") // the same object as long as nothing changed
    void look(long now) {
        wantedSince = NEVER;
        looked = true; // though it may fail
        lookedAt = now;
        try {
            Parts parts = look.look();
            failure = Optional.empty();
            seenAt = now;
            if (seen.isEmpty() || seen.get() != parts) {
                seen = Optional.of(parts);
                told.clear();
            }
        } catch (RuntimeException bug) {
            failure = Optional.of(bug);
        }
    }

    /** Throws what the last look has thrown. */
    void check() {
        failure.ifPresent(bug -> {
            throw bug;
        });
    }

    /** The look is over; what it is reckoned at. */
    long priceOfLook(long now) {
        lookedUntil = now;
        return looking.with(now - lookedAt);
    }

    /** What words that took so long to find are reckoned at. */
    long priceOfWords(long cost) {
        return telling.with(cost);
    }

    Optional<Parts> seen() {
        return seen;
    }

    /** What time it is by the clock of what is seen, in milliseconds. */
    long clock(long now) {
        return look.now() + (now - seenAt) / Units.MILLI;
    }

    /** Whether {@link #words} are found already. */
    boolean hasWords(Parts before) {
        return told.containsKey(before);
    }

    /** All there is, without what time it is, to who knew nothing, else what changed since. */
    @SuppressWarnings("ReferenceEquality") // nothing is one
    String words(Parts before) {
        Parts now = seen.orElseThrow();
        return told.computeIfAbsent(before, known -> known == Parts.NOTHING ? now.whole() : now.since(known));
    }
}
