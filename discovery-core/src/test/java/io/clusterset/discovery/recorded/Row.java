package io.clusterset.discovery.recorded;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Port;
import io.clusterset.discovery.source.Question;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * One situation of the servers, and what the library makes of it.
 *
 * @param situation in words
 * @param asked a name, or {@code _port._proto.name}; without the final dot
 * @param script what the server says; to anything else below its zones NXDOMAIN or NODATA, with an SOA of 5 s
 * @param replays makes the server and the library that asks it
 */
record Row(String situation, String asked, Consumer<Replay> script, Expected expected, Supplier<Replay> replays) {

    static DynamicTest row(String situation, String asked, Consumer<Replay> script, Expected expected) {
        Row row = new Row(situation, asked, script, expected, Replay::new);
        return DynamicTest.dynamicTest(situation, row::check);
    }

    /** A row whose question ends by the deadline. */
    static DynamicTest silentRow(String situation, String asked, Consumer<Replay> script, Expected expected) {
        Row row = new Row(situation, asked, script, expected, () -> new Replay(Duration.ofMillis(500)));
        return DynamicTest.dynamicTest(situation, row::check);
    }

    /** Recorded answers, each to its own name and type. */
    static Consumer<Replay> recorded(String... ids) {
        return replay -> Stream.of(ids).map(Recordings::get).forEach(replay::script);
    }

    /** The recorded answer to SRV of a plain name, given to a port of it, beside other recorded answers. */
    static Consumer<Replay> recordedBelow(String labels, String id, String... others) {
        Recording recording = Recordings.get(id);
        Consumer<Replay> moved = replay -> replay.script(recording, Transplant.below(labels, recording));
        return moved.andThen(recorded(others));
    }

    static Question question(String asked) {
        boolean named = asked.startsWith("_");
        String[] labels = asked.split("\\.", 3);
        String name = named ? labels[2] : asked;
        String zone = name.endsWith("clusterset.local") ? "clusterset.local" : "cluster.local";
        Optional<Port.Named> port = named
                ? Optional.of(new Port.Named(
                        labels[0].substring(1),
                        Port.Protocol.valueOf(labels[1].substring(1).toUpperCase(Locale.ROOT))))
                : Optional.empty();
        return new Question("tier", name, zone, port);
    }

    private void check() throws InterruptedException {
        try (Replay replay = replays.get()) {
            script.accept(replay);
            Question question = question(asked);
            expected.check(situation, replay.resolve(question));
            assertThat(replay.dns.questions())
                    .as("absolute names of the service or below it, and no search path")
                    .allMatch(sent -> sent.name().equals(question.name())
                            || sent.name().endsWith("." + question.name())
                            || sent.name().equals(question.text()))
                    .noneMatch(sent -> sent.name().matches(".*\\.local\\..*"));
            assertThat(replay.troubles()).isEmpty();
        }
    }
}
