package io.clusterset.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a list and a change do to what is known. */
final class ShelfTest {

    private final Shelf<String> shelf = new Shelf<>(item -> List.of(item.object()));

    private static Item<String> item(String name, int version) {
        return new Item<>("shop", name, name, String.valueOf(version), "orders");
    }

    private List<String> names() {
        return shelf.of("orders").stream().map(Item::name).toList();
    }

    @Test
    void aListTakesAwayWhatItLacksUnlessThatIsNewer() {
        shelf.replace(List.of(item("a", 1), item("b", 2)), "10");
        assertThat(shelf.put(item("c", 21))).containsExactly("orders");
        assertThat(shelf.merge(List.of(item("b", 2)), "20")).containsExactly("orders");
        assertThat(names()).containsExactly("b", "c");
        assertThat(shelf.merge(List.of(item("b", 2), item("c", 21)), "25")).isEmpty();
    }

    @Test
    void whatAListLackedDoesNotComeBackLate() {
        shelf.replace(List.of(item("a", 1)), "10");
        shelf.merge(List.of(), "20");
        assertThat(shelf.put(item("a", 15))).isEmpty();
        assertThat(shelf.put(item("a", 21))).containsExactly("orders");
        shelf.replace(List.of(), "30");
        assertThat(shelf.put(item("a", 25))).isEmpty();
        assertThat(names()).isEmpty();
    }

    @Test
    void aListThatIsOlderThanADeletionDoesNotUndoIt() {
        shelf.replace(List.of(item("a", 1)), "10");
        shelf.gone("shop", "a", "21");
        assertThat(shelf.merge(List.of(item("a", 1)), "20")).isEmpty();
        assertThat(names()).isEmpty();
        assertThat(shelf.size()).isZero();
    }

    @Test
    void versionsMayBeginAnew() {
        shelf.replace(List.of(item("a", 1_000)), "2000");
        assertThat(shelf.replace(List.of(item("a", 3)), "5")).containsExactly("orders");
        assertThat(shelf.put(item("a", 6))).containsExactly("orders");
    }
}
