package io.clusterset.discovery.golden;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** All texts together: what a terminal does with them, who makes them, and the guide that is made of them. */
class GoldenFilesTest {

    private static final int LONGEST = 200;
    private static final Pattern MADE = Pattern.compile("Golden\\.of\\(\\s*\"([^\"]+)\"");
    private static final Pattern ROW = Pattern.compile(
            "(?m)^\\| [^|]*\\]\\(\\.\\./\\.\\./discovery-core/(\\S+)/([a-z0-9-]+)\\.txt\\) \\| (.*) \\| (.*) \\|$");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern EXAMPLE = Pattern.compile("(?s)<!-- ([a-z-]+)\\.txt -->\\s+```\\n(.*?)\\n```");

    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(Golden.FILES)) {
            for (Path file : files.sorted().toList()) {
                texts.put(file.getFileName().toString().replace(".txt", ""), Files.readString(file));
            }
        }
        return texts;
    }

    private static String guide() throws IOException {
        return Files.readString(Path.of("../docs/guides/why-there.md"));
    }

    private static List<String> rows() throws IOException {
        return ROW.matcher(guide()).results().map(row -> row.group(2)).toList();
    }

    @Test
    void noLineIsLongOrHasControlCharacters() throws IOException {
        assertThat(texts())
                .hasSizeGreaterThan(20)
                .allSatisfy((name, text) -> assertThat(text.split("\n", -1))
                        .allSatisfy(line -> assertThat(line)
                                .hasSizeLessThanOrEqualTo(LONGEST)
                                .doesNotContainPattern("\\p{Cntrl}")));
    }

    @Test
    void eachFileIsMadeByATestAndByOneOnly() throws IOException {
        List<String> made = new ArrayList<>();
        try (Stream<Path> sources = Files.list(Path.of("src/test/java/io/clusterset/discovery/golden"))) {
            for (Path source : sources.toList()) {
                MADE.matcher(Files.readString(source)).results().forEach(name -> made.add(name.group(1)));
            }
        }
        assertThat(made).containsExactlyInAnyOrderElementsOf(texts().keySet());
    }

    @Test
    void eachSituationOfTheGuideHasItsFileAndEachFileItsRow() throws IOException {
        assertThat(rows()).containsExactlyInAnyOrderElementsOf(texts().keySet());
        assertThat(ROW.matcher(guide()).results().map(row -> Path.of(row.group(1))))
                .containsOnly(Golden.FILES);
    }

    @Test
    void theLinesToLookForAreThere() throws IOException {
        Map<String, String> texts = texts();
        ROW.matcher(guide()).results().forEach(row -> {
            String text = texts.getOrDefault(row.group(2), "");
            assertThat(CODE.matcher(row.group(3)).results().map(code -> code.group(1)))
                    .as("lines of %s to look for", row.group(2))
                    .isNotEmpty()
                    .allSatisfy(words -> assertThat(text).contains(words));
        });
    }

    @Test
    void theExamplesAreTheFiles() throws IOException {
        Map<String, String> texts = texts();
        assertThat(EXAMPLE.matcher(guide()).results())
                .hasSizeGreaterThanOrEqualTo(2)
                .allSatisfy(example -> {
                    List<String> lines =
                            texts.getOrDefault(example.group(1), "").lines().toList();
                    assertThat(lines)
                            .containsSubsequence(example.group(2).lines().toList());
                });
    }
}
