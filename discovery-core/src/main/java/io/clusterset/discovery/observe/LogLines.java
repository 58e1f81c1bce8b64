package io.clusterset.discovery.observe;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * What a person wants to find in the log in the morning: a line for each change of state, at most one a minute for each service and
 * kind. What comes within the minute waits for its end; then its last word is said, for each tier, and how much else there was.
 * All together at most 200 lines at once, 10 a second, and somewhat more for what is wrong: what is too much for that waits, too.
 * Everything else goes to DEBUG. Thread-safe; no lock is held while the logger works, and nothing that it throws gets out.
 */
final class LogLines {

    private static final long APART = Duration.ofMinutes(1).toNanos();
    private static final Duration LOOKS_APART = Duration.ofSeconds(1);
    private static final int REMEMBERED = 20_000;

    private final Logger log;
    private final Ticker ticker;
    private final Scheduler scheduler;
    private final LineBudget budget; // guarded by this, as is the rest
    private final LineBudget reserve; // for what is wrong: a storm of changes must not take its words

    /** By service and kind: what was said within the last minute, or waits; in the order of when that was. */
    private final Map<String, Recent> said = new LinkedHashMap<>();

    /** What was known last of each tier's answer, and of each service's load. */
    private final Map<String, String> words = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
            return size() > 2 * REMEMBERED;
        }
    };

    private Optional<Scheduler.Pending> look = Optional.empty(); // at those that wait
    private int waiting; // of those said
    private long leftOut;
    private boolean closed;

    LogLines(Logger log, Ticker ticker, Scheduler scheduler) {
        this.log = log;
        this.ticker = ticker;
        this.scheduler = scheduler;
        this.budget = new LineBudget(ticker, 200, 10);
        this.reserve = new LineBudget(ticker, 50, 2);
    }

    void accept(Event event) {
        Level level = level(event);
        if (level == Level.DEBUG) {
            contained(() -> log.debug("{}", event));
        } else if (isEnabled(level)) {
            now(event, level).forEach(this::say);
        }
    }

    private boolean isEnabled(Level level) {
        boolean[] enabled = {false};
        contained(() -> enabled[0] = log.isEnabledForLevel(level));
        return enabled[0];
    }

    private synchronized Level level(Event event) {
        if (event instanceof Event.Answered answered) {
            return isTurn(answered) ? Level.INFO : Level.DEBUG;
        } else if (event instanceof Event.LoadChanged load) {
            return isTurn(load) ? Level.INFO : Level.DEBUG;
        } else if (event instanceof Event.VerdictChanged || event instanceof Event.StaleChanged) {
            return Level.DEBUG; // the tier's health, or its answer, says it
        } else if (event instanceof Event.ReturnChanged stage) {
            return stage.failed() ? Level.INFO : Level.DEBUG; // so does its load
        } else if (event instanceof Event.PanicChanged panic) {
            return panic.panic() ? Level.WARN : Level.INFO;
        } else if (event instanceof Event.Reloaded reloaded) {
            return reloaded.isTrouble() ? Level.WARN : Level.INFO;
        }
        boolean wrong = event instanceof Event.Trouble
                || event instanceof Event.Limit
                || event instanceof Event.AddressesDropped;
        return wrong ? Level.WARN : Level.INFO;
    }

    /** An answer of another kind than the last; the first one if it found nothing. */
    private boolean isTurn(Event.Answered answered) {
        String word = answered.resolution().word();
        String before = words.put(answered.subject() + " " + answered.tier(), word);
        return !word.equals(before == null ? "found" : before);
    }

    /** Another load than the last; the first one if home has not all of it. */
    private boolean isTurn(Event.LoadChanged load) {
        String percents = load.loads().stream().map(tier -> "" + tier.percent()).collect(Collectors.joining(" "));
        String before = words.put("load " + load.subject(), percents);
        return before == null ? load.loads().get(0).percent() != 100 : !percents.equals(before);
    }

    /** What is to be said now: the event's line if it may be, else it waits; and what has waited long enough. */
    private synchronized List<Line> now(Event event, Level level) {
        String key = key(event);
        long now = ticker.nanos();
        Held held = new Held(level, event, now);
        Recent recent = said.get(key);
        if (recent != null && !closed && (recent.isYoung(now) || recent.waits())) {
            hold(recent, held);
            return List.of();
        }
        List<Line> lines = expire(now);
        if (closed || mayBeSaid(level)) {
            lines.add(held.line(now));
            if (said.size() < REMEMBERED && !closed) {
                said.put(key, new Recent(now));
            }
        } else if (said.size() < REMEMBERED) {
            Recent fresh = new Recent(now);
            said.put(key, fresh);
            hold(fresh, held);
        } else {
            leftOut++;
        }
        return lines;
    }

    /**
     * What is wrong, and with no service, is of as many kinds as there are words for it, and so is what a person does. That most of a
     * load goes to another tier now is not of the kind of what went before: endpoints fall one after the other, and the first
     * word of it would stand for a minute.
     */
    private static String key(Event event) {
        String kind = event.kind() + " " + event.subject();
        if (event instanceof Event.LoadChanged load) {
            return kind + " " + TierLoad.most(load.loads());
        }
        boolean own = event instanceof Event.Trouble
                || event instanceof Event.Limit
                || event instanceof Event.Reloaded
                || event instanceof Event.Drill;
        return own ? kind + " " + event : kind;
    }

    private boolean mayBeSaid(Level level) {
        return budget.take() || (level == Level.WARN && reserve.take());
    }

    private void hold(Recent recent, Held held) {
        waiting += recent.waits() ? 0 : 1;
        recent.hold(held);
        if (look.isEmpty()) {
            lookLater(said.values().iterator().next());
        }
    }

    private void lookLater(Recent eldest) {
        Duration due = Duration.ofNanos(eldest.at + APART - ticker.nanos());
        Duration after = due.isNegative() || due.isZero() ? LOOKS_APART : due; // it waits for the budget
        try {
            look = Optional.of(scheduler.schedule(after, this::look));
        } catch (RuntimeException shut) { // a lent one: what waits is said when this is closed
            look = Optional.empty();
        }
    }

    private void look() {
        due().forEach(this::say);
    }

    /** Says at once what waits, and from now on whatever comes: there may be no later. */
    void close() {
        rest().forEach(this::say);
    }

    private synchronized List<Line> rest() {
        closed = true;
        look.ifPresent(Scheduler.Pending::cancel);
        look = Optional.empty();
        long now = ticker.nanos();
        List<Line> lines = said.values().stream()
                .filter(Recent::waits)
                .map(recent -> recent.line(now))
                .toList();
        said.clear();
        waiting = 0;
        return lines;
    }

    private synchronized List<Line> due() {
        look = Optional.empty();
        long now = ticker.nanos();
        List<Line> lines = expire(now);
        if (leftOut > 0 && mayBeSaid(Level.WARN)) {
            String text = leftOut + " lines of other services were left out (expected: at most 10 a second)";
            lines.add(new Line(Level.INFO, "limit", "", "", text));
            leftOut = 0;
        }
        if (waiting > 0 || leftOut > 0) {
            lookLater(said.values().iterator().next());
        }
        return lines;
    }

    /** Forgets what is a minute old; where something waits, that is to be said, as far as may be. The eldest come first. */
    private List<Line> expire(long now) {
        List<Line> lines = new ArrayList<>();
        while (!said.isEmpty()) {
            Map.Entry<String, Recent> eldest = said.entrySet().iterator().next();
            Recent recent = eldest.getValue();
            if (recent.isYoung(now) || (recent.waits() && !mayBeSaid(recent.level()))) {
                return lines;
            }
            said.remove(eldest.getKey());
            if (recent.waits()) {
                waiting--;
                lines.add(recent.line(now));
                said.put(eldest.getKey(), new Recent(now));
            }
        }
        return lines;
    }

    private void say(Line line) {
        contained(() -> {
            LoggingEventBuilder builder = log.atLevel(line.level()).addKeyValue("event", line.kind());
            builder = line.subject().isEmpty() ? builder : builder.addKeyValue("subject", line.subject());
            builder = line.tier().isEmpty() ? builder : builder.addKeyValue("tier", line.tier());
            builder.log(Text.line(line.text()));
        });
    }

    /** An appender is the user's: a full disk must not stop what decides. */
    private static void contained(Runnable logging) {
        try {
            logging.run();
        } catch (RuntimeException | Error thrown) { // nobody is left to tell
            return;
        }
    }

    /**
     * A line to be.
     *
     * @param level how loud
     * @param kind of the event
     * @param subject of the event
     * @param tier of the event; empty if of several
     * @param text what it says
     */
    private record Line(Level level, String kind, String subject, String tier, String text) {}

    /**
     * An event that is said, or waits.
     *
     * @param level how loud
     * @param event the event
     * @param at when it was, in ticker nanoseconds
     */
    private record Held(Level level, Event event, long at) {
        Line line(long now) {
            return new Line(level, event.kind(), event.subject(), event.tier(), text(now));
        }

        String text(long now) {
            return now == at ? event.toString() : event + " (" + Text.time(Duration.ofNanos(now - at)) + " ago)";
        }
    }

    /** When something was said of one service and kind, and what has waited since. Guarded by its owner. */
    private static final class Recent {
        private final long at;
        private final Map<String, Held> held = new LinkedHashMap<>(); // by tier, the last of each
        private int more;

        Recent(long at) {
            this.at = at;
        }

        boolean isYoung(long now) {
            return now - at < APART;
        }

        boolean waits() {
            return !held.isEmpty();
        }

        void hold(Held last) {
            held.put(last.event().tier(), last);
            more++;
        }

        Level level() {
            return held.values().stream().anyMatch(one -> one.level() == Level.WARN) ? Level.WARN : Level.INFO;
        }

        Line line(long now) {
            List<Held> last = List.copyOf(held.values());
            Event event = last.get(0).event();
            String text = last.stream().map(one -> one.text(now)).collect(Collectors.joining("; "));
            int others = more - last.size();
            return new Line(
                    level(),
                    event.kind(),
                    event.subject(),
                    last.size() == 1 ? event.tier() : "",
                    others == 0 ? text : text + "; and " + others + " more within the minute");
        }
    }
}
