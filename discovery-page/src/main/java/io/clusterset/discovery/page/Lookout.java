package io.clusterset.discovery.page;

import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Looks on behalf of all who ask and all who view, together: at each thing ten times a second at most, at all of them for {@link Allowance
 * 2 % of a core} at most, and at what has been wanted longest first. Whoever asks meanwhile is told what was seen last. Nobody looks
 * while nobody wants to know. Thread-safe.
 */
final class Lookout {

    /** Between two looks at one thing. */
    static final Duration PAUSE = Duration.ofMillis(100);

    /** What nobody has asked for so long is forgotten. */
    static final Duration REMEMBERED = Duration.ofSeconds(10);

    /** So many things are remembered that are only asked for. */
    static final int MOST_REMEMBERED = 64;

    private final Ticker ticker;
    private final Map<String, View> views = new HashMap<>(); // by what is viewed; guarded by this, as is the one below
    private final Allowance allowance;

    Lookout(Ticker ticker) {
        this.ticker = ticker;
        this.allowance = new Allowance(ticker.nanos());
    }

    /** Somebody views it from now on. */
    synchronized void join(String name, Supplier<Look> look) {
        view(name, look).join(ticker.nanos());
    }

    /** And no more. */
    synchronized void leave(String name) {
        Optional.ofNullable(views.get(name)).ifPresent(view -> view.leave(ticker.nanos()));
    }

    /**
     * What was seen of it; empty if nobody has looked at it in a while, and nobody may yet.
     *
     * @param look at it
     */
    synchronized Optional<Parts> seen(String name, Supplier<Look> look) {
        View view = view(name, look);
        view.ask(ticker.nanos());
        forget();
        lookAtDue();
        view.check();
        return view.seen();
    }

    /** As {@link #seen}, as a document that says all of it. */
    synchronized Optional<String> document(String name, Supplier<Look> look) {
        return seen(name, look).map(unused -> {
            View view = view(name, look);
            return Parts.document(view.clock(ticker.nanos()), words(view, Parts.NOTHING));
        });
    }

    /**
     * What there is to say to somebody who views it.
     *
     * @param before what it was told last; {@link Parts#NOTHING} at first
     * @param anyway whether it is told what time it is, though nothing changed
     */
    @SuppressWarnings("ReferenceEquality") // the same object as long as nothing changed
    synchronized Optional<News> news(String name, Parts before, boolean anyway) {
        View view = views.get(name);
        if (view == null) {
            return Optional.empty();
        }
        if (before == Parts.NOTHING) { // what is remembered may be of some time ago
            lookAtDue();
        }
        return view.seen()
                .filter(now -> now != before || anyway)
                .map(now -> new News(now, words(view, before), view.clock(ticker.nanos())));
    }

    /** Looks for those who view. */
    synchronized void look() {
        lookAtDue();
        views.values().stream().filter(View::viewed).forEach(View::check);
    }

    /** Looks at whatever is due, for as long as that is allowed. Guarded by this. */
    private void lookAtDue() {
        for (long now = ticker.nanos(); allowance.until(now).isZero(); now = ticker.nanos()) {
            long by = now;
            Optional<View> due = views.values().stream()
                    .filter(view -> view.dueAt() <= by)
                    .min(Comparator.comparingLong(View::dueAt));
            if (due.isEmpty()) {
                return;
            }
            View view = due.get();
            view.look(now);
            long after = ticker.nanos();
            allowance.spend(view.priceOfLook(after), after);
        }
    }

    /** How long until something may be looked at again. */
    synchronized Duration pause() {
        Duration pause = allowance.until(ticker.nanos());
        return pause.compareTo(PAUSE) < 0 ? PAUSE : pause;
    }

    /** How many things are remembered. */
    synchronized int remembered() {
        return views.size();
    }

    /** Guarded by this. */
    private View view(String name, Supplier<Look> look) {
        View known = views.get(name);
        if (known != null) {
            return known;
        }
        forget();
        makeRoom();
        View made = new View(look.get());
        views.put(name, made);
        return made;
    }

    /** What nobody has asked for in a while, nor views. */
    synchronized void forget() {
        long eldest = ticker.nanos() - REMEMBERED.toNanos();
        views.values().removeIf(view -> !view.viewed() && view.askedAt() < eldest);
    }

    /** Texts go first: they are of any moment somebody names, and a thousand of them are not to keep pages from what they draw. */
    private void makeRoom() {
        while (views.values().stream().filter(view -> !view.viewed()).count() >= MOST_REMEMBERED) {
            views.entrySet().stream()
                    .filter(entry -> !entry.getValue().viewed())
                    .min(Map.Entry.comparingByValue(
                            Comparator.comparing(View::isDrawn).thenComparingLong(View::askedAt)))
                    .map(Map.Entry::getKey)
                    .ifPresent(views::remove);
        }
    }

    /** Finding them is paid for as looking is, once. */
    private String words(View view, Parts before) {
        boolean found = view.hasWords(before);
        long began = ticker.nanos();
        String words = view.words(before);
        long now = ticker.nanos();
        if (!found) {
            allowance.spend(view.priceOfWords(now - began), now);
        }
        return words;
    }

    /**
     * What somebody who views is told.
     *
     * @param seen what it knows thereby
     * @param words that say so
     * @param now what time it is, by the clock of what is seen
     */
    record News(Parts seen, String words, long now) {

        String document() {
            return Parts.document(now, words);
        }
    }
}
