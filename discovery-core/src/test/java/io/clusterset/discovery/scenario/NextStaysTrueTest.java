package io.clusterset.discovery.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Service;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What explain says will happen is still to come, however long nothing else has happened. */
class NextStaysTrueTest {

    private static final Pattern SEEN = Pattern.compile("next, seen from ([0-9]+) s ago|next, seen from ([0-9.]+) s");
    private static final Pattern PROBE = Pattern.compile("probe of 10\\.0\\.0\\.1:80 in ([0-9]+) s");

    @Test
    void aProbeThatFailsAgainIsFollowedByTheNextOne() {
        try (World world = new World()) {
            world.local.says(World.found("10.0.0.1:80").freshFor(Duration.ofSeconds(60)));
            world.clusterset.says(World.found("10.1.0.1:80").freshFor(Duration.ofSeconds(60)));
            Service orders = world.orders();
            world.pass(1_000);
            world.kill("10.0.0.1:80");
            for (int i = 0; i < 10; i++) {
                world.call(orders);
                world.pass(50);
            }
            for (int i = 0; i < 450; i++) {
                world.call(orders);
                world.pass(100);
                String text = orders.explain().toString();
                Matcher probe = PROBE.matcher(text);
                Matcher seen = SEEN.matcher(text);
                if (probe.find() && seen.find()) {
                    String ago = seen.group(1) == null ? seen.group(2) : seen.group(1);
                    assertThat(Double.parseDouble(ago))
                            .as(text)
                            .isLessThanOrEqualTo(Double.parseDouble(probe.group(1)) + 2);
                }
            }
        }
    }
}
