package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.kubernetes.Listing.Outcome;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Keeps a copy of some objects of the API server: a list, then a watch from its version on, and whatever it takes to stay true.
 *
 * <pre>
 *           ┌── 410, stalled ──────────┐     clean end: opened anew at once
 *           ▼                          │     broken: after a backoff, 0.8 s to 28 s
 *  in line ─▶ listing ─▶ in line ─▶ watching ─┐
 *     ▲                      ▲─────────────────┘
 *     └── failed: the turnstile's backoff; refused: 5 to 6 minutes
 * </pre>
 *
 * <p>A list counts only when it is complete; until then, and while nothing is heard, what is known stays. Used on the serial
 * executor.
 *
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes">Efficient detection of
 *     changes</a>
 */
final class Reflector<T> {

    private static final Duration SHORT_LIFE = Duration.ofSeconds(1);
    private static final Duration LONG_LIFE = Duration.ofMinutes(2);
    private static final Duration RELISTS_APART = Duration.ofSeconds(30);

    private final ApiServer server;
    private final Turnstile turnstile;
    private final Clockwork clockwork;
    private final Selection<T> selection;
    private final Shelf<T> shelf;
    private final Map<String, List<Runnable>> watchers = new HashMap<>();
    private final Alarm again;
    private final RefreshPace pace;

    private State state = new State(false, false, Optional.empty());
    private String version = "";
    private boolean anyVersion; // the next list is of what is so now, whatever is known
    private boolean unpaged; // the next list is not cut in pages
    private int failures;
    private long relistedAt;
    private boolean relisted; // at some time
    private boolean ended;

    // what it is at; at most one of the first three
    private Optional<Turnstile.InLine> waiting = Optional.empty();
    private Optional<Listing<T>> listing = Optional.empty();
    private Optional<Watching<T>> watching = Optional.empty();
    private Optional<Turnstile.Pass> held = Optional.empty();
    private Optional<Refreshing> refreshing = Optional.empty();

    Reflector(ApiServer server, Turnstile turnstile, Clockwork clockwork, Selection<T> selection) {
        this.server = server;
        this.turnstile = turnstile;
        this.clockwork = clockwork;
        this.selection = selection;
        this.shelf = new Shelf<>(selection.keys());
        this.again = clockwork.alarm();
        this.pace = new RefreshPace(clockwork);
    }

    /**
     * How it stands.
     *
     * @param synced whether there was a complete list at some time
     * @param alive whether changes are told as they happen
     * @param trouble why it is not alive; empty if it is, or has just begun
     */
    record State(boolean synced, boolean alive, Optional<Answer> trouble) {}

    State state() {
        return state;
    }

    /** What is known of it, in the order of names. */
    Collection<Item<T>> of(String key) {
        return shelf.of(key);
    }

    /** Tells of changes of what belongs to the key, and of the state. */
    void add(String key, Runnable watcher) {
        watchers.computeIfAbsent(key, k -> new ArrayList<>()).add(watcher);
    }

    /** The other way. */
    void remove(String key, Runnable watcher) {
        watchers.computeIfPresent(key, (k, told) -> told.remove(watcher) && told.isEmpty() ? null : told);
    }

    void start() {
        list();
    }

    /** Lets go of everything. */
    void end() {
        ended = true;
        again.cancel();
        waiting.ifPresent(Turnstile.InLine::leave);
        listing.ifPresent(Listing::end);
        watching.ifPresent(Watching::end);
        refreshing.ifPresent(Refreshing::end);
        held.ifPresent(Turnstile.Pass::left); // nothing, where it was given back
        waiting = Optional.empty();
        listing = Optional.empty();
        watching = Optional.empty();
    }

    /**
     * Looks whether the watch tells the truth: lists again, unless the {@linkplain RefreshPace pace} says that it is too
     * soon. If the list is newer than what the watch has told, the watch is taken for stalled.
     *
     * @param done told when it has, or at once if there is nothing to look at
     */
    void refresh(Runnable done) {
        if (refreshing.isPresent()) {
            refreshing.get().dones.add(done);
        } else if (ended || !state.alive() || pace.isTooSoon()) {
            done.run();
        } else {
            refreshing = Optional.of(new Refreshing(done));
            refreshing.get().begin();
        }
    }

