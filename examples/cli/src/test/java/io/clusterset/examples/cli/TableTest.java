package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    @Test
    void wordsBeginAndFiguresEndUnderEachOther() {
        Table table = new Table().words("NAME").figures("N").words("WHY");

        assertThat(table.row("a", "100", "x").row("longer", "1", "").lines())
                .containsExactly("NAME      N  WHY", "a       100  x", "longer    1");
    }

    @Test
    void aLongLastCellGoesOnBeneathItself() {
        Table table =
                new Table().words("A").words("WHY").row("a", "word ".repeat(20).strip());

        assertThat(table.lines()).hasSize(3).allMatch(line -> line.length() <= Table.WIDTH);
        assertThat(table.lines().get(2)).startsWith("   word");
    }

    @Test
    void aLastCellWithNoRoomLeftStartsOnTheNextLine() {
        Table table = new Table().words("A").words("WHY").row("a".repeat(70), "not very long but too long");

        assertThat(table.lines())
                .containsExactly("A" + " ".repeat(71) + "WHY", "a".repeat(70), "    not very long but too long");
    }

    @Test
    void wordsLongerThanALineAreLeftWhole() {
        assertThat(Table.wrap("- ", "a " + "b".repeat(90) + " c")).containsExactly("- a", "  " + "b".repeat(90), "  c");
    }
}
