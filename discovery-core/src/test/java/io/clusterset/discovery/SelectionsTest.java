package io.clusterset.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clusterset.discovery.scenario.World;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SelectionsTest {

    private final World world = new World();
    private final Selections selections = new Selections("orders.shop");

    @AfterEach
    void close() {
        world.close();
    }

    private Service add(String word) {
        return selections.add(word, () -> world.discovery.service(word + ".shop"));
    }

    @Test
    void theSameWordGivesTheSameOne() {
        assertThat(selections.find("canary")).isEmpty();
        Service canary = add("canary");
        assertThat(selections.find("canary")).containsSame(canary);
        assertThat(selections.add("canary", () -> world.discovery.service("other.shop")))
                .isSameAs(canary);
        Service stable = add("stable");
        assertThat(selections.all()).containsExactlyInAnyOrder(canary, stable);
    }

    @Test
    void oneTooManyIsRefusedAndNamed() {
        for (int i = 1; i <= 100; i++) {
            add("track-" + i);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> add("track-101"))
                .withMessage("orders.shop: selection 'track-101' is one too many (expected: at most 100)");
        assertThat(selections.find("track-101")).isEmpty();
        assertThat(add("track-100"))
                .as("one there is")
                .isSameAs(selections.find("track-100").orElseThrow());
    }
}
