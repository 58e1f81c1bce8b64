package io.clusterset.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MarkedTest {

    private static final Marked MARKED = new Marked(Path.of("page.md"), "<!-- ours -->", "<!-- /ours -->");

    @Test
    void whatStandsBetweenTheMarksIsReplacedAndNothingElse() throws IOException {
        String whole =
                "# A page\n\nsee <!-- ours -->\n<!-- ours -->\nold\n\nolder\n<!-- /ours -->\n\nthe end, without a line's end";
        assertThat(MARKED.with(whole, "new\n"))
                .isEqualTo(
                        "# A page\n\nsee <!-- ours -->\n<!-- ours -->\nnew\n<!-- /ours -->\n\nthe end, without a line's end");
    }

    @Test
    void marksMayBeTheFirstAndTheLastLineWithNothingBetween() throws IOException {
        assertThat(MARKED.with("<!-- ours -->\n<!-- /ours -->\n", "new\n"))
                .isEqualTo("<!-- ours -->\nnew\n<!-- /ours -->\n");
    }

    @Test
    void theSameTextTwiceChangesNothing() throws IOException {
        String once = MARKED.with("a\n<!-- ours -->\nold\n<!-- /ours -->\nz\n", "new\n");
        assertThat(MARKED.with(once, "new\n")).isEqualTo(once);
    }

    @Test
    void aMissingMarkIsNamed() {
        refused("a\n<!-- /ours -->\n", "page.md: no line <!-- ours --> (expected: ");
        refused("a\n<!-- ours -->\n", "page.md: no line <!-- /ours --> (expected: ");
        refused(
                "text <!-- ours -->\n<!-- /ours -->\n",
                "page.md: no line <!-- ours --> (expected: the line <!-- ours --> and, below it, the line <!-- /ours -->, each once)");
    }

    @Test
    void marksThatAreDoubtfulAreRefused() {
        refused("<!-- /ours -->\n<!-- ours -->\n", "page.md: <!-- /ours --> comes first");
        refused("<!-- ours -->\n<!-- /ours -->\n<!-- ours -->\n", "page.md: more than one line <!-- ours -->");
        refused("<!-- ours -->\n<!-- /ours -->\n<!-- /ours -->\n", "page.md: more than one line <!-- /ours -->");
    }

    @Test
    void aFileIsReplacedOnlyIfItIsThereAndMarked(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        Marked marked = new Marked(page, "<!-- ours -->", "<!-- /ours -->");
        assertThatIOException().isThrownBy(marked::mustBeThere).withMessageStartingWith(page + ": no such file");
        assertThatIOException().isThrownBy(() -> marked.replace("new\n"));
        assertThat(page).doesNotExist();

        Files.writeString(page, "nothing\n");
        assertThatIOException().isThrownBy(marked::mustBeThere);
        assertThatIOException().isThrownBy(() -> marked.replace("new\n"));
        assertThat(page).hasContent("nothing\n");

        Files.writeString(page, "a\n<!-- ours -->\n<!-- /ours -->\nz\n");
        marked.mustBeThere();
        marked.replace("new\n");
        assertThat(Files.readString(page)).isEqualTo("a\n<!-- ours -->\nnew\n<!-- /ours -->\nz\n");
    }

    private static void refused(String whole, String message) {
        assertThatIOException().isThrownBy(() -> MARKED.with(whole, "new\n")).withMessageStartingWith(message);
    }
}
