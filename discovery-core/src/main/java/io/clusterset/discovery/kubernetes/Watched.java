package io.clusterset.discovery.kubernetes;

import io.clusterset.discovery.kubernetes.ApiServer.Answer;
import io.clusterset.discovery.kubernetes.SharedReflectors.Part;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.EndpointSource;
import io.clusterset.discovery.source.Meanwhile;
import io.clusterset.discovery.time.Alarm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question, and what is told of it: nothing until all of its parts are known, 1 s has passed or something failed; then each
 * change, 50 ms apart at least; "unknown" when what is known has not been kept up for 5 s. Used on the serial executor.
 */
final class Watched {

    /** Told of changes without being asked. */
    static final Duration FRESH = Duration.ofDays(3650);

    private static final Duration FIRST_WORD = Duration.ofSeconds(1);
    private static final Duration OUT_OF_DATE = Duration.ofSeconds(5);
    private static final Duration APART = Duration.ofMillis(50);
    private static final Duration LONGEST_REFRESH = Duration.ofSeconds(2);

    private final Clockwork clockwork;
    private final Refusals refusals;
    private final ApiServer server;
    private final List<EndpointSource.Listener> listeners = new ArrayList<>();
    private final Alarm late;
    private final Alarm outOfDate;
    private final Alarm next;
    private final Alarm answerDue;

    private Optional<Subject> subject = Optional.empty();
    private Optional<String> hindrance = Optional.empty();
    private Optional<Resolution> told = Optional.empty();
    private long toldAt;
    private boolean tooLate; // the first word is due
    private boolean stale; // what is known has not been kept up
    private boolean looking;
    private boolean owed; // somebody asked: an answer like the last one is told too
    private boolean closed;

    Watched(Clockwork clockwork, Refusals refusals, ApiServer server) {
        this.clockwork = clockwork;
        this.refusals = refusals;
        this.server = server;
        this.late = clockwork.alarm();
        this.outOfDate = clockwork.alarm();
        this.next = clockwork.alarm();
        this.answerDue = clockwork.alarm();
        late.set(FIRST_WORD, () -> {
            tooLate = true;
            changed();
        });
    }

    /** What it is about; from now on its parts say when they change. */
    void about(Subject known) {
        release();
        subject = Optional.of(known);
        hindrance = Optional.empty();
        changed();
    }

    /** It can't be watched, and why. */
    void hindered(String why) {
        release();
        hindrance = Optional.of(why);
        changed();
    }

    /** One more wants to know; told what is known, if anything was told before. */
    void join(EndpointSource.Listener listener) {
        listeners.add(listener);
        told.ifPresent(listener::resolved);
    }

    /** Whether nobody wants to know any more. */
    boolean leave(EndpointSource.Listener listener) {
        listeners.remove(listener);
        return listeners.isEmpty();
    }

    /** Something is different, perhaps. */
    void changed() {
        if (!looking && !closed) {
            looking = true; // one look for all that changes in one turn
            clockwork.serial().execute(() -> {
                looking = false;
                look();
            });
        }
    }

    /** Looks whether the watches of endpoints tell the truth, and tells the answer again in any case. */
    void refresh() {
        List<Part> parts = subject.map(Subject::parts).orElse(List.of()).stream()
                .filter(part -> part.place().plural().equals(Kind.ENDPOINT_SLICES.plural()))
                .toList();
        int[] open = {parts.size() + 1};
        Runnable done = () -> {
            open[0]--;
            if (open[0] == 0) {
                answerDue();
            }
        };
        answerDue.setIfSooner(LONGEST_REFRESH, this::answerDue);
        parts.forEach(part -> part.refresh(done));
        done.run();
    }

    private void answerDue() {
        answerDue.cancel();
        owed = true;
        changed();
    }

    void close() {
        closed = true;
        late.cancel();
        outOfDate.cancel();
        next.cancel();
        answerDue.cancel();
        release();
    }

    private void release() {
        subject.ifPresent(Subject::release);
        subject = Optional.empty();
    }

    private void look() {
        if (closed) {
            return;
        }
        List<Part> parts = subject.map(Subject::parts).orElse(List.of());
        parts.forEach(this::noteRefusal);
        boolean alive = parts.stream().allMatch(part -> part.state().alive());
        if (alive) {
            stale = false;
            outOfDate.cancel();
        } else if (!stale
                && outOfDate.left().isEmpty()
                && parts.stream().allMatch(part -> part.state().synced())) {
            outOfDate.set(OUT_OF_DATE, () -> {
                stale = true;
                changed();
            });
        }
        Duration since = clockwork.since(toldAt);
        if (told.isPresent() && since.compareTo(APART) < 0) {
            next.setIfSooner(APART.minus(since), this::changed);
        } else {
            answer(parts).ifPresent(this::tell);
        }
    }

    private Optional<Resolution> answer(List<Part> parts) {
        if (subject.isEmpty()) {
            return hindrance
                    .map(this::unknown)
                    .or(() -> tooLate ? Optional.of(unknown(Meanwhile.NOT_YET)) : Optional.empty());
        }
        Optional<Part> refused = parts.stream()
                .filter(part -> part.state().trouble().filter(Watched::isFinal).isPresent())
                .findFirst();
        Optional<Part> unknown =
                parts.stream().filter(part -> !part.state().synced()).findFirst();
        Optional<Part> dead =
                parts.stream().filter(part -> !part.state().alive()).findFirst();
        if (refused.isPresent()) {
            return Optional.of(unknown(why(refused.get())));
        } else if (unknown.isPresent()) {
            Optional<Part> failed = parts.stream()
                    .filter(part ->
                            !part.state().synced() && part.state().trouble().isPresent())
                    .findFirst();
            return tooLate || failed.isPresent()
                    ? Optional.of(unknown(why(failed.orElse(unknown.get()))))
                    : Optional.empty();
        } else if (stale && dead.isPresent()) {
            return Optional.of(unknown(why(dead.get())));
        }
        return subject.map(known -> known.answer().get());
    }

    private void noteRefusal(Part part) {
        Reflector.State state = part.state();
        if (state.alive()) {
            refusals.granted(part.place());
            refusals.fits(part.shown());
        }
        state.trouble()
                .filter(Answer.TooLong.class::isInstance)
                .map(Answer.TooLong.class::cast)
                .ifPresent(why -> refusals.tooLong(part.shown(), why));
        state.trouble()
                .filter(Answer.Refused.class::isInstance)
                .map(Answer.Refused.class::cast)
                .ifPresent(why -> refusals.refused(part.place(), why));
    }

    private static boolean isFinal(Answer why) {
        return why instanceof Answer.Refused refused && refused.isFinal() && refused.status() != 410;
    }

    private static String why(Part part) {
        return part.state()
                .trouble()
                .map(why -> Refusals.words(part.place(), why))
                .orElse(part.shown() + ": " + Meanwhile.NOT_YET);
    }

    /** That DNS has to say it, and why. */
    Resolution unknown(String why) {
        List<String> asked = subject.map(
                        known -> known.parts().stream().map(Part::shown).toList())
                .orElse(List.of());
        return new Resolution.Unknown(List.of(), FRESH, new Evidence(asked, server.name(), "", why, List.of()));
    }

    private void tell(Resolution resolution) {
        late.cancel();
        if (!owed && told.filter(resolution::equals).isPresent()) {
            return;
        }
        owed = false;
        told = Optional.of(resolution);
        toldAt = clockwork.ticker().nanos();
        List.copyOf(listeners).forEach(listener -> listener.resolved(resolution));
    }
}
