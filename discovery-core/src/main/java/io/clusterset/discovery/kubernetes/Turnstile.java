package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where all who ask one API server wait for their turn: a few at a time while it answers, and after it failed nobody until its
 * backoff has passed; then one, and only when that one got an answer the others follow. What is refused, by kind and
 * namespace, is asked again every 5 to 6 minutes, by one for all; after a backoff if the server says that it could not (500, 502,
 * 504): a conversion webhook that is broken says nothing of other kinds. So a fleet that meets a sick API server stays polite,
 * however many services it watches. Used on the serial executor.
 */
final class Turnstile {

    private static final int AT_FIRST = 3;
    private static final int AT_MOST = 8;
    private static final Duration LONGEST_WISH = Duration.ofSeconds(60);
    private static final Duration NEXT_IN_LINE = Duration.ofSeconds(1);

    private final Clockwork clockwork;
    private final Deque<Visit> line = new ArrayDeque<>();
    private final Map<Place, Bar> bars = new HashMap<>();
    private final Alarm reopening;
    private Optional<Place> failedLast = Optional.empty();
    private int inside;
    private int width = AT_FIRST;
    private int failures;
    private long period; // how often it was shut: what began before says nothing of now
    private boolean shut;
    private boolean closed;

    Turnstile(Clockwork clockwork) {
        this.clockwork = clockwork;
        this.reopening = clockwork.alarm();
    }

    /**
     * What leave is given or refused for.
     *
     * @param namespace empty for the whole cluster
     */
    record Place(String plural, String namespace) {}

    /** Who wants to ask. */
    interface Visitor {
        /** His turn. He must tell the pass what came of it. */
        void enter(Pass pass);

        /** It is known to be refused; he waits on. Told again when it is refused again. */
        void barred(Answer.Refused why);
    }

    /** Leave to ask once. Only the first word counts. */
    interface Pass {
        /** There was an answer; if it was a yes, it is no longer refused. */
        void passed();

        /** There was none, or one that says that it can't be given now, of this place or at all. */
        void failed(Answer why);

        /** It is refused, and will be for long: whoever enters this place again waits long. */
        void barred(Answer.Refused why);

        /** Nobody waits for the answer any more. */
        void left();
    }

    /** Someone in line. */
    @FunctionalInterface
    interface InLine {
        /** He goes; idempotent. Nothing once it was his turn. */
        void leave();
    }

    /** Takes a place in line. The visitor may be called before this returns. */
    InLine enter(Place place, Visitor visitor) {
        Visit visit = new Visit(place, visitor);
        Bar bar = bars.get(place);
        if (bar == null) {
            line.add(visit);
            letIn();
        } else {
            bar.waiting.add(visit);
            visitor.barred(bar.why);
        }
        return visit;
    }

    /** Something happened that makes it doubtful whether the API server is well: one at a time, until one got an answer. */
    void doubt() {
        width = 1;
    }

    /** Nobody is let in any more. */
    void close() {
        closed = true;
        reopening.cancel();
        bars.values().forEach(bar -> bar.again.cancel());
        bars.clear();
        line.clear();
    }

    private void letIn() {
        while (!closed && !shut && inside < width && !line.isEmpty()) {
            Visit next = line.stream()
                    .filter(visit -> failedLast.filter(visit.place::equals).isEmpty())
                    .findFirst()
                    .orElse(line.element());
            line.remove(next);
            inside++;
            next.begin();
        }
    }

    private void shutFor(Place place, Duration wish) {
        failures++;
        period++;
        shut = true;
        width = 1;
        failedLast = Optional.of(place);
        reopening.set(backoff(failures, wish), () -> {
            shut = false;
            letIn();
        });
    }

    private Duration backoff(int times, Duration wish) {
        Duration backoff = Clockwork.BACKOFF.after(times, clockwork.random());
        return wish.compareTo(backoff) > 0 ? wish : backoff;
    }

    private static Duration wish(Answer why) {
        Optional<Duration> wish = why instanceof Answer.Refused refused ? refused.retryAfter() : Optional.empty();
        return wish.map(time -> time.compareTo(LONGEST_WISH) < 0 ? time : LONGEST_WISH)
                .orElse(Duration.ZERO);
    }

