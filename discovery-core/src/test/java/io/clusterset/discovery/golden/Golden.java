package io.clusterset.discovery.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.clusterset.discovery.observe.Explanation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One situation's explanation beside the text that was agreed on; it must name cause, evidence and what happens next. */
record Golden(String name, Explanation explanation, String text) {

    static final Path FILES = Path.of("src/test/resources/io/clusterset/discovery/golden");

    private static final Pattern FAKE_SERVER = Pattern.compile("127\\.0\\.0\\.1:\\d{4,5}");
    private static final Pattern WALL_CLOCK = Pattern.compile("found [\\d.]+ m?s ago");

    private static final Pattern AGE = Pattern.compile("(?m)^    [\\d.]+ s ago: ");

    private static final Pattern TEMPORARY = Pattern.compile("(snapshot-directory=)\\S+");

    static Golden of(String name, Explanation explanation) {
        return new Golden(name, explanation, steady(explanation.toString()));
    }

    /** Without what differs from run to run: the fake nameserver's port, and a snapshot's date and place. */
    private static String steady(String text) {
        String named = FAKE_SERVER.matcher(text).replaceAll("10.96.0.10");
        String dated = WALL_CLOCK.matcher(named).replaceAll("found 1 s ago");
        return TEMPORARY.matcher(dated).replaceAll("$1/var/cache/discovery");
    }

    /** Without the ages of events: an answer over a socket may come while time is being moved. */
    Golden ageless() {
        return new Golden(name, explanation, AGE.matcher(text).replaceAll("    N s ago: "));
    }

    /** Why calls go there, in a line that has all of these. */
    Golden cause(String... words) {
        return tells("cause", words);
    }

    /** What was seen that says so, in a line that has all of these. */
    Golden evidence(String... words) {
        return tells("evidence", words);
    }

    /** What happens next and when, in a line that has all of these; then compares the whole. */
    void next(String... words) {
        tells("next event", words);
        walk(name, explanation.document());
        compare();
    }

    private Golden tells(String what, String... words) {
        assertThat(text.lines())
                .as("%s of %s, in%n%s", what, name, text)
                .anyMatch(line -> Arrays.stream(words).allMatch(line::contains));
        return this;
    }

    /** Only what JSON has. */
    private static void walk(String at, @Nullable Object value) {
        if (value instanceof Map<?, ?> map) {
            map.forEach((key, inner) -> {
                assertThat(key).as(at).isInstanceOf(String.class);
                walk(at + "." + key, inner);
            });
        } else if (value instanceof List<?> list) {
            list.forEach(inner -> walk(at + "[]", inner));
        } else if (value != null) {
            assertThat(value).as(at).isInstanceOfAny(String.class, Number.class, Boolean.class);
        }
    }

    private void compare() {
        Path file = FILES.resolve(name + ".txt");
        try {
            if (System.getProperty("golden.accept") != null) {
                Files.createDirectories(FILES);
                Files.writeString(file, text);
            }
            String agreed = Files.exists(file) ? Files.readString(file) : "";
            if (!agreed.equals(text)) {
                fail(
                        "%s says something else than %s (- agreed, + said; if it is meant: -Dgolden.accept)%n%s",
                        name,
                        file,
                        String.join(
                                "\n",
                                difference(agreed.lines().toList(), text.lines().toList())));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** By the longest common subsequence of lines: the texts are short. */
    private static List<String> difference(List<String> agreed, List<String> said) {
        int[][] common = new int[agreed.size() + 1][said.size() + 1];
        for (int i = agreed.size() - 1; i >= 0; i--) {
            for (int j = said.size() - 1; j >= 0; j--) {
                common[i][j] = agreed.get(i).equals(said.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < agreed.size() || j < said.size()) {
            boolean both = i < agreed.size() && j < said.size();
            if (both && agreed.get(i).equals(said.get(j))) {
                lines.add("  " + agreed.get(i));
                i++;
                j++;
            } else if (j == said.size() || (both && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + agreed.get(i));
                i++;
            } else {
                lines.add("+ " + said.get(j));
                j++;
            }
        }
        return lines;
    }
}
