package io.clusterset.discovery;

import io.clusterset.discovery.config.RefusedSettings;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.EventSink;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.time.Alarm;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The plan that holds, and how another one takes its place: all of it at once or, if anything in it is wrong, nothing of it.
 * Thread-safe; whoever reads the plan takes no lock.
 */
final class Configuration implements Supplier<Plan> {

    /** What two looks agree upon is taken over, so the kill switch takes hold within a second. */
    private static final Duration LOOKS_APART = Duration.ofMillis(250);

    private final Planner planner; // guarded by this, as are the seven below
    private final Supplier<Settings> source;
    private Settings read;
    private Optional<Settings> seen = Optional.empty(); // at the last look, and not before
    private Runnable onChange = () -> {};
    private boolean switchedOff;
    private String lastRefusal = "";
    private List<String> toldRefused = List.of();
    private volatile Plan plan;

    /**
     * With the first plan.
     *
     * @throws IllegalArgumentException as {@link Planner#plan}
     */
    Configuration(Planner planner, Supplier<Settings> source) {
        this.planner = planner;
        this.source = source;
        this.read = source.get();
        this.plan = planner.plan(read);
    }

    @Override
    public Plan get() {
        return plan;
    }

    /** Who follows a new plan; told on the thread that brought it. */
    synchronized void onChange(Runnable follow) {
        onChange = follow;
    }

    /** Reads the settings again, on the caller's thread. */
    Reload reload(EventSink log) {
        try {
            return tell(taken(source.get()), log);
        } catch (RuntimeException refused) {
            refused(refused, log);
            throw refused;
        }
    }

    /** Switches the library off or, if no setting keeps it off, on again; of the plan nothing else changes. */
    void enable(boolean on, EventSink log) {
        tell(switched(on), log);
        if (on && !plan.enabled()) {
            log.accept(new Event.Trouble("", "enabled(true): kept off by " + saidOfEnabled()));
        }
    }

    /** Nobody shall wonder why there is no failover. */
    void tellIfOff(EventSink log) {
        if (!plan.enabled()) {
            log.accept(new Event.Trouble("", "switched off, calls go past the library: " + saidOfEnabled()));
        }
    }

    private String saidOfEnabled() {
        return plan.provenance().stream()
                .filter(one -> one.key().equals(Setting.ENABLED.property()))
                .map(Provenance::toString)
                .findFirst()
                .orElse("");
    }

    private synchronized Adopted switched(boolean on) {
        switchedOff = !on;
        return adopted(planner.switched(plan, plan.settings(), switchedOff), List.of(), List.of());
    }

    /** However wrong the rest is: who says no in a settings file means it. Yes is believed only where all is right. */
    private synchronized Optional<Adopted> switchedOffBy(Settings rest) {
        boolean off = rest.read(Setting.ENABLED, text -> text.equalsIgnoreCase("false"))
                .orElse(false);
        if (!off || !plan.enabled()) {
            return Optional.empty();
        }
        Plan next = planner.switched(plan, plan.settings().taking(Setting.ENABLED, rest), switchedOff);
        read = next.settings(); // what was read before is news when it comes back
        return Optional.of(adopted(next, List.of(), List.of()));
    }

    /** What was read is not looked at again until it says something else, even if it is refused. */
    private synchronized Adopted taken(Settings fresh) {
        List<String> warnings = fresh.warnings().stream()
                .filter(warning -> !read.warnings().contains(warning))
                .toList();
        read = fresh;
        List<String> refused = new ArrayList<>();
        Plan next;
        try {
            next = planner.plan(fresh.keepingFixed(plan.settings(), refused::add), plan, switchedOff);
        } catch (IllegalArgumentException wrong) {
            throw new Unplanned(wrong, fresh);
        }
        lastRefusal = "";
        return adopted(next, refused, warnings);
    }

    private Adopted adopted(Plan next, List<String> refused, List<String> warnings) {
        Reload reload = new Reload(changed(plan, next), refused);
        boolean changes = !reload.changed().isEmpty();
        boolean news = changes || (!refused.isEmpty() && !refused.equals(toldRefused));
        toldRefused = reload.refused();
        if (changes) {
            plan = next;
        }
        return new Adopted(reload, news, warnings);
    }

