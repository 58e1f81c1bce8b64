package io.clusterset.discovery.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    @Test
    void aScriptIsReadAsItIsWritten() {
        for (Scenario scenario : Scenarios.all()) {
            assertThat(Scenario.parse(scenario.name(), scenario.text().lines().toList()))
                    .as(scenario.name())
                    .isEqualTo(new Scenario(scenario.name(), "", scenario.setting(), scenario.script()));
        }
        for (int seed = 0; seed < 20; seed++) {
            Scenario chaos = Chaos.of(seed, 36_000);
            assertThat(Scenario.parse(chaos.name(), chaos.text().lines().toList())
                            .text())
                    .isEqualTo(chaos.text());
        }
    }

    @Test
    void theCatalogueHasAName_AWordAndAChangeForEach() {
        assertThat(Scenarios.all()).hasSizeGreaterThanOrEqualTo(25).doesNotHaveDuplicates();
        assertThat(Scenarios.all()).extracting(Scenario::name).doesNotHaveDuplicates();
        assertThat(Scenarios.all()).allSatisfy(scenario -> {
            assertThat(scenario.name()).matches("[a-z0-9-]+");
            assertThat(scenario.shows()).endsWith(".");
            assertThat(scenario.script()).isNotEmpty();
            assertThat(scenario.mended()).isGreaterThanOrEqualTo(scenario.broken());
        });
    }

    @Test
    void whatIsNoScriptIsRefusedByName() {
        assertThatThrownBy(() -> Happening.parse("60 home refuse"))
                .hasMessage(
                        "happening: 60 home refuse (expected: such as 60.0 home refuse, 75.5 home/2 fail 50 or 9.0 away.dns"
                                + " silence)");
        assertThatThrownBy(() -> Happening.parse("60.0 home explode"))
                .hasMessage(
                        "happening: 60.0 home explode (expected: one of heal, refuse, silence, fail, slow, leave, scale,"
                                + " deploy, empty, forget, restart)");
        assertThatThrownBy(() -> Setting.parse("client=3"))
                .hasMessage(
                        "setting: client (expected: clients, rate, form, feed, home, away, home-workers, away-workers,"
                                + " zones, overlap, max-load or seconds)");
        assertThatThrownBy(() -> Setting.parse("clients=none"))
                .hasMessage("setting: clients=none (expected: a number)");
        assertThatThrownBy(() -> Setting.parse("clients"))
                .hasMessage("setting: clients (expected: such as clients=20)");
        assertThatThrownBy(() -> Scenario.parse("empty.txt", List.of("# nothing", "")))
                .hasMessage("empty.txt: nothing (expected: a line such as seconds=300, and happenings)");
    }
}
