package io.clusterset.discovery;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.clusterset.discovery.config.ServiceSetting;
import io.clusterset.discovery.config.Setting;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.config.SettingsOfOctets;
import io.clusterset.discovery.config.Surroundings;
import io.clusterset.discovery.model.Provenance;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Any file at all is a plan, or a refusal that names the file; and what a plan shows of itself is the same plan when it is
 * written into a file. What begins with an exclamation mark is taken for lines of which the first octet is a key.
 */
class ConfigFuzzTest {

    private static final String ORIGIN = "fuzz.properties";

    private static final List<String> KEYS = Stream.of(
                    Stream.of(Setting.values()).map(Setting::property),
                    Stream.of(ServiceSetting.values()).map(setting -> setting.property("orders.shop")),
                    Stream.of(ServiceSetting.values()).map(setting -> setting.property("orders")))
            .flatMap(keys -> keys)
            .toList();

    private static final Planner PLANNER = new Planner(
            new Said(
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Set.of(),
                    Map.of(),
                    Optional.empty(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity(),
                    UnaryOperator.identity()),
            new Surroundings(Optional.of("shop"), Optional.empty(), List.of()),
            "somebody");

    @FuzzTest
    void anyFileIsAPlanOrARefusalThatNamesIt(byte[] octets) {
        Plan plan;
        try {
            plan = PLANNER.plan(octets.length > 0 && octets[0] == '!' ? known(octets) : file(octets));
        } catch (IllegalArgumentException refused) {
            String text = String.valueOf(refused.getMessage());
            must(text.contains(ORIGIN), "where it came from is not said: " + text);
            isPrintable(text);
            return;
        }
        List<Provenance> shown = new ArrayList<>(plan.provenance());
        plan.ofServices().values().forEach(shown::addAll);
        List<String> lines = values(shown);
        lines.forEach(ConfigFuzzTest::isPrintable);
        Plan again = PLANNER.plan(file(String.join("\n", lines).getBytes(StandardCharsets.UTF_8)));
        List<Provenance> shownAgain = new ArrayList<>(again.provenance());
        again.ofServices().values().forEach(shownAgain::addAll);
        must(values(shownAgain).equals(lines), "not the same again: " + lines + " and " + values(shownAgain));
    }

    /** All but the file's name, which stands in no file. */
    private static List<String> values(List<Provenance> shown) {
        return shown.stream()
                .filter(one -> !one.key().equals(Setting.CONFIG.property()))
                .map(one -> one.key() + "=" + one.value())
                .sorted()
                .toList();
    }

    private static Settings file(byte[] octets) {
        return SettingsOfOctets.read(octets, ORIGIN);
    }

    private static Settings known(byte[] octets) {
        Map<String, String> properties = new TreeMap<>();
        String text = new String(octets, 1, octets.length - 1, StandardCharsets.UTF_8);
        text.lines()
                .filter(line -> !line.isEmpty())
                .forEach(line -> properties.put(KEYS.get(line.charAt(0) % KEYS.size()), line.substring(1)));
        return Settings.none().withProperties(properties, ORIGIN);
    }

    private static void isPrintable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            must((c >= ' ' && c < 127) || c == '\u2026', "what a log must not hold: " + text);
        }
    }

    private static void must(boolean held, String otherwise) {
        if (!held) {
            throw new AssertionError(otherwise);
        }
    }
}
