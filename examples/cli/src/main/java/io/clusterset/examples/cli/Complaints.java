package io.clusterset.examples.cli;

import io.clusterset.discovery.model.DiscoveryException;
import io.clusterset.discovery.model.Text;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Turns whatever went wrong into one line on stderr and an exit status; with {@code --json} also into a document on stdout,
 * with {@code --verbose} also into a stack trace.
 */
final class Complaints implements IParameterExceptionHandler, IExecutionExceptionHandler {

    static final int NONE_FOUND = 1;
    static final int BAD_USAGE = 2;

    private final Console console;

    Complaints(Console console) {
        this.console = console;
    }

    @Override
    public int handleParseException(ParameterException thrown, String[] args) {
        List<String> given = Arrays.asList(args); // nothing was parsed, so the words themselves must do
        return complain(line(thrown), BAD_USAGE, thrown, given.contains("--json"), given.contains("--verbose"));
    }

    @Override
    public int handleExecutionException(Exception thrown, CommandLine command, ParseResult parsed) {
        ParseResult own = command.getParseResult();
        boolean json = own.hasMatchedOption("--json");
        boolean verbose = own.hasMatchedOption("--verbose");
        if (thrown instanceof BadUsage) {
            return complain(message(thrown), BAD_USAGE, thrown, json, verbose);
        }
        String line = thrown instanceof DiscoveryException
                ? message(thrown)
                : "internal error: " + Text.safe(thrown.toString());
        return complain(line, NONE_FOUND, thrown, json, verbose);
    }

    private int complain(String line, int status, Exception thrown, boolean json, boolean verbose) {
        console.complain(line);
        if (verbose) {
            thrown.printStackTrace(console.err());
            console.err().flush();
        }
        if (json) {
            console.line(Map.of("error", line)); // one line, for commands that print JSON lines
        }
        return status;
    }

    private static String line(ParameterException thrown) {
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            return unmatched(unmatched);
        } else if (thrown instanceof MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            ArgSpec argument = missing.getMissing().get(0);
            return argument instanceof OptionSpec option
                    ? option.longestName() + ": no value (expected: " + option.paramLabel() + ")"
                    : "NAME: missing (expected: SERVICE.NAMESPACE, such as orders.shop)";
        } else if (thrown instanceof OverwrittenOptionException twice
                && twice.getOverwritten() instanceof OptionSpec option) {
            return option.longestName() + ": given twice (expected: once)";
        }
        boolean commandless = hasCommands(thrown.getCommandLine()) && thrown.getClass() == ParameterException.class;
        return commandless
                ? "COMMAND: missing (expected: " + commands(thrown.getCommandLine()) + "; see discovery --help)"
                : Text.safe(message(thrown).lines().findFirst().orElse(""));
    }

    private static boolean hasCommands(CommandLine line) {
        return !line.getSubcommands().isEmpty();
    }

    /** Those there are, in words. */
    private static String commands(CommandLine root) {
        List<String> names = List.copyOf(root.getSubcommands().keySet());
        int last = names.size() - 1;
        return String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }

    private static String unmatched(UnmatchedArgumentException thrown) {
        List<String> words = thrown.getUnmatched();
        String command = thrown.getCommandLine().getCommandSpec().qualifiedName();
        String help = "see " + command + " --help";
        for (String word : words) {
            if (word.startsWith("-")) {
                String nearest = NearestNames.of(word, thrown.getCommandLine().getCommandSpec());
                return Text.safe(word) + ": unknown option (nearest: " + nearest + "; " + help + ")";
            }
        }
        if (hasCommands(thrown.getCommandLine())) {
            return Text.safe(words.get(0)) + ": unknown command (expected: " + commands(thrown.getCommandLine()) + ")";
        }
        boolean named =
                !thrown.getCommandLine().getCommandSpec().positionalParameters().isEmpty();
        return Text.quote(words.get(0)) + ": one argument too many (expected: " + (named ? "one NAME" : "options only")
                + "; " + help + ")";
    }

    private static String message(Exception thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.toString() : message;
    }
}
