package io.clusterset.discovery.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgendaTest {

    /** More than it begins with room for, and many at the same time. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 64, 1_000})
    void whateverIsAddedAndTakenComesInTheOrderOfTimeAndThenOfComing(int most) {
        record Task(long due, int number) {}
        Random random = new Random(most);
        Agenda<Task> agenda = new Agenda<>();
        List<Task> waiting = new ArrayList<>(); // in the order of their coming
        for (int turn = 0; turn < 5_000; turn++) {
            boolean adds = waiting.isEmpty() || (waiting.size() < most && random.nextInt(3) > 0);
            if (adds) {
                Task task = new Task(random.nextInt(most), turn);
                agenda.add(task.due(), task);
                waiting.add(task);
            } else {
                Task first = waiting.stream()
                        .min(Comparator.comparingLong(Task::due).thenComparingInt(Task::number))
                        .orElseThrow();
                assertThat(agenda.next()).isEqualTo(first.due());
                assertThat(agenda.take()).isEqualTo(first);
                waiting.remove(first);
            }
            assertThat(agenda.isEmpty()).isEqualTo(waiting.isEmpty());
        }
    }
}
