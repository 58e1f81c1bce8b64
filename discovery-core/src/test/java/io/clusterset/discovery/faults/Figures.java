package io.clusterset.discovery.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.testkit.FakeEndpoint;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What became of the calls of a scene, before and after its fault. */
final class Figures {

    private static final double MILLI = 1e6;

    private final String name;
    private final List<Made> made;
    private final long fault;
    private final List<FakeEndpoint> home;
    private final List<Scene.Told> events;
    private final int threads;

    Figures(String name, List<Made> made, long fault, List<FakeEndpoint> home, List<Scene.Told> events, int threads) {
        this.name = name;
        this.made = made;
        this.fault = fault;
        this.home = home;
        this.events = events;
        this.threads = threads;
    }

    /** No call failed; and there were as many as there should be. */
    Figures expectNoFailure() {
        assertThat(failures()).as("failed calls: %s", this).isEmpty();
        return this;
    }

    /** No tier was ever in panic. */
    Figures expectNoPanic() {
        assertThat(loadChanges().flatMap(change -> change.loads().stream()))
                .as("loads: %s", this)
                .noneMatch(TierLoad::panic);
        return this;
    }

    /** Before the fault everybody was sent home. */
    Figures expectHomeBefore() {
        List<Made> before =
                made.stream().filter(call -> call.begun() - fault < 0).toList();
        assertThat(before)
                .hasSizeGreaterThan(100)
                .allMatch(call -> call.picked().equals("local"));
        return this;
    }

    /** 99.9 % of the picks of calls that began later than this after the fault were of one tier. */
    Figures expectPicked(String tier, Duration later) {
        List<Made> after = after(later);
        assertThat(after).as("calls after: %s", this).hasSizeGreaterThanOrEqualTo(1_000);
        assertThat(stray(tier, later)).as("picked elsewhere: %s", this).isLessThanOrEqualTo(after.size() / 1_000);
        return this;
    }

    /** The tiers that were picked before the fault. */
    Set<String> pickedBefore() {
        return made.stream()
                .filter(call -> call.begun() - fault < 0)
                .map(Made::picked)
                .collect(Collectors.toSet());
    }

    /** The tiers that calls ended at. */
    Set<String> servedBy() {
        return made.stream().map(Made::servedBy).collect(Collectors.toSet());
    }

    /** The calls that began later than this after the fault. */
    List<Made> after(Duration later) {
        return made.stream()
                .filter(call -> call.begun() - fault > later.toNanos())
                .toList();
    }

    /** Whether 99.9 % of the picks of calls that began later than this after the fault were of one tier. */
    boolean isPicked(String tier, Duration later) {
        return stray(tier, later) <= after(later).size() / 1_000;
    }

    private long stray(String tier, Duration later) {
        return after(later).stream().filter(call -> !call.picked().equals(tier)).count();
    }

    /** Attempts on some endpoints since the fault. */
    long attemptsOn(Collection<FakeEndpoint> endpoints) {
        return made.stream()
                .flatMap(call -> call.attempts().stream())
                .filter(tried -> tried.at() - fault > 0)
                .filter(tried -> endpoints.stream()
                        .anyMatch(each -> each.address().equals(tried.endpoint().socketAddress())))
                .count();
    }

    /** Calls that went on elsewhere after an attempt on an endpoint that began since then. */
    long leftFor(FakeEndpoint endpoint, long since) {
        return made.stream()
                .map(call ->
                        call.attempts().subList(0, Math.max(0, call.attempts().size() - 1)))
                .filter(refused -> refused.stream()
                        .anyMatch(tried -> tried.at() - since > 0
                                && endpoint.address().equals(tried.endpoint().socketAddress())))
                .count();
    }

    private List<String> failures() {
        return made.stream().filter(Made::failed).map(Made::failure).toList();
    }

    /** When the last call began that was sent home, after the fault. */
    private double lastHomeMillis() {
        return made.stream()
                .filter(call -> call.picked().equals("local"))
                .mapToDouble(call -> (call.begun() - fault) / MILLI)
                .max()
                .orElse(0);
    }

    private double slowestMillis() {
        return made.stream()
                .mapToDouble(call -> (call.ended() - call.begun()) / MILLI)
                .max()
                .orElse(0);
    }

    /** How late the callers of 99.9 % were at most: the machine's share of the rest. */
    private double lateMillis() {
        List<Long> late =
                made.stream().map(call -> call.begun() - call.due()).sorted().toList();
        return late.isEmpty() ? 0 : late.get(late.size() * 999 / 1000) / MILLI;
    }

    private Stream<Event.LoadChanged> loadChanges() {
        return events.stream()
                .map(Scene.Told::event)
                .filter(Event.LoadChanged.class::isInstance)
                .map(Event.LoadChanged.class::cast);
    }

    private Stream<String> loads() {
        return events.stream()
                .filter(told -> told.event() instanceof Event.LoadChanged)
                .map(told -> "%d@%.0fms"
                        .formatted(
                                ((Event.LoadChanged) told.event())
                                        .loads()
                                        .get(0)
                                        .percent(),
                                (told.at() - fault) / MILLI));
    }

    @Override
    public String toString() {
        List<String> failures = failures();
        return "%s: %d calls, %d failed%s; last pick of home %.0f ms after the fault, %d attempts on home since; slowest call %.0f ms; home's load %s; %d threads; callers late (99.9 %%) %.1f ms"
                .formatted(
                        name,
                        made.size(),
                        failures.size(),
                        failures.isEmpty() ? "" : " (" + failures.get(0) + ")",
                        lastHomeMillis(),
                        attemptsOn(home),
                        slowestMillis(),
                        loads().collect(Collectors.joining(" ")),
                        threads,
                        lateMillis());
    }
}
