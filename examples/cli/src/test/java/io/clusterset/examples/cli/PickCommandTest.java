package io.clusterset.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PickCommandTest {

    private final Clusters clusters = new Clusters().headless();

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void picksAreSpreadOverTheHomeTier() {
        Ran ran = clusters.discovery("pick", "orders.shop:http", "--count", "100", "--json")
                .endsWith(0);

        assertThat(ran.json()).containsOnlyKeys("picks", "tiers");
        assertThat(ran.json())
                .containsEntry("picks", Map.of(clusters.localA.endpoint(), 50, clusters.localB.endpoint(), 50))
                .containsEntry("tiers", Map.of("local", 100, "clusterset", 0));
    }

    @Test
    void onePickIsMadeUnlessMoreAreAskedFor() {
        Ran ran = clusters.discovery("pick", "orders.shop:http", "--json").endsWith(0);

        assertThat(ran.json()).containsEntry("tiers", Map.of("local", 1, "clusterset", 0));
    }

    @Test
    void picksGoToTheNextTierWhenHomeRefuses() {
        clusters.localA.refuse();
        clusters.localB.refuse();
        Ran ran = clusters.discovery("pick", "orders.shop:http", "--count", "10", "--json")
                .endsWith(0);

        assertThat(ran.json()).containsEntry("tiers", Map.of("local", 0, "clusterset", 10));
    }

    @Test
    void aPersonGetsATable() {
        Ran ran = clusters.discovery("pick", "orders.shop:http", "--count", "10")
                .endsWith(0)
                .fits();

        assertThat(ran.out())
                .startsWith("orders.shop:http: 10 picks\n\nENDPOINT ")
                .containsPattern("(?m)^" + clusters.localA.endpoint() + " +local +5 +50%$");
    }

    @Test
    void withNothingToPickTheDocumentHasAnError() {
        Ran ran = clusters.discovery("pick", "nothing.shop", "--json").endsWith(1);

        assertThat(ran.json())
                .containsEntry("picks", Map.of())
                .containsEntry("tiers", Map.of("local", 0, "clusterset", 0))
                .containsKey("error");
    }

    @Test
    void withNothingToPickAPersonGetsOneLine() {
        Ran ran = clusters.discovery("pick", "nothing.shop").endsWith(1);

        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("nothing.shop: no such service (").hasLineCount(1);
    }
}
