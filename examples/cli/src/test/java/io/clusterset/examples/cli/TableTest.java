package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableTest {

    private static Table table() {
        return new Table(Paint.NONE, false);
    }

    @Test
    void wordsBeginAndFiguresEndUnderEachOther() {
        Table table = table().words("NAME").figures("N").words("WHY");

        assertThat(table.row("a", "100", "x").row("longer", "1", "").lines())
                .containsExactly("NAME      N  WHY", "a       100  x", "longer    1");
    }

    @Test
    void aLongLastCellGoesOnBeneathItself() {
        Table table =
                table().words("A").words("WHY").row("a", "word ".repeat(20).strip());

        assertThat(table.lines()).hasSize(3).allMatch(line -> line.length() <= Table.WIDTH);
        assertThat(table.lines().get(2)).startsWith("   word");
    }

    @Test
    void aLastCellWithNoRoomLeftStartsOnTheNextLine() {
        Table table = table().words("A").words("WHY").row("a".repeat(70), "not very long but too long");

        assertThat(table.lines())
                .containsExactly("A" + " ".repeat(71) + "WHY", "a".repeat(70), "    not very long but too long");
    }

    @Test
    void wordsLongerThanALineGoOnInTheNext() {
        assertThat(Table.wrap("- ", "a " + "b".repeat(90) + " c"))
                .containsExactly("- a", "  " + "b".repeat(78), "  " + "b".repeat(12) + " c");
        assertThat(Table.wrap("- ", "a".repeat(50) + "." + "b".repeat(50)))
                .containsExactly("- " + "a".repeat(50) + ".", "  " + "b".repeat(50));
        assertThat(Table.wrap("", "x".repeat(20) + "," + "y".repeat(5) + "." + "z".repeat(100)))
                .containsExactly("x".repeat(20) + ",", "yyyyy.", "z".repeat(80), "z".repeat(20));
    }

    @Test
    void wordsInFrontAreCutInTheirMiddleAndAddressesAreNot() {
        String address = "[2001:db8:1111:2222:3333:4444:5555:6666]:65535";
        Table table = table().addresses("ENDPOINT").words("TIER").figures("SHARE");

        assertThat(table.row(address, "t".repeat(30) + "u".repeat(30), "33.3%").lines())
                .containsExactly(
                        "ENDPOINT" + " ".repeat(40) + "TIER" + " ".repeat(21) + "  SHARE",
                        address + "  " + "t".repeat(12) + "…" + "u".repeat(12) + "  33.3%");
    }

    @Test
    void whoWantsAllGetsAll() {
        String tier = "t".repeat(90);

        assertThat(new Table(Paint.NONE, true)
                        .words("TIER")
                        .words("DETAIL")
                        .row(tier, "d")
                        .lines())
                .containsExactly("TIER" + " ".repeat(88) + "DETAIL", tier, "    d");
    }

    @Test
    void colourTakesNoRoom() {
        Table.Cell sick = new Table.Cell("unhealthy: " + "why ".repeat(20).strip(), Tint.BAD);
        Table plain = table().words("A").words("VERDICT").row(Table.plain("a"), sick);
        Table painted =
                new Table(new Paint(true), false).words("A").words("VERDICT").row(Table.plain("a"), sick);

        assertThat(painted.lines())
                .hasSize(3)
                .anyMatch(line -> line.contains("\u001b[31m"))
                .extracting(Ran::uncoloured)
                .isEqualTo(plain.lines());
    }
}
