package io.clusterset.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

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
            "",
            "Exit status: 0 an endpoint was found (call: no call failed), 1 none was (some",
            "failed), 2 bad usage."
        })
public final class DiscoveryCommand implements Callable<Integer> {

    private DiscoveryCommand() {}

    /** Runs one command and ends the process with its exit status. */
    public static void main(String[] args) {
        // the library decides what is tried again; the client must not do so behind its back
        System.setProperty("jdk.httpclient.disableRetryConnect", "true");
        boolean terminal = Ansi.AUTO.enabled();
        Console console = new Console(utf8(FileDescriptor.out), utf8(FileDescriptor.err), terminal);
        System.exit(commandLine(console).execute(args));
    }

    /** The command, ready to be executed; all it says goes to the console. */
    static CommandLine commandLine(Console console) {
        Complaints complaints = new Complaints(console);
        return new CommandLine(new DiscoveryCommand())
                .addSubcommand(new ResolveCommand(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new PickCommand(console))
                .addSubcommand(new CallCommand(console))
                .setOut(console.out())
                .setErr(console.err())
                .setExpandAtFiles(false)
                .setUsageHelpWidth(Table.WIDTH)
                .setParameterExceptionHandler(complaints)
                .setExecutionExceptionHandler(complaints);
    }

    /** Without a command there is nothing to do. */
    @Override
    public Integer call() {
        throw new BadUsage("COMMAND: missing (expected: resolve, explain, pick or call; see discovery --help)");
    }

    private static PrintWriter utf8(FileDescriptor descriptor) {
        OutputStream stream = new FileOutputStream(descriptor);
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }
}
