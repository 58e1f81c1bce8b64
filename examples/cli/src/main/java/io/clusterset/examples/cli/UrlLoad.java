package io.clusterset.examples.cli;

import io.clusterset.discovery.Authority;
import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Text;
import java.io.PrintWriter;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * {@code discovery call} for a client that is given URLs, not names and paths: the same options, documents, complaints and exit
 * status. Here another example brings its client.
 */
public final class UrlLoad {

    /** Makes what gets a URL. */
    @FunctionalInterface
    public interface Clients {

        /**
         * Makes one.
         *
         * @param discovery whose names to look up
         * @param url what to get: {@code http://orders.shop:8080/list}
         * @param timeout how long a call may take
         */
        Getter of(Discovery discovery, String url, Duration timeout);
    }

    private final String program;
    private final Clients clients;
    private final String[] description;

    /**
     * A program.
     *
     * @param program its name
     * @param clients the client it brings
     * @param description what {@code --help} says of it, in paragraphs
     */
    public UrlLoad(String program, Clients clients, String... description) {
        this.program = program;
        this.clients = clients;
        this.description = description.clone();
    }

    /** Does what the arguments say, on the streams of this process; returns the exit status. */
    public int run(String... args) {
        return run(Console.ofThisProcess(), args);
    }

    /** As {@link #run(String...)}, on these streams, where no person watches. */
    public int run(PrintWriter out, PrintWriter err, String... args) {
        return run(new Console(out, err, false, Paint.NONE), args);
    }

    private int run(Console console, String... args) {
        CommandLine line = new CommandLine(new Calls(console, clients));
        CommandSpec spec = line.getCommandSpec().name(program);
        spec.usageMessage().customSynopsis(program + " --url URL [OPTIONS]").description(description);
        spec.positionalParameters().stream().toList().forEach(spec::remove); // the URL says it
        return console.speakingFor(line).execute(args);
    }

    @Command(
            mixinStandardHelpOptions = true,
            sortOptions = false,
            versionProvider = Version.class,
            footer = {
                "",
                "A URL's port is a number: where a service's has a name, say so in the settings",
                "(discovery.services[orders.shop].port=http) and leave it out of the URL.",
                "",
                "Exit status: 0 no call failed, 1 some did, 2 bad usage."
            })
    private static final class Calls implements Callable<Integer> {

        private static final String EXPECTED = "http://SERVICE.NAMESPACE[:PORT]/PATH";
        private static final int HTTP = 80;
        private static final int LAST_PORT = 65_535;

        private final Console console;
        private final Clients clients;

        @Option(names = "--url", paramLabel = "URL", description = "What to get: " + EXPECTED + ".")
        private Optional<String> url = Optional.empty();

        @Mixin
        private LoadOptions load = new LoadOptions();

        @Mixin
        private CommonOptions options = new CommonOptions();

        Calls(Console console, Clients clients) {
            this.console = console;
            this.clients = clients;
        }

        @Override
        public Integer call() {
            String text = url.orElseThrow(() -> new BadUsage("--url: missing (expected: " + EXPECTED + ")"));
            URI uri = Options.read("--url", text, EXPECTED, URI::create);
            if ("https".equalsIgnoreCase(uri.getScheme())) {
                throw new BadUsage("--url: " + Text.quote(text)
                        + " (expected: http; this program has no certificates to check https by)");
            }
            if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null) {
                throw new BadUsage("--url: " + Text.quote(text) + " (expected: " + EXPECTED + ")");
            }
            if (uri.getPort() == 0 || uri.getPort() > LAST_PORT) {
                throw new BadUsage("--url: port: " + uri.getPort() + " (expected: 1 to " + LAST_PORT + ")");
            }
            return new Load(console, options, load.plan())
                    .run(
                            discovery -> service(discovery, uri),
                            (discovery, service) -> clients.of(discovery, text, options.timeout()));
        }

        /** The service a URL is of. */
        private static Service service(Discovery discovery, URI uri) {
            int port = uri.getPort() < 0 ? HTTP : uri.getPort();
            try {
                Optional<Authority> ours = discovery.authority(uri.getHost(), port, HTTP);
                return ours.isPresent() ? ours.get().service() : refused(discovery, uri);
            } catch (IllegalArgumentException refused) {
                throw new BadUsage("--url: " + refused.getMessage(), refused);
            }
        }

        private static Service refused(Discovery discovery, URI uri) {
            discovery.service(uri.getHost()); // says what is wrong with the name, if anything is
            throw new BadUsage("--url: " + Text.quote(uri.toString())
                    + ": left to the system's resolver (expected: a name that discovery.enabled and discovery.names.only leave"
                    + " to the library)");
        }
    }
}
