package io.clusterset.examples.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code discovery call}: HTTP GETs through failover, and where they ended up. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery call NAME [OPTIONS]",
        description = "Make HTTP GETs that fail over, and show who served them.")
final class CallCommand implements Callable<Integer> {

    private final Console console;

    @Option(names = "--path", paramLabel = "PATH", description = "What to get. Default: /.")
    private String path = "/";

    @Mixin
    private LoadOptions load = new LoadOptions();

    @Mixin
    private CommonOptions options = new CommonOptions();

    CallCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        HttpGet get = HttpGet.of(path);
        return new Load(console, options, load.plan())
                .run(options::service, (discovery, service) -> get.through(service, options.timeout()));
    }
}
