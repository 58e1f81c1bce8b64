package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The page has every command and option, and no other, with the defaults that the help tells. */
class CommandPageTest {

    private static final String ELSEWHERE = "doctor"; // has a page of its own
    private static final Pattern DEFAULT = Pattern.compile("Default: (.*)\\.$");
    private static final Pattern OPTION_ROW =
            Pattern.compile("(?m)^\\| `(--(?:[^`]|\\\\\\|)+)` \\| (.*) \\| (.*) \\| (.*) \\|$");

    private static String page() throws IOException {
        return Files.readString(Path.of("../../docs/guides/command.md"));
    }

    private static Map<String, CommandLine> allCommands() {
        PrintWriter nowhere = new PrintWriter(PrintWriter.nullWriter());
        return DiscoveryCommand.commandLine(new Console(nowhere, nowhere, false, Paint.NONE))
                .getSubcommands();
    }

    /** Without the one that has a page of its own. */
    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> commands = new LinkedHashMap<>(allCommands());
        commands.remove(ELSEWHERE);
        return commands;
    }

    private static List<String> found(String pattern) throws IOException {
        Matcher matcher = Pattern.compile(pattern).matcher(page());
        return matcher.results().map(result -> result.group(1)).toList();
    }

    @Test
    void everyCommandHasASectionAnExampleAndALineInEachTable() throws IOException {
        List<String> commands = List.copyOf(commands().keySet());

        assertThat(found("(?m)^## `([a-z]+)`$")).containsExactlyElementsOf(commands);
        assertThat(found("(?m)^\\$ (?:[A-Z_]+=[a-z]+ )?discovery ([a-z]+) ")).containsExactlyElementsOf(commands);
        assertThat(found("(?m)^\\| \\[`([a-z]+)`\\]\\(#[a-z]+\\) \\|").stream().filter(name -> !name.equals(ELSEWHERE)))
                .containsExactlyElementsOf(commands);
        assertThat(found("(?m)^\\| (?!option|exit|command)([a-z]+) \\| ")).containsExactlyElementsOf(commands);
    }

    /** An option may mean something else, or have another default, in another command: that is another row. */
    @Test
    void everyOptionHasARowWithItsDefaultAndItsCommands() throws IOException {
        Map<String, Set<String>> said = new TreeMap<>();
        Set<String> all = new TreeSet<>(allCommands().keySet());
        OPTION_ROW.matcher(page()).results().forEach(row -> {
            String key = row.group(1).replace("\\|", "|") + " = " + row.group(3).replace("`", "");
            assertThat(said.put(key, who(row.group(4), all))).as(key).isNull();
        });
        Map<String, Set<String>> real = new TreeMap<>();
        allCommands()
                .forEach((name, command) -> options(command)
                        .forEach(option -> real.computeIfAbsent(key(option), key -> new TreeSet<>())
                                .add(name)));

        assertThat(said).isEqualTo(real);
    }

    private static Set<String> who(String cell, Set<String> all) {
        if (!cell.startsWith("all")) {
            return new TreeSet<>(List.of(cell.split(", ")));
        }
        Set<String> who = new TreeSet<>(all);
        List.of(cell.replaceFirst("all( but )?", "").split(", ")).forEach(who::remove);
        return who;
    }

    private static Stream<OptionSpec> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden() && !option.usageHelp() && !option.versionHelp());
    }

    private static String key(OptionSpec option) {
        Matcher byDefault = DEFAULT.matcher(String.join(" ", option.description()));
        String value = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return option.longestName() + value + " = " + (byDefault.find() ? byDefault.group(1) : "-");
    }

    @Test
    void everyKindOfEventHasARow() throws IOException {
        List<String> kinds = new ArrayList<>(List.of("state"));
        kinds.addAll(Event.KINDS);

        assertThat(found("(?m)^\\| `((?!event)[a-z]+)` \\| ")).containsExactlyElementsOf(kinds);
    }

    /** What is shown of a terminal fits one. */
    @Test
    void itsOutputsFitATerminal() throws IOException {
        Matcher blocks = Pattern.compile("(?s)```\n\\$ [^\n]*\n(.*?)```").matcher(page());
        List<String> lines =
                blocks.results().flatMap(block -> block.group(1).lines()).toList();

        assertThat(lines).hasSizeGreaterThan(50).allMatch(line -> line.length() <= Table.WIDTH);
    }
}
