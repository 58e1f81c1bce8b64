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

    /** Figures of a return count from here: DNS that heals later, or pods that are scaled up, must not hide a wave. */
    @Test
    void homeIsMendedWhenItsPodsAre() {
        assertThat(Scenarios.named("dns-and-home").orElseThrow().mended()).isEqualTo(180_000);
        assertThat(Scenarios.named("dns-dead").orElseThrow().mended()).isEqualTo(180_000);
        assertThat(Scenarios.named("vip-no-pods").orElseThrow().mended()).isEqualTo(150_000);
        assertThat(Scenarios.named("scale-10-1-10").orElseThrow().mended()).isEqualTo(150_000);
        assertThat(Scenarios.named("scale-from-zero").orElseThrow().mended()).isEqualTo(60_000);
        assertThat(Scenarios.named("opposite-flapping").orElseThrow().mended()).isEqualTo(280_000);
        assertThat(Scenarios.named("deploy-dns").orElseThrow().isMended()).isFalse();
        assertThat(Scenarios.named("zone-evacuated").orElseThrow().isMended()).isFalse();
    }

    @Test
    void whatMakesNoSenseIsRefusedByName() {
        assertRefused("clients=0", "setting: clients=0 (expected: 1 to 100000)");
        assertRefused("rate=-1", "setting: rate=-1 (expected: 1 to 100000)");
        assertRefused("home=-1", "setting: home=-1 (expected: 0 to 10000)");
        assertRefused("zones=27", "setting: zones=27 (expected: 1 to 26)");
        assertRefused("max-load=101", "setting: max-load=101 (expected: 1 to 100)");
        assertRefused("seconds=0", "setting: seconds=0 (expected: 1 to 1000000)");
        assertRefused("form=pods", "setting: form=pods (expected: headless, vip)");
        assertRefused("feed=x", "setting: feed=x (expected: dns, api)");
        assertRefused("overlap=maybe", "setting: overlap=maybe (expected: true or false)");
        assertThatThrownBy(() -> Happening.parse("60.0 home empty"))
                .hasMessage("happening: 60.0 home empty (expected: of dns)");
        assertThatThrownBy(() -> Happening.parse("60.0 home.dns scale 3"))
                .hasMessage("happening: 60.0 home.dns scale 3 (expected: of pods)");
        assertThatThrownBy(() -> Happening.parse("60.0 home.api silence"))
                .hasMessage("happening: 60.0 home.api silence (expected: fail or heal)");
        assertThatThrownBy(() -> Happening.parse("60.0 home slow"))
                .hasMessage("happening: 60.0 home slow (expected: an amount)");
        assertThatThrownBy(() -> Happening.parse("60.0 home fail 101"))
                .hasMessage("happening: 60.0 home fail 101 (expected: at most 100 percent)");
    }

    private static void assertRefused(String setting, String message) {
        assertThatThrownBy(() -> Setting.parse(setting)).hasMessage(message);
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
                        "setting: client (expected: one of clients, rate, form, feed, home, away, home-workers, away-workers,"
                                + " zones, overlap, max-load, seconds)");
        assertThatThrownBy(() -> Setting.parse("clients=none"))
                .hasMessage("setting: clients=none (expected: a number)");
        assertThatThrownBy(() -> Setting.parse("clients"))
                .hasMessage("setting: clients (expected: such as clients=20)");
        assertThatThrownBy(() -> Scenario.parse("empty.txt", List.of("# nothing", "")))
                .hasMessage("empty.txt: nothing (expected: a line such as seconds=300, and happenings)");
    }
}
