package io.clusterset.examples.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {

    private static final int WIDTH = 80;
    private static final String LABEL = "a".repeat(60);
    private static final String LONG = LABEL + "." + LABEL + "." + LABEL + ".example";

    @Test
    void aFindingThatIsWellIsOneParagraph() {
        assertThat(Page.lines(Finding.ok("tcp", "answers"))).containsExactly("ok       tcp: answers");
    }

    @Test
    void whatIsToBeCopiedKeepsItsLinesAndItsDepth() {
        Finding finding = Finding.problem("zone", "seen", "It means.", "Write:\n    a {\n        b\n    }\nand go.");

        assertThat(Page.lines(finding))
                .containsExactly(
                        "problem  zone: seen",
                        "         means  It means.",
                        "         mend   Write:",
                        "                  a {",
                        "                      b",
                        "                  }",
                        "                and go.");
    }

    @Test
    void aWideLineToBeCopiedBeginsFurtherLeft() {
        String wide = "x".repeat(66);

        assertThat(Page.lines(Finding.problem("zone", "seen", "", "    " + wide)))
                .containsExactly("problem  zone: seen", " ".repeat(14) + wide);
    }

    @Test
    void noLineIsWiderThanATerminalHoweverLongTheNames(@TempDir Path root) {
        try (Ward ward = new Ward(root)) {
            ward.setting("discovery.clusterset-domain", LONG)
                    .resolvConf("nameserver 10.96.0.10\nsearch svc." + LONG + "\nnameserver " + "x".repeat(300) + "\n")
                    .withoutLabels();
            Observations seen = ward.look(Optional.of("orders.shop:" + "p".repeat(15)));

            List<String> lines = Diagnosis.of(seen).lines();

            assertThat(String.join("", lines).replace(" ", "")).contains(LONG);
            assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(WIDTH));
        }
    }
}
