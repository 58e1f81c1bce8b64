package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.examples.cli.doctor.Diagnosis;
import io.clusterset.examples.cli.doctor.Doctor;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code discovery doctor}: what is wrong with DNS here, and how to mend it. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery doctor [NAME] [OPTIONS]",
        description = "Look at resolv.conf, ask every nameserver about both zones, and say what"
                + " is wrong and how to mend it; with a NAME, also what is odd about that.",
        footerHeading = "%n",
        footer = "Exit status: 0 no problem, 1 a problem was found, 2 bad usage.")
final class DoctorCommand implements Callable<Integer> {

    private final Console console;
    private final Supplier<Doctor> looker;

    @Parameters(arity = "0..1", paramLabel = "NAME", description = "A service to look up as well, as for resolve.")
    private Optional<String> name = Optional.empty();

    @Mixin
    private Whereabouts whereabouts = new Whereabouts();

    @Option(names = "--timeout", paramLabel = "DURATION", description = "For all questions together. Default: 10s.")
    private String timeout = "10s";

    @Option(names = "--json", description = "Print one JSON document instead of text.")
    private boolean json;

    DoctorCommand(Console console, Supplier<Doctor> looker) {
        this.console = console;
        this.looker = looker;
    }

    @Override
    public Integer call() {
        Duration time = Whereabouts.time("--timeout", timeout);
        CommonOptions.startLogging(false);
        Diagnosis diagnosis = examine(time);
        if (json) {
            console.document(diagnosis.document());
        } else {
            console.lines(diagnosis.lines(word -> console.paint().on(tint(word), word)));
        }
        return diagnosis.problems() == 0 ? 0 : 1;
    }

    private static Tint tint(String severity) {
        return switch (severity) {
            case "ok" -> Tint.GOOD;
            case "note" -> Tint.DOUBT;
            case "problem" -> Tint.BAD;
            default -> Tint.PLAIN;
        };
    }

    private Diagnosis examine(Duration time) {
        List<InetSocketAddress> servers = whereabouts.nameservers();
        Supplier<Settings> process = whereabouts.settings();
        try {
            Doctor doctor = looker.get();
            Settings settings = process.get();
            Discovery.Builder builder = Discovery.builder().settings(settings).surroundings(doctor.surroundings());
            whereabouts.describeTo(builder);
            builder.dns(options -> servers.isEmpty() ? options : options.nameservers(servers));
            try (Discovery discovery = builder.build()) {
                return doctor.examine(discovery, settings, name, time);
            }
        } catch (IllegalArgumentException refused) {
            throw new BadUsage(String.valueOf(refused.getMessage()), refused);
        }
    }
}