    private void become(boolean synced, boolean alive, Optional<Answer> trouble) {
        State next = new State(synced, alive, trouble);
        if (!next.equals(state)) {
            state = next;
            List.copyOf(watchers.values()).forEach(told -> List.copyOf(told).forEach(Runnable::run));
        }
    }

    private void tell(Set<String> touched) {
        if (!touched.isEmpty()) {
            pace.news();
        }
        for (String key : touched) {
            List<Runnable> told = watchers.get(key);
            if (told != null) {
                List.copyOf(told).forEach(Runnable::run);
            }
        }
    }

    // lists

    private void list() {
        enter(pass -> {
            pace.listing();
            boolean anew = version.isEmpty() || anyVersion;
            Listing<T> begun = new Listing<>(
                    server, clockwork.serial(), selection, from(), !unpaged, outcome -> listed(outcome, pass, anew));
            listing = Optional.of(begun);
        });
    }

    private String from() {
        if (anyVersion) {
            return "";
        }
        return version.isEmpty()
                ? "resourceVersion=0"
                : "resourceVersion=" + version + "&resourceVersionMatch=NotOlderThan";
    }

    private void listed(Outcome<T> outcome, Turnstile.Pass pass, boolean anew) {
        listing = Optional.empty();
        if (outcome instanceof Outcome.Failed<T> failed) {
            if (failed.why().isTooOld()) {
                unpaged = failed.page() > 1;
                pass.passed();
                listAnew(failed.why());
            } else if (failed.why() instanceof Answer.TooLong) {
                tooLong(failed.why(), pass);
            } else {
                refused(failed.why(), pass);
                list();
            }
            return;
        }
        Outcome.Listed<T> all = (Outcome.Listed<T>) outcome;
        pass.passed();
        unpaged = false;
        anyVersion = false;
        Set<String> touched =
                anew ? shelf.replace(all.items(), all.version()) : shelf.merge(all.items(), all.version());
        version = anew ? all.version() : Versions.newest(version, all.version());
        become(true, false, state.trouble());
        tell(touched);
        if (!ended) {
            open();
        }
    }

    /** What is known has no past any more: a list that does not build on it, at most one in 30 s. */
    private void listAnew(Answer why) {
        anyVersion = true;
        trouble(why);
        Duration since = clockwork.since(relistedAt);
        Duration wait = relisted && since.compareTo(RELISTS_APART) < 0 ? RELISTS_APART.minus(since) : Duration.ZERO;
        again.set(wait, () -> {
            relisted = true;
            relistedAt = clockwork.ticker().nanos();
            list();
        });
    }

    /** It is no shorter soon. That says nothing of other selections, nor of the server. */
    private void tooLong(Answer why, Turnstile.Pass pass) {
        pass.passed();
        trouble(why);
        again.set(clockwork.seldom(), this::list);
    }

    // watches

    private void open() {
        enter(pass -> {
            Watching<T> begun = new Watching<>(server, clockwork, selection, version, new Watching.Taker<T>() {
                @Override
                public void opened() {
                    pass.passed();
                    become(true, true, Optional.empty());
                }

                @Override
                public void changed(Change<T> change) {
                    take(change);
                }

                @Override
                public void ended(Watching.End end, Answer why, Duration lived) {
                    watching = Optional.empty();
                    closed(end, why, lived, pass);
                }
            });
            watching = Optional.of(begun);
        });
    }

    private void take(Change<T> change) {
        if (change instanceof Change.Put<T> put) {
            version = Versions.newest(version, put.item().version());
            tell(shelf.put(put.item()));
        } else if (change instanceof Change.Gone<T> gone) {
            version = Versions.newest(version, gone.version());
            tell(shelf.gone(gone.namespace(), gone.name(), gone.version()));
        } else if (change instanceof Change.Bookmark<T> bookmark) {
            version = Versions.newest(version, bookmark.version());
        }
    }

