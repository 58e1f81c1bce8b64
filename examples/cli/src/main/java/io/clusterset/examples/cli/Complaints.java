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
            console.document(Map.of("error", line));
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
        return Text.safe(message(thrown).lines().findFirst().orElse(""));
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
        boolean root = thrown.getCommandLine().getParent() == null;
        return root
                ? Text.safe(words.get(0)) + ": unknown command (expected: resolve, explain, pick or call)"
                : Text.quote(words.get(0)) + ": one argument too many (expected: one NAME; " + help + ")";
    }

    private static String message(Exception thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.toString() : message;
    }
}