    private Reload tell(Adopted adopted, EventSink log) {
        adopted.warnings.forEach(warning -> log.accept(new Event.Trouble("", warning)));
        if (adopted.news) { // a listener that reloads must not hear of what is refused for ever
            log.accept(new Event.Reloaded(adopted.reload.changed(), adopted.reload.refused()));
        }
        if (!adopted.reload.changed().isEmpty()) {
            follower().run();
        }
        return adopted.reload;
    }

    private synchronized Runnable follower() {
        return onChange;
    }

    private static List<Provenance> changed(Plan before, Plan now) {
        Set<List<String>> known = new HashSet<>();
        told(before).forEach(one -> known.add(List.of(one.key(), one.value())));
        List<Provenance> changed = new ArrayList<>(told(now)
                .filter(one -> !known.contains(List.of(one.key(), one.value())))
                .toList());
        Set<String> left = new HashSet<>();
        told(now).forEach(one -> left.add(one.key()));
        told(before)
                .filter(one -> !left.contains(one.key()))
                .forEach(one -> changed.add(new Provenance(one.key(), "", Provenance.DEFAULT)));
        return changed;
    }

    private static Stream<Provenance> told(Plan plan) {
        return Stream.concat(
                plan.provenance().stream(), plan.ofServices().values().stream().flatMap(List::stream));
    }

    /**
     * Looks four times a second whether the settings say something else, on an executor where a slow disk holds up nobody. Two
     * looks must agree: whoever writes a file anew may have emptied it first.
     *
     * @return ends it
     */
    Runnable watch(Ticker ticker, Scheduler scheduler, Executor background, EventSink log) {
        Alarm again = new Alarm(ticker, scheduler, background);
        background.execute(() -> lookLater(again, log));
        return () -> background.execute(again::cancel);
    }

    private void lookLater(Alarm again, EventSink log) {
        again.set(LOOKS_APART, () -> {
            try {
                look(log);
            } finally {
                lookLater(again, log);
            }
        });
    }

    /** What cannot be read or is wrong changes nothing, and is said once. */
    private void look(EventSink log) {
        try {
            Settings now = source.get();
            if (isSettled(now)) {
                tell(taken(now), log);
            }
        } catch (
                Throwable
                        refused) { // be it an Error of the application's supplier: the next look may find a kill switch
            refused(refused, log);
        }
    }

    private synchronized boolean isSettled(Settings now) {
        boolean settled = seen.filter(now::equals).isPresent();
        boolean known = now.equals(read);
        seen = known || settled ? Optional.empty() : Optional.of(now);
        lastRefusal = known ? "" : lastRefusal; // it can be read again
        return settled && !known;
    }

    private void refused(Throwable refused, EventSink log) {
        tell(refused, log);
        Optional<Settings> rest = refused instanceof RefusedSettings unread
                ? Optional.of(unread.rest())
                : refused instanceof Unplanned unplanned ? Optional.of(unplanned.fresh) : Optional.empty();
        rest.flatMap(this::switchedOffBy).ifPresent(off -> tell(off, log));
    }

    private void tell(Throwable refused, EventSink log) {
        String why = Text.safe(
                refused instanceof IllegalArgumentException
                        ? String.valueOf(refused.getMessage())
                        : refused.toString());
        if (isNews(why)) {
            log.accept(new Event.Trouble("", "settings: not taken over, what held before holds on: " + why));
        }
    }

    private synchronized boolean isNews(String why) {
        boolean said = why.equals(lastRefusal);
        lastRefusal = why;
        return !said;
    }

    /** Settings that come to no plan. */
    private static final class Unplanned extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("serial") // never serialized
        private final transient Settings fresh;

        Unplanned(IllegalArgumentException why, Settings fresh) {
            super(why.getMessage(), why);
            this.fresh = fresh;
        }
    }

    /**
     * A new plan, or none.
     *
     * @param news whether it says what the last one did not
     * @param warnings what was odd, and is new
     */
    private record Adopted(Reload reload, boolean news, List<String> warnings) {}
}
