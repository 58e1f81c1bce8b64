package io.clusterset.discovery.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.source.Naming;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page has every setting, once, and no other; its tiers are read by the code. */
class SettingsPageTest {

    private static String page() throws IOException {
        return Files.readString(Path.of("../docs/settings.md"));
    }

    @Test
    void everySettingHasARow() throws IOException {
        List<String> rows = Pattern.compile("(?m)^\\| `(discovery\\.[^`]+)` \\|")
                .matcher(page())
                .results()
                .map(row -> row.group(1))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Stream.concat(
                                Stream.of(Setting.values()).map(Setting::property),
                                Stream.of(ServiceSetting.values()).map(setting -> setting.property("orders.shop")))
                        .toList());
    }

    @Test
    void itsTiersAreTiers() throws IOException {
        String block = page().replaceAll("(?s)^.*```\n(.*)```.*$", "$1");
        List<Tier> tiers = block.lines().map(Tier::parse).toList();
        assertThat(tiers).hasSize(5);
        assertThat(new Naming(tiers, Optional.empty()).tiers()).isEqualTo(tiers);
    }
}
