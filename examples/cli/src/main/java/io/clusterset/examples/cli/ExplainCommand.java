package io.clusterset.examples.cli;

import io.clusterset.discovery.Discovery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    private static final Pattern TOLD = Pattern.compile(" {4}(?:answer|endpoint) ");

    private static final Map<String, Tint> TINTS = Map.of(
            "found", Tint.GOOD,
            "empty", Tint.BAD,
            "no such name", Tint.BAD,
            "unknown", Tint.DOUBT,
            "healthy", Tint.GOOD,
            "suspect", Tint.DOUBT,
            "unhealthy", Tint.BAD);

    private static final Pattern WORD =
            Pattern.compile("(?<= )(" + String.join("|", TINTS.keySet()) + ")(?![A-Za-z-])");

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
            }
            examination.error().ifPresent(console::complain);
            return examination.error().isPresent() ? Complaints.NONE_FOUND : 0;
        }
    }

    private List<String> text(String story) {
        return story.lines()
                .flatMap(line -> tinted(wrapped(Origins.in(line)).toList()))
                .toList();
    }

    /** The word that says how an answer or an endpoint is, in its colour. */
    private Stream<String> tinted(List<String> lines) {
        for (int i = 0; i < lines.size(); i++) {
            Matcher word = WORD.matcher(lines.get(i));
            if ((i == 0 && !TOLD.matcher(lines.get(0)).lookingAt())
                    || !console.paint().on()) {
                break;
            }
            if (word.find()) {
                List<String> painted = new ArrayList<>(lines);
                String colour = console.paint().on(TINTS.getOrDefault(word.group(1), Tint.PLAIN), word.group(1));
                painted.set(
                        i,
                        lines.get(i).substring(0, word.start(1))
                                + colour
                                + lines.get(i).substring(word.end(1)));
                return painted.stream();
            }
        }
        return lines.stream();
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
