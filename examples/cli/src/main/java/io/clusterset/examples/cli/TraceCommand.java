package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code discovery trace}: one name through the whole pipeline, with times. */
@Command(
        name = "trace",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery trace NAME [OPTIONS]",
        description = "Follow one name through all stages, with times: how it is read, what is"
                + " asked of whom, what is left out by which rule, probes, topology, load, a"
                + " pick, and a call if there is a --path.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  discovery trace orders.shop:http",
            "  discovery trace orders --namespace shop --path /healthz --json",
        })
final class TraceCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--path", paramLabel = "PATH", description = "Make one call: GET this. Default: no call is made.")
    private Optional<String> path = Optional.empty();

    @Mixin
    private CommonOptions options = new CommonOptions();

    TraceCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Optional<HttpGet> get = path.map(HttpGet::of);
        try (Discovery discovery = options.openForQuestions()) {
            Trace trace = Trace.of(discovery, options, get);
            if (options.json()) {
                console.document(TraceDocument.of(trace));
            } else {
                console.lines(new TraceText(trace, console.paint(), options.verbose()).lines());
            }
            trace.error().ifPresent(console::complain);
            return trace.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }
}
