package io.clusterset.browser;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** axe-core: what rules of accessibility a page breaks. It is evaluated by the browser, past the page's policy. */
final class Axe {

    private static final Set<String> GRAVE = Set.of("serious", "critical");
    private static final String SCRIPT = script();

    private Axe() {}

    /** What is serious or critical, with the elements it was found in. */
    static List<String> grave(Tab tab) {
        tab.evaluate(SCRIPT + "; true");
        return tab
                .evaluate(
                        "axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations.map((rule) =>"
                                + " ({rule: rule.id, impact: rule.impact, where: rule.nodes.map((n) => n.target.join(' ')"
                                + " + ': ' + n.failureSummary)})))")
                .list()
                .stream()
                .filter(found -> GRAVE.contains(found.at("impact").text()))
                .map(found -> found.at("impact") + " " + found.at("rule") + " at " + found.at("where"))
                .toList();
    }

    private static String script() {
        try (InputStream in = Objects.requireNonNull(Axe.class.getResourceAsStream("/axe.min.js"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
