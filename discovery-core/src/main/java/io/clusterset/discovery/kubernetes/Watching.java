package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.time.Alarm;
import java.io.IOException;
import java.time.Duration;

/**
 * One watch, from its opening to its end. An end that nobody tells is noticed: nothing heard for 10 minutes, for 150 s where
 * bookmarks come (one a minute), or no end when it was due. Used on the serial executor; lines are read where they arrive.
 */
final class Watching<T> {

    private static final Duration OPENING = Duration.ofSeconds(10);
    private static final Duration SILENT = Duration.ofMinutes(10);
    private static final Duration SILENT_WITH_BOOKMARKS = Duration.ofSeconds(150);
    private static final int SHORTEST_SECONDS = 300;
    private static final int LONGEST_SECONDS = 600;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Clockwork clockwork;
    private final Selection<T> selection;
    private final Taker<T> taker;
    private final Alarm watchdog;
    private final Duration due;
    private final ApiServer.Running running;
    private long heardAt;
    private long openedAt;
    private boolean opened;
    private boolean bookmarks;
    private boolean over;

    /** Opens it, from a version on. */
    Watching(ApiServer server, Clockwork clockwork, Selection<T> selection, String version, Taker<T> taker) {
        this.clockwork = clockwork;
        this.selection = selection;
        this.taker = taker;
        this.watchdog = clockwork.alarm();
        int seconds = SHORTEST_SECONDS + clockwork.random().nextInt(LONGEST_SECONDS - SHORTEST_SECONDS + 1);
        this.due = Duration.ofSeconds(seconds).plus(GRACE);
        watchdog.set(
                OPENING, () -> stop(End.NEVER_OPENED, new Answer.Silent("no answer in " + OPENING.toSeconds() + " s")));
        this.running = server.stream(
                selection.path(
                        "watch=1&allowWatchBookmarks=true&timeoutSeconds=" + seconds + "&resourceVersion=" + version),
                new Arrivals());
    }

    /** Why it is over. */
    enum End {
        /** There was no answer, or a no. */
        NEVER_OPENED,
        /** As it should: the server ends every watch after a while. */
        CLEAN,
        /** It broke, or the server said why. */
        BROKEN,
        /** It said nothing any more, or nothing that can be read: what it did not tell is not known. */
        STALLED
    }

    /** Hears of it, on the serial executor. */
    interface Taker<T> {
        void opened();

        void changed(Change<T> change);

        /** Once, unless {@link #end()} was called. */
        void ended(End end, Answer why, Duration lived);
    }

    /** Nobody listens any more. */
    void end() {
        over = true;
        watchdog.cancel();
        running.end();
    }

    private void open() {
        if (over || opened) {
            return;
        }
        opened = true;
        openedAt = clockwork.ticker().nanos();
        heardAt = openedAt;
        taker.opened();
        lookAfter();
    }

    private void heard(Change<T> change) {
        if (over || !opened) {
            return;
        }
        heardAt = clockwork.ticker().nanos();
        if (change instanceof Change.Bookmark && !bookmarks) {
            bookmarks = true;
            lookAfter();
        }
        if (change instanceof Change.Ended<T> ended) {
            stop(End.BROKEN, ended.why());
        } else {
            taker.changed(change);
        }
    }

    private void lookAfter() {
        if (over) {
            return;
        }
        Duration patience = bookmarks ? SILENT_WITH_BOOKMARKS : SILENT;
        Duration silence = clockwork.since(heardAt);
        Duration lived = clockwork.since(openedAt);
        if (silence.compareTo(patience) >= 0) {
            stop(End.STALLED, new Answer.Silent("a watch that said nothing for " + silence.toSeconds() + " s"));
        } else if (lived.compareTo(due) >= 0) {
            stop(End.STALLED, new Answer.Silent("a watch that should have ended"));
        } else {
            Duration first = patience.minus(silence);
            Duration second = due.minus(lived);
            watchdog.set(first.compareTo(second) < 0 ? first : second, this::lookAfter);
        }
    }

    private void stop(End end, Answer why) {
        if (over) {
            return;
        }
        Duration lived = opened ? clockwork.since(openedAt) : Duration.ZERO;
        end();
        taker.ended(end, why, lived);
    }

    private void finished(Answer why) {
        if (!opened) {
            boolean empty = why instanceof Answer.Document;
            stop(End.NEVER_OPENED, empty ? new Answer.Silent("an empty answer") : why);
        } else {
            stop(why instanceof Answer.Document ? End.CLEAN : End.BROKEN, why);
        }
    }

    /** What comes in, on threads of the transport. */
    private final class Arrivals implements ApiServer.Lines {
        private final Words words = new Words();

        @Override
        public void opened() {
            onSerial(Watching.this::open);
        }

        @Override
        public void line(byte[] line) {
            Change<T> change;
            try {
                change = Json.change(line, selection.kind(), words);
            } catch (IOException unreadable) {
                Answer why = new Answer.Silent("a line that makes no sense: " + unreadable.getMessage());
                onSerial(() -> stop(End.STALLED, why));
                return;
            }
            onSerial(() -> heard(change));
        }

        @Override
        public void ended(Answer why) {
            onSerial(() -> finished(why));
        }

        private void onSerial(Runnable task) {
            clockwork.serial().execute(task);
        }
    }
}
