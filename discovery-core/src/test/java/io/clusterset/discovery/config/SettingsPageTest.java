package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.model.Provenance;
import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page has every setting, once, and no other, with the default that holds; its tiers are read by the code. */
class SettingsPageTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(discovery\\.[^`]+)` \\| (.*) \\| (.*) \\|$");

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/settings.md"));
    }

    /** What stands in each row behind the key. */
    private static Map<String, List<String>> rows() throws IOException {
        Map<String, List<String>> rows = new LinkedHashMap<>();
        ROW.matcher(page()).results().forEach(row -> {
            assertThat(rows.put(row.group(1), List.of(row.group(2), row.group(3))))
                    .isNull();
        });
        return rows;
    }

    private static List<String> code(String cell) {
        return Pattern.compile("`([^`]+)`")
                .matcher(cell)
                .results()
                .map(word -> word.group(1))
                .toList();
    }

    private static Map<String, String> defaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        try (Discovery discovery = Discovery.builder()
                .settings(Settings.none())
                .surroundings(new Surroundings(Optional.empty(), Optional.empty(), List.of()))
                .build()) {
            for (Provenance one : discovery.settings()) {
                defaults.put(one.key(), one.value());
            }
        }
        return defaults;
    }

    @Test
    void everySettingHasARow() throws IOException {
        assertThat(rows().keySet())
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of(Setting.values()).map(Setting::property),
                                Stream.of(ServiceSetting.values()).map(setting -> setting.property("orders.shop")))
                        .toList());
    }

    /** The last of a cell's values is what holds where nothing is found; without any, nothing holds unless somebody says so. */
    @Test
    void everyDefaultIsTheOneThatHolds() throws IOException {
        Map<String, List<String>> rows = rows();
        Map<String, String> defaults = defaults();
        List<String> wrong = new ArrayList<>();
        for (Setting setting : Setting.values()) {
            String cell = rows.getOrDefault(setting.property(), List.of("", "")).get(1);
            List<String> words = code(cell);
            String byDefault = defaults.getOrDefault(setting.property(), "");
            boolean said;
            if (setting == Setting.TIERS) {
                said = words.equals(Settings.parseList(byDefault, ';', Tier::parse).stream()
                        .map(Tier::name)
                        .toList());
            } else if (byDefault.isEmpty()) {
                said = cell.matches(
                                "none|unknown.*|all of them|another one each time|resolv.conf's|.*(else unknown|refused)")
                        || setting == Setting.TOPOLOGY_POLICY; // it depends on what owners of services prefer
            } else {
                said = !words.isEmpty() && words.get(words.size() - 1).equals(byDefault);
            }
            if (!said) {
                wrong.add(setting.property() + ": page '" + cell + "', code '" + byDefault + "'");
            }
        }
        assertThat(wrong).isEmpty();
    }

    @Test
    void whatTakesARestartSaysSo() throws IOException {
        Map<String, Optional<String>> fixed = new LinkedHashMap<>();
        Stream.of(Setting.values()).forEach(setting -> fixed.put(setting.property(), setting.fixed()));
        Stream.of(ServiceSetting.values())
                .forEach(setting -> fixed.put(setting.property("orders.shop"), setting.fixed()));
        Map<String, List<String>> rows = rows();
        fixed.forEach((key, why) -> assertThat(
                        rows.getOrDefault(key, List.of("")).get(0).endsWith(". *Restart*"))
                .as(key)
                .isEqualTo(why.isPresent()));
        Set<String> reasons = new LinkedHashSet<>();
        fixed.values().forEach(why -> why.ifPresent(reasons::add));
        String page = page();
        assertThat(reasons).isNotEmpty().allSatisfy(why -> assertThat(page).contains(": " + why + "\n"));
    }

    @Test
    void itsTiersAreTiers() throws IOException {
        String block = page().replaceAll("(?s)^.*```\n(.*)```.*$", "$1");
        List<Tier> tiers = block.lines().map(Tier::parse).toList();
        assertThat(tiers).hasSize(5);
        assertThat(new Naming(tiers, Optional.empty()).tiers()).isEqualTo(tiers);
    }
}