    /** 503 and 429 are of the server, and so may be what is not known. */
    private static boolean isOfItsPlace(int status) {
        return status == 500 || status == 502 || status == 504;
    }

    private void askAgain(Place place, Bar bar) {
        Visit first = bar.waiting.poll();
        if (first == null) {
            bars.remove(place, bar); // whoever comes next asks
        } else {
            first.asksFor = Optional.of(bar);
            line.addFirst(first);
            letIn();
        }
    }

    private void lift(Place place, Bar bar) {
        if (bars.remove(place, bar)) {
            bar.again.cancel();
            line.addAll(bar.waiting);
            bar.waiting.clear();
        }
    }

    private void bar(Place place, Answer.Refused why) {
        Bar bar = bars.computeIfAbsent(place, p -> new Bar(clockwork.alarm(), why));
        bar.why = why;
        bar.failures = 0;
        hold(place, bar, clockwork.seldom());
    }

    /** The more places are sick, the longer each waits: it may be the server after all. */
    private void barForNow(Place place, Answer.Refused why) {
        Bar bar = bars.computeIfAbsent(place, p -> new Bar(clockwork.alarm(), why));
        bar.why = why;
        bar.failures++;
        long sick = bars.values().stream().filter(one -> one.failures > 0).count();
        hold(place, bar, backoff(bar.failures + (int) sick - 1, wish(why)));
    }

    private void hold(Place place, Bar bar, Duration time) {
        bar.again.set(time, () -> askAgain(place, bar));
        List<Visit> same =
                line.stream().filter(visit -> visit.place.equals(place)).toList();
        line.removeAll(same);
        bar.waiting.addAll(same);
        List.copyOf(new ArrayList<>(bar.waiting)).forEach(visit -> visit.visitor.barred(bar.why));
    }

    /** A refusal that is not asked about anew by everybody. */
    private static final class Bar {
        private final Deque<Visit> waiting = new ArrayDeque<>();
        private final Alarm again;
        private Answer.Refused why;
        private int failures; // in a row; none if it is refused for long

        Bar(Alarm again, Answer.Refused why) {
            this.again = again;
            this.why = why;
        }
    }

    /** One visitor, in line and inside. */
    private final class Visit implements InLine, Pass {
        private final Place place;
        private final Visitor visitor;
        private Optional<Bar> asksFor = Optional.empty();
        private boolean isInside;
        private long since;

        Visit(Place place, Visitor visitor) {
            this.place = place;
            this.visitor = visitor;
        }

        void begin() {
            isInside = true;
            since = period;
            visitor.enter(this);
        }

        @Override
        public void leave() {
            if (isInside) {
                return;
            }
            boolean was = line.remove(this);
            Bar bar = bars.get(place);
            if (bar != null) {
                bar.waiting.remove(this);
            }
            if (was) {
                handOver();
            }
        }

        @Override
        public void passed() {
            if (goOut()) {
                answered();
                asksFor.ifPresent(bar -> lift(place, bar));
                letIn();
            }
        }

        @Override
        public void barred(Answer.Refused why) {
            if (goOut()) {
                answered();
                bar(place, why);
                letIn();
            }
        }

        @Override
        public void failed(Answer why) {
            if (!goOut()) {
                return;
            }
            if (why instanceof Answer.Refused refused && isOfItsPlace(refused.status())) {
                Bar bar = bars.get(place);
                if (bar == null || asksFor.filter(bar::equals).isPresent()) { // else: of the moment of another failure
                    barForNow(place, refused);
                }
            } else {
                if (since == period) {
                    shutFor(place, wish(why));
                }
                handOver();
            }
            letIn();
        }

        @Override
        public void left() {
            if (goOut()) {
                handOver();
                letIn();
            }
        }

        private boolean goOut() {
            if (!isInside) {
                return false;
            }
            isInside = false;
            inside--;
            return !closed;
        }

        private void answered() {
            if (since == period) {
                failures = 0;
                failedLast = Optional.empty();
                width = Math.min(AT_MOST, width + 1);
            }
        }

        /** Who was to ask for all did not get to it: the next one does. */
        private void handOver() {
            asksFor.ifPresent(bar -> {
                if (bars.get(place) == bar) {
                    bar.again.set(NEXT_IN_LINE, () -> askAgain(place, bar));
                }
            });
            asksFor = Optional.empty();
        }
    }
}
