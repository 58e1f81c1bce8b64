package io.clusterset.discovery.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimersTest {

    private final Timers timers = new Timers();
    private final List<String> fired = new ArrayList<>();

    private Timers.Timer named(String name) {
        return new Timers.Timer() {
            @Override
            void fire() {
                fired.add(name);
            }
        };
    }

    private void fireAll(long now) {
        for (Timers.Timer due = timers.due(now); due != null; due = timers.due(now)) {
            due.fire();
        }
    }

    @Test
    void theSoonestComesFirstAndEqualsInTheOrderOfScheduling() {
        timers.add(named("c"), 7);
        timers.add(named("a"), 5);
        timers.add(named("b"), 5);
        timers.add(named("later"), 8);
        assertThat(timers.left(3)).isEqualTo(2);
        assertThat(timers.due(4)).isNull();
        fireAll(7);
        assertThat(fired).containsExactly("a", "b", "c");
        assertThat(timers.size()).isEqualTo(1);
    }

    @Test
    void aRemovedTimerIsGoneAtOnceAndRemovingItAgainIsNothing() {
        Timers.Timer removed = named("removed");
        timers.add(named("kept"), 1);
        timers.add(removed, 2);
        timers.remove(removed);
        timers.remove(removed);
        assertThat(timers.size()).isEqualTo(1);
        fireAll(9);
        assertThat(fired).containsExactly("kept");
    }

    @Test
    void aClockThatWrapsRoundKeepsTheOrder() {
        timers.add(named("after"), Long.MIN_VALUE + 5);
        timers.add(named("before"), Long.MAX_VALUE - 5);
        fireAll(Long.MIN_VALUE + 5);
        assertThat(fired).containsExactly("before", "after");
    }

    @Test
    void anyMixOfAddingAndRemovingFiresTheRestInOrder() {
        Random random = new Random(42);
        for (int run = 0; run < 200; run++) {
            fired.clear();
            List<Entry> model = new ArrayList<>();
            for (int step = 0; step < 200; step++) {
                if (model.isEmpty() || random.nextInt(5) > 1) {
                    String name = run + "." + step;
                    Entry added = new Entry(named(name), random.nextInt(30), name);
                    timers.add(added.timer, added.due);
                    model.add(added);
                } else {
                    timers.remove(model.remove(random.nextInt(model.size())).timer);
                }
            }
            fireAll(30);
            assertThat(fired)
                    .containsExactlyElementsOf(model.stream()
                            .sorted(Comparator.comparingLong(Entry::due))
                            .map(Entry::name)
                            .toList());
        }
    }

    private record Entry(Timers.Timer timer, long due, String name) {}
}
