package io.clusterset.examples.cli;

import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How many calls to make and how fast: the options of the commands that make some. */
final class LoadOptions {

    private static final int MOST_CALLS = 10_000_000;
    private static final int MOST_AT_A_TIME = 1_000;
    private static final DurationRange INTERVALS = new DurationRange(Duration.ZERO, Duration.ofMinutes(10));

    @Option(names = "--count", paramLabel = "N", description = "How many calls (drill: in each phase). Default: 100.")
    private Optional<String> count = Optional.empty();

    @Option(
            names = "--interval",
            paramLabel = "DURATION",
            description = {"Time from one call's start to the next one's.", "Default: 10ms."})
    private Optional<String> interval = Optional.empty();

    @Option(names = "--concurrency", paramLabel = "N", description = "Calls under way at most. Default: 16.")
    private Optional<String> concurrency = Optional.empty();

    /** What is to be done. */
    LoadRunner.Plan plan() {
        String apart = interval.orElse("10ms");
        return new LoadRunner.Plan(
                Options.number("--count", count.orElse("100"), 1, MOST_CALLS),
                Options.duration("--interval", apart, INTERVALS, "a duration such as 10ms, at most 10m"),
                Options.number("--concurrency", concurrency.orElse("16"), 1, MOST_AT_A_TIME));
    }

    /** Whether anything was said of calls. */
    boolean isSaid() {
        return Stream.of(count, interval, concurrency).anyMatch(Optional::isPresent);
    }
}
