package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code discovery explain}: why calls go where they go, in the library's own words. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = "discovery explain NAME [OPTIONS]",
        description = "As resolve, with the reasons: what was asked, what was left out and by"
                + " which rule, why the load is what it is, and what happens next.")
final class ExplainCommand implements Callable<Integer> {

    /** What stands before a line's text: a label, or blanks alone. */
    private static final Pattern FRONT = Pattern.compile("( {4}(?:asked|answer|endpoint|left out) +)|( *)");

    private static final int HANGING = 2;

    private final Console console;

    @Mixin
    private CommonOptions options = new CommonOptions();

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        try (Discovery discovery = options.openForQuestions()) {
            Examination examination = Examination.of(discovery, options.service(discovery), options);
            if (options.json()) {
                console.document(ExplanationDocument.factsAndReasons(examination));
            } else {
                console.lines(text(examination.explanation().toString()));
                examination.error().ifPresent(console::complain);
            }
            return examination.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private static List<String> text(String story) {
        return story.lines().flatMap(ExplainCommand::wrapped).toList();
    }

    private static Stream<String> wrapped(String line) {
        Matcher front = FRONT.matcher(line);
        if (line.length() <= Table.WIDTH || !front.lookingAt()) {
            return Stream.of(line);
        }
        int width = front.end() + (front.group(1) == null ? HANGING : 0);
        return Table.wrap(front.group(), width, line.substring(front.end())).stream();
    }
}
