package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Text;
import io.clusterset.discovery.page.DiscoveryPage;
import io.clusterset.discovery.page.PageServer;
import io.clusterset.discovery.time.DurationRange;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code discovery ui}: a page to look at, in a browser. */
@Command(
        name = "ui",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery ui NAME [NAME...] [OPTIONS]",
        description = {
            "Serve a page that shows how services are, as it changes: who serves them,"
                    + " which endpoints there are, what happened and why. Its URL is printed."
                    + " Ends with Ctrl-C, or as --for says.",
            "",
            "Nobody calls the services here, and the library probes what calls find"
                    + " suspect: with CLUSTERSET_HEALTH_PROBING=always all endpoints are probed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  discovery ui orders.shop stock.shop",
            "  discovery ui orders.shop --listen 127.0.0.1:0 --for 10m",
        })
final class UiCommand implements Callable<Integer> {

    private static final Duration NO_END = Duration.ofDays(365 * 100);
    private static final DurationRange TIMES = new DurationRange(Duration.ofMillis(1), Duration.ofDays(365));

    private final Console console;

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "NAME", description = "More of them.")
    private List<String> more = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = {"Where to serve it; port 0: any that is free.", "Default: 127.0.0.1:8421."})
    private String listen = "127.0.0.1:8421";

    @Option(
            names = "--open-to-others",
            description = {"Let --listen be an address that others can reach:", "all of them may look."})
    private boolean openToOthers;

    @Option(names = "--for", paramLabel = "DURATION", description = "How long to serve it. Default: until Ctrl-C.")
    private Optional<String> time = Optional.empty();

    @Mixin
    private CommonOptions options = new CommonOptions();

    UiCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Duration longest = time.map(text -> Options.duration("--for", text, TIMES, "a duration such as 30s, 5m or 2h"))
                .orElse(NO_END);
        InetSocketAddress address = Whereabouts.listening("--listen", listen);
        if (!openToOthers && !address.getAddress().isLoopbackAddress()) {
            throw new BadUsage("--listen: " + Text.quote(listen)
                    + " can be reached from elsewhere (expected: 127.0.0.1:PORT, or --open-to-others beside it)");
        }
        CountDownLatch enough = new CountDownLatch(1);
        try (Interrupt interrupt = new Interrupt(enough::countDown);
                Discovery discovery = options.openForCalls(event -> {})) {
            List<Service> services = options.services(discovery, more);
            List<Service.Watching> inUse = services.stream()
                    .map(service -> service.watch(snapshot -> {})) // or they would rest in a while
                    .toList();
            serve(discovery, address, enough, longest);
            inUse.forEach(Service.Watching::close);
            return interrupt.ended(0);
        }
    }

    private void serve(Discovery discovery, InetSocketAddress address, CountDownLatch enough, Duration longest) {
        try (PageServer page = open(discovery, address)) {
            if (options.json()) {
                console.line(Map.of("url", page.uri().toString()));
            } else {
                console.lines(List.of("The page: " + page.uri()));
            }
            boolean interrupted = enough.await(longest.toMillis(), TimeUnit.MILLISECONDS);
            if (!interrupted && options.verbose()) {
                console.complain("ui: ended after " + Text.time(longest));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new DiscoveryException("ui: interrupted", interrupted);
        }
    }

    private PageServer open(Discovery discovery, InetSocketAddress address) {
        try {
            return DiscoveryPage.of(discovery).serve(address);
        } catch (IOException failed) {
            throw refusal(listen, failed);
        }
    }

    /** Who can't bind wants another address; no other failure is the address's. */
    static RuntimeException refusal(String listen, IOException failed) {
        String why = Text.line(String.valueOf(failed.getMessage()));
        return failed instanceof BindException
                ? new BadUsage(
                        "--listen: " + Text.quote(listen) + ": " + why
                                + " (expected: an address of this machine and a free port, such as 127.0.0.1:0)",
                        failed)
                : new DiscoveryException("ui: no page at " + Text.quote(listen) + ": " + why, failed);
    }
}
