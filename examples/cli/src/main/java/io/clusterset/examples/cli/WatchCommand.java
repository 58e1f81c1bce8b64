package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Decision;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.time.DurationRange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code discovery watch}: what happens to a service, line by line as it happens. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery watch NAME [OPTIONS]",
        description = {
            "Show how a service is, then one line for each event: answers that differ,"
                    + " verdicts, moved load, drills, settings, trouble. Times are UTC. Ends with"
                    + " Ctrl-C, or as --for and --count say.",
            "",
            "Nobody calls the service here, and the library probes what calls find"
                    + " suspect: with CLUSTERSET_HEALTH_PROBING=always all endpoints are probed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  discovery watch orders.shop",
            "  discovery watch orders.shop:http --for 10m --json",
        })
final class WatchCommand implements Callable<Integer> {

    private static final int MOST_EVENTS = 1_000_000_000;
    private static final Duration NO_END = Duration.ofDays(365 * 100);
    private static final DurationRange TIMES = new DurationRange(Duration.ofMillis(1), Duration.ofDays(365));

    private final Console console;
    private final InstantSource clock;

    @Option(names = "--for", paramLabel = "DURATION", description = "How long to watch. Default: until Ctrl-C.")
    private Optional<String> time = Optional.empty();

    @Option(names = "--count", paramLabel = "N", description = "How many events to show. Default: all of them.")
    private Optional<String> count = Optional.empty();

    @Mixin
    private CommonOptions options = new CommonOptions();

    WatchCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        Duration longest = time.map(text -> Options.duration("--for", text, TIMES, "a duration such as 30s, 5m or 2h"))
                .orElse(NO_END);
        int most = count.map(text -> Options.number("--count", text, 1, MOST_EVENTS))
                .orElse(Integer.MAX_VALUE);
        EventFeed feed = new EventFeed(clock);
        try (Interrupt interrupt = new Interrupt(feed::end);
                Discovery discovery = options.openForCalls(feed)) {
            Service service = options.service(discovery);
            Service.Watching inUse = service.watch(snapshot -> {}); // or it would rest in a while
            show(discovery, service, feed, begun + longest.toNanos(), most);
            inUse.close();
            feed.end();
            Optional<String> error = Examination.whyNone(service);
            error.ifPresent(this::complain);
            return interrupt.ended(error.isPresent() ? Complaints.NONE_FOUND : 0);
        }
    }

    private void show(Discovery discovery, Service service, EventFeed feed, long end, int most) {
        try {
            Duration patience = shorter(options.timeout(), left(end));
            Decision present = Examination.of(discovery, service, false, patience)
                    .explanation()
                    .decision();
            print(EventLine.state(clock.instant(), present));
            Told told = new Told(present);
            for (int shown = 0; shown < most && !console.isUnread(); ) {
                Optional<EventFeed.Heard> next = feed.next(left(end));
                if (next.isEmpty()) {
                    return;
                }
                EventFeed.Heard heard = next.get();
                if (!told.has(heard)) {
                    print(EventLine.of(heard.at(), service.toString(), heard.event()));
                    shown++;
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException(service + ": interrupted", interrupted);
        }
    }

    private void complain(String error) {
        if (options.json()) {
            console.line(Map.of("error", error));
        }
        console.complain(error);
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(0, end - System.nanoTime()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private void print(EventLine line) {
        if (options.json()) {
            console.line(line.document());
        } else {
            console.lines(line.lines(console.paint(), options.verbose()));
        }
    }
}
