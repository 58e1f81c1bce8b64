package io.clusterset.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.Discovery;
import io.clusterset.discovery.config.Settings;
import io.clusterset.discovery.health.Probing;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.page.DiscoveryPage;
import io.clusterset.discovery.page.PageServer;
import io.clusterset.discovery.source.StaticSource;
import io.clusterset.discovery.source.Tier;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What opens when an endpoint is clicked is about that endpoint. */
class ExplanationIT {

    private static final List<String> ALIKE = List.of("10.0.0.1:80", "10.0.0.1:8080", "110.0.0.1:80");

    @Test
    void theLinesOfTheEndpointAreMarkedAndThoseOfOneThatLooksAlikeAreNot() throws IOException {
        try (Discovery discovery = Discovery.builder()
                        .settings(Settings.none())
                        .tier(Tier.of("local", "cluster.local"), StaticSource.of(endpoints()))
                        .health(h -> h.probing(Probing.OFF))
                        .build();
                PageServer server =
                        DiscoveryPage.of(discovery).serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
                Tab tab = Chromium.shared().tab()) {
            assertThat(discovery.service("orders.shop").endpoints()).hasSize(103);
            tab.open(server.uri() + "#/service/orders.shop");
            tab.awaitText("it is live", Tab.PATIENCE, text -> text.contains("103 endpoints"));

            String marked = opened(tab, "10.0.0.1:80, ", text -> text.contains("orders.shop: local 100 %"));
            assertThat(marked).contains("10.0.0.1:80 ").doesNotContain("8080", "110.0.0.1");
            opened(tab, "10.9.0.100:80, ", text -> text.contains("this is none of them"));
        }
    }

    /** The text names twenty. */
    private static List<Endpoint> endpoints() {
        return Stream.concat(ALIKE.stream(), IntStream.rangeClosed(1, 100).mapToObj(i -> "10.9.0." + i + ":80"))
                .map(Endpoint::parse)
                .toList();
    }

    /** What is marked. */
    private static String opened(Tab tab, String endpoint, Predicate<String> such) {
        tab.click(tab.all("button").stream()
                .filter(button -> button.name().startsWith(endpoint))
                .findFirst()
                .orElseThrow());
        tab.awaitText("it is explained", Tab.PATIENCE, such);
        String marked = tab.evaluate("[...document.querySelectorAll('mark')].map(line => line.textContent).join()")
                .text();
        tab.press("Escape");
        Await.until("it is closed", Tab.PATIENCE, () -> tab.all("dialog").isEmpty());
        return marked;
    }
}