    private void closed(Watching.End end, Answer why, Duration lived, Turnstile.Pass pass) {
        if (why.isTooOld()) {
            pass.passed();
            listAnew(why);
            return;
        }
        if (why instanceof Answer.TooLong) {
            tooLong(why, pass);
            return;
        }
        if (end == Watching.End.NEVER_OPENED) {
            refused(why, pass);
            open();
            return;
        }
        failures = lived.compareTo(LONG_LIFE) >= 0 ? 0 : failures;
        if (end == Watching.End.CLEAN && lived.compareTo(SHORT_LIFE) >= 0) {
            become(true, false, Optional.empty());
            open();
            return;
        }
        failures++;
        turnstile.doubt();
        trouble(end == Watching.End.CLEAN ? new Answer.Silent("a watch that ends at once") : why);
        again.set(
                Clockwork.BACKOFF.after(failures, clockwork.random()),
                end == Watching.End.STALLED ? this::list : this::open);
    }

    // both

    /** Waits in line, then asks. */
    private void enter(Consumer<Turnstile.Pass> ask) {
        if (ended) {
            return;
        }
        waiting.ifPresent(Turnstile.InLine::leave);
        waiting = Optional.of(turnstile.enter(selection.place(), new Turnstile.Visitor() {
            @Override
            public void enter(Turnstile.Pass pass) {
                waiting = Optional.empty();
                held = Optional.of(pass);
                ask.accept(pass);
            }

            @Override
            public void barred(Answer.Refused why) {
                trouble(why);
            }
        }));
    }

    private void trouble(Answer why) {
        become(state.synced(), false, Optional.of(why));
    }

    private void refused(Answer why, Turnstile.Pass pass) {
        trouble(why);
        if (why instanceof Answer.Refused refused && refused.isFinal()) {
            pass.barred(refused);
        } else {
            pass.failed(why);
        }
    }

    /** A list beside the watch. */
    private final class Refreshing implements Turnstile.Visitor {
        private final List<Runnable> dones = new ArrayList<>();
        private Turnstile.InLine place = () -> {};
        private Optional<Turnstile.Pass> allowed = Optional.empty();
        private Optional<Listing<T>> list = Optional.empty();

        Refreshing(Runnable done) {
            dones.add(done);
        }

        void begin() {
            place = turnstile.enter(selection.place(), this);
            if (dones.isEmpty()) { // it is over
                place.leave();
            }
        }

        @Override
        public void enter(Turnstile.Pass pass) {
            allowed = Optional.of(pass);
            pace.listing();
            String from = "resourceVersion=" + version + "&resourceVersionMatch=NotOlderThan";
            list = Optional.of(new Listing<>(
                    server, clockwork.serial(), selection, from, true, outcome -> compare(outcome, pass)));
        }

        @Override
        public void barred(Answer.Refused why) {
            end();
        }

        private void compare(Outcome<T> outcome, Turnstile.Pass pass) {
            pace.fruitless(); // unless there is news, below
            if (outcome instanceof Outcome.Listed<T> all) {
                pass.passed();
                Set<String> touched = shelf.merge(all.items(), all.version());
                version = Versions.newest(version, all.version());
                if (!touched.isEmpty()) {
                    rebuild();
                }
                tell(touched);
            } else if (((Outcome.Failed<T>) outcome).why() instanceof Answer.Silent silent) {
                pass.failed(silent);
            } else {
                pass.left(); // the watch will hear of it too
            }
            end();
        }

        /** It should have told what the list says. */
        private void rebuild() {
            if (watching.isPresent()) {
                watching.get().end();
                watching = Optional.empty();
                trouble(new Answer.Silent("a watch that missed changes"));
                open();
            }
        }

        void end() {
            place.leave();
            list.ifPresent(Listing::end);
            allowed.ifPresent(Turnstile.Pass::left);
            refreshing = Optional.empty();
            List.copyOf(dones).forEach(Runnable::run);
            dones.clear();
        }
    }
}
