package io.clusterset.discovery.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Makes a script that fails as short as it can be while it fails: halves are left out, then quarters, then single happenings. */
final class Shrinker {

    private Shrinker() {}

    static Scenario shrink(Scenario failing, Predicate<Scenario> fails) {
        Scenario shortest = shorter(failing, fails);
        int parts = 2;
        while (shortest.script().size() > 1) {
            Scenario before = shortest;
            shortest = without(shortest, parts, fails);
            if (shortest.script().size() < before.script().size()) {
                parts = Math.max(2, parts - 1);
            } else if (parts >= before.script().size()) {
                break;
            } else {
                parts = Math.min(before.script().size(), 2 * parts);
            }
        }
        return shorter(shortest, fails);
    }

    private static Scenario without(Scenario failing, int parts, Predicate<Scenario> fails) {
        List<Happening> all = failing.script();
        for (int part = 0; part < parts; part++) {
            int from = all.size() * part / parts;
            int until = all.size() * (part + 1) / parts;
            List<Happening> rest = new ArrayList<>(all.subList(0, from));
            rest.addAll(all.subList(until, all.size()));
            Scenario candidate = failing.with(rest);
            if (rest.size() < all.size() && fails.test(candidate)) {
                return candidate;
            }
        }
        return failing;
    }

    /** Half as long, as long as that fails, too. */
    private static Scenario shorter(Scenario failing, Predicate<Scenario> fails) {
        Scenario shortest = failing;
        while (shortest.setting().seconds() > 60) {
            int seconds = shortest.setting().seconds() * 3 / 4;
            Scenario candidate = new Scenario(
                    shortest.name(),
                    shortest.shows(),
                    shortest.setting().with("seconds=" + seconds),
                    shortest.script().stream()
                            .filter(happening -> happening.at() < seconds * 1_000L)
                            .toList());
            if (!fails.test(candidate)) {
                return shortest;
            }
            shortest = candidate;
        }
        return shortest;
    }
}
