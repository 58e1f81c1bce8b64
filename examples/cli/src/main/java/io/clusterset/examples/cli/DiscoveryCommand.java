package io.clusterset.examples.cli;

import io.clusterset.examples.cli.doctor.Doctor;
import java.time.InstantSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Where the command starts: its subcommands and how they are wired. */
@Command(
        name = "discovery",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Where do calls of a service go, and why: the local cluster first, the cluster set second.",
        customSynopsis = "discovery COMMAND NAME [OPTIONS]",
        commandListHeading = "%nCommands (discovery COMMAND --help shows the options):%n",
        footerHeading = "%nExamples:%n",
        footer = {
            "  discovery resolve orders.shop",
            "  discovery explain orders.shop:http --dns 10.96.0.10:53",
            "  discovery call orders.shop:8080 --path /list --count 1000 --json",
            "  discovery watch orders.shop --for 10m",
            "",
            "Exit status: 0 an endpoint was found (and no call failed), 1 none was (or some",
            "failed), 2 bad usage."
        })
public final class DiscoveryCommand {

    private DiscoveryCommand() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        // the library decides what is tried again; the client must not do so behind its back
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        System.exit(commandLine(Console.ofThisProcess()).execute(args));
    }

    /** The command, ready to be executed; all it says goes to the console. */
    static CommandLine commandLine(Console console) {
        return commandLine(console, InstantSource.system());
    }

    /** As {@link #commandLine(Console)}, with the wall clock that lines are dated by. */
    static CommandLine commandLine(Console console, InstantSource clock) {
        CommandLine line = new CommandLine(new DiscoveryCommand())
                .addSubcommand(new ResolveCommand(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new PickCommand(console))
                .addSubcommand(new CallCommand(console))
                .addSubcommand(new WatchCommand(console, clock))
                .addSubcommand(new TraceCommand(console))
                .addSubcommand(DrillCommand.commandLine(console))
                .addSubcommand(new UiCommand(console))
                .addSubcommand(new DoctorCommand(console, Doctor::ofThisProcess));
        return console.speakingFor(line);
    }
}
