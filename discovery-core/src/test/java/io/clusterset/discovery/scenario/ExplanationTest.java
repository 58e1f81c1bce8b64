package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import org.junit.jupiter.api.Test;

/** Law 15: what a person reads at three in the morning. */
class ExplanationTest {

    @Test
    void aDeadHomeIsToldAsAStory() {
        try (World world = new World()) {
            world.local.says(World.found("10.0.0.1:80", "10.0.0.2:80"));
            world.clusterset.says(World.found("10.0.0.1:80", "10.1.0.1:80"));
            Service orders = world.orders();
            world.pass(1_000);
            world.kill("10.0.0.1:80", "10.0.0.2:80");
            for (int i = 0; i < 10; i++) {
                world.call(orders);
                world.pass(5);
            }
            assertThat(orders.explain().toString().lines())
                    .containsSubsequence(
                            "orders.shop: local 0 %, clusterset 100 %",
                            "  local          0 %  0 of 2 healthy (connection refused)",
                            "    answer    found, asked again within 3 s",
                            "    endpoint  10.0.0.1:80              0.0 %  unhealthy: connection refused",
                            "    endpoint  10.0.0.2:80              0.0 %  unhealthy: connection refused",
                            "  clusterset   100 %  1 of 1 healthy",
                            "    endpoint  10.1.0.1:80            100.0 %  healthy",
                            "    left out  10.0.0.1:80: belongs to tier local",
                            "  next",
                            "  recently")
                    .anyMatch(line -> line.matches("    probe of 10\\.0\\.0\\.1:80 in \\d+ m?s"));
        }
    }

    @Test
    void theReturnSaysWhatItWaitsForAndWhatComesNext() {
        try (World world = new World()) {
            world.local.says(World.empty());
            world.clusterset.says(World.found("10.1.0.1:80"));
            Service orders = world.orders();
            world.pass(1_000);
            world.local.says(World.found("10.0.0.1:80"));
            world.pass(1_000);
            String dwelling = orders.explain().toString();
            assertThat(dwelling).contains("dwell of").contains("local: next step of the return in at most");
            world.pass(36_000);
            assertThat(orders.explain().toString()).contains("returning: step 5 %");
            assertThat(orders.explain().recent()).anyMatch(line -> line.contains("load local 5 % clusterset 95 %"));
        }
    }

    @Test
    void anUnknownAnswerAndAnEmptyServiceAreToldApart() {
        try (World world = new World()) {
            world.local.says(World.servfail());
            world.clusterset.says(World.noSuchName());
            String text = world.orders().explain().toString();
            assertThat(text)
                    .startsWith("orders.shop: no endpoint in any tier")
                    .contains("answer    unknown (SERVFAIL): SERVFAIL from 10.96.0.10")
                    .contains("answer    no such name");
        }
    }
}
