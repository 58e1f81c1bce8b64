package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.clusterset.discovery.Service;
import io.clusterset.discovery.model.Endpoint;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Locality;
import io.clusterset.discovery.model.Resolution;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the page is told of services, in words that it can count with. */
class DocumentsTest {

    private final World world = new World();

    private Map<String, Object> overview(String service) {
        return Told.of(world.page.overview()).part("service:" + service);
    }

    private Told orders() {
        return Told.of(world.page.service("orders.shop"));
    }

    private List<Map<String, Object>> moments(String kind) {
        return orders().set().keySet().stream()
                .filter(name -> name.startsWith("moment:"))
                .map(name -> orders().part(name))
                .filter(moment -> kind.equals(moment.get("kind")))
                .toList();
    }

    @Test
    void aServiceAtHomeIsWell() {
        try (world) {
            world.warm();

            assertThat(overview("orders.shop"))
                    .containsEntry("home", "local")
                    .containsEntry("serves", "local")
                    .containsEntry("rank", 5)
                    .containsEntry("why", "2 of 2 healthy")
                    .containsEntry("awayMillis", 0)
                    .doesNotContainKeys("trouble", "away", "awayFrom");
            assertThat(Told.list(overview("orders.shop"), "tiers"))
                    .containsExactly(
                            Map.of("tier", "local", "load", 100, "known", 2, "healthy", 2, "ejected", 0),
                            Map.of("tier", "clusterset", "load", 0, "known", 1, "healthy", 1, "ejected", 0));
            assertThat(Told.of(world.page.overview()).part("about")).isEmpty();
        }
    }

    @Test
    void aServiceAwayFromHomeSaysSinceWhenAndWhy() {
        try (world) {
            Service orders = world.warm();
            world.outage(orders);
            long now = world.time.nanos() / 1_000_000;

            Map<String, Object> away = overview("orders.shop");
            assertThat(away)
                    .containsEntry("serves", "clusterset")
                    .containsEntry("trouble", "away")
                    .containsEntry("rank", 2)
                    .containsEntry("away", true)
                    .containsEntry("why", "0 of 2 healthy (connection refused)")
                    .containsEntry("failovers", 1);
            assertThat((Integer) Objects.requireNonNull(away.get("awayFrom"))).isBetween((int) now - 2_000, (int) now);
            world.pass(700);
            assertThat(overview("orders.shop"))
                    .as("a time that runs is told by its beginning, which stays")
                    .containsEntry("awayFrom", away.get("awayFrom"));
        }
    }

    @Test
    void aServiceThatNobodyServesIsTheFirstToLookAt() {
        try (world) {
            world.local.says(new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE));
            world.clusterset.says(new Resolution.NoSuchName(Duration.ofSeconds(5), Evidence.NONE));
            world.orders();
            world.pass(3_000);

            assertThat(overview("orders.shop"))
                    .containsEntry("rank", 0)
                    .containsEntry("trouble", "nobody-serves")
                    .containsEntry("why", "no endpoint (no such name)")
                    .doesNotContainKey("serves");
        }
    }

    @Test
    void aSourceThatCantTellSaysSinceWhen() {
        try (world) {
            Service orders = world.warm();
            Evidence silent = new Evidence(List.of(), "10.96.0.10", "SERVFAIL", "SERVFAIL from 10.96.0.10", List.of());
            world.pass(4_000);
            world.local.says(new Resolution.Unknown(world.local.endpoints(), Duration.ofSeconds(1), silent));
            world.calls(orders);

            assertThat(overview("orders.shop")).containsEntry("trouble", "source-is-silent");
            assertThat(Told.list(overview("orders.shop"), "tiers").get(0)).containsKey("staleFrom");
            assertThat(orders().part("tier:local"))
                    .containsEntry("outcome", "unknown")
                    .containsEntry("rcode", "SERVFAIL")
                    .containsKey("staleFrom");
        }
    }

    @Test
    void aServiceHasItsTiersItsEndpointsAndWhatHappened() {
        try (world) {
            Service orders = world.warm();
            world.outage(orders);

            assertThat(orders().whole()).isTrue();
            assertThat(orders().part("service"))
                    .containsEntry("name", "orders.shop")
                    .containsEntry("tiers", List.of("local", "clusterset"));
            assertThat(orders().part("tier:local"))
                    .containsEntry("load", 0)
                    .containsEntry("reason", "0 of 2 healthy (connection refused)")
                    .containsEntry("outcome", "found");
            assertThat(orders().part("endpoint:local 10.0.0.1:80"))
                    .isEqualTo(Map.of(
                            "tier", "local",
                            "address", "10.0.0.1:80",
                            "verdict", "unhealthy",
                            "reason", "connection refused",
                            "use", "left out",
                            "share", 0));
            assertThat(orders().part("endpoint:clusterset 10.1.0.1:80"))
                    .containsEntry("share", 100)
                    .containsEntry("verdict", "healthy");
            assertThat(moments("load").get(moments("load").size() - 1))
                    .containsEntry(
                            "text",
                            "orders.shop: load local 0 % clusterset 100 % (local: 0 of 2 healthy (connection refused))");
        }
    }

    /** The clock that runs is told by both its ends, so that a page can count it down. */
    @Test
    void aReturnHasItsClock() {
        try (world) {
            Service orders = world.warm();
            world.outage(orders);
            world.down.clear();
            for (int i = 0; i < 30 && !orders().part("tier:local").containsKey("returning"); i++) {
                world.calls(orders);
            }
            Map<String, Object> dwell = Told.map(orders().part("tier:local"), "returning");
            assertThat(dwell).containsEntry("step", 0).containsEntry("then", 5);
            int due = (Integer) Objects.requireNonNull(dwell.get("due"));
            world.pass(due - world.time.nanos() / 1_000_000 - 100);
            assertThat(orders().part("tier:local")).containsEntry("load", 0);
            world.calls(orders);

            assertThat(orders().part("tier:local")).containsEntry("load", 5);
            assertThat(Told.map(orders().part("tier:local"), "returning"))
                    .containsEntry("step", 5)
                    .containsEntry("then", 25);
        }
    }

    /** Of an hour with more events than are kept, the moves of load are known all the same. */
    @Test
    void movesOfLoadOutliveTheEventsOfABusyHour() {
        try (world) {
            Service orders = world.warm();
            world.outage(orders);
            int before = moments("load").size();
            for (int i = 0; i < 300; i++) {
                world.clusterset.says(
                        World.found(Stream.of("10.1.0." + (1 + i % 2) + ":80").map(Endpoint::parse)));
                world.pass(200);
            }

            assertThat(moments("load").stream().map(moment -> moment.get("text")))
                    .hasSizeGreaterThanOrEqualTo(before - 1)
                    .contains(
                            "orders.shop: load local 0 % clusterset 100 % (local: 0 of 2 healthy (connection refused))");
            assertThat(moments("answer")).hasSizeLessThan(121);
        }
    }

    @Test
    void theLoadOfThePastIsToldInSpans() {
        try (world) {
            Service orders = world.warm();
            world.outage(orders);

            List<Map<String, Object>> spans = Told.list(orders().set(), "history");
            assertThat(Told.map(spans.get(0), "loads")).containsEntry("local", 100);
            assertThat(Told.map(spans.get(spans.size() - 1), "loads")).containsEntry("clusterset", 100);
            assertThat(spans)
                    .isSortedAccordingTo(
                            (one, other) -> Integer.compare((Integer) Objects.requireNonNull(one.get("from")), (Integer)
                                    Objects.requireNonNull(other.get("from"))));
        }
    }

    @Test
    void anExplanationIsTheServicesOwn() {
        try (world) {
            Service orders = world.warm();
            assertThat(world.page.explanation("orders.shop"))
                    .isEqualTo(orders.explain().toString());
            world.outage(orders);
            Map<String, Object> left = moments("load").get(moments("load").size() - 1);
            long at = (Integer) Objects.requireNonNull(left.get("at"));
            world.pass(5_000);

            long ago = world.time.nanos() / 1_000_000 - at;
            assertThat(world.page.explanation("orders.shop", at))
                    .isEqualTo(orders.explainPast(Duration.ofMillis(ago)).toString())
                    .contains("local 0 %, clusterset 100 %");
            assertThat(world.page.explanation("orders.shop", at - 1_500))
                    .as("before it moved")
                    .contains("local 100 %, clusterset 0 %");
            assertThat(world.page.explanation("orders.shop", at + 1_000_000))
                    .as("the future is now")
                    .isEqualTo(orders.explain().toString());
        }
    }

    @Test
    void looksNeitherBeginToUseAServiceNorKeepOneInUse() {
        try (world) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> world.page.service("orders.shop"))
                    .withMessage("service: 'orders.shop' is not in use (expected: one of those in state)");
            assertThatIllegalArgumentException().isThrownBy(() -> world.page.explanation("orders.shop"));
            assertThat(world.discovery.figures().services()).isEmpty();

            world.warm();
            for (int minute = 0; minute < 21; minute++) {
                assertThat(world.page.overview()).contains("orders.shop");
                if (world.discovery.sight("orders.shop").isPresent()) {
                    assertThat(world.page.service("orders.shop")).contains("10.0.0.1:80");
                }
                world.pass(minute == 20 ? 0 : 60_000);
                if (world.discovery.figures().services().isEmpty()) {
                    return;
                }
            }
            assertThat(world.discovery.figures().services()).isEmpty();
        }
    }

    @Test
    void aLibraryThatIsSwitchedOffOrClosedSaysSo() {
        try (world) {
            world.warm();
            world.discovery.enabled(false);
            assertThat(Told.of(world.page.overview()).part("about")).containsEntry("off", true);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> world.page.service("orders.shop"))
                    .withMessageContaining("switched off");
        }
        world.pass(100);
        assertThat(Told.of(world.page.overview()).part("about")).containsEntry("closed", true);
    }

    /** One that the overview could not find again would cost all the others their place. */
    @Test
    void aServiceIsFoundByWhateverNameItWasAskedFor() {
        try (World world = new World()) {
            List<String> names = List.of(
                    "orders",
                    "orders.shop:http",
                    "_dns._udp.orders.shop",
                    "stock.shop.svc.cluster.local",
                    "stock.shop.svc.clusterset.local",
                    "stock.shop.svc.cluster.local.",
                    "pod-1.stock.shop.svc.cluster.local",
                    "kubernetes.default");
            names.forEach(name ->
                    assertThat(world.discovery.service(name).endpoints()).isNotEmpty());
            world.pass(1_000);

            Told overview = Told.of(world.page.overview());
            assertThat(overview.set()).hasSizeBetween(names.size() - 1, names.size() + 1);
            for (String part : overview.set().keySet()) {
                if (part.startsWith("service:")) {
                    String name = part.substring("service:".length());
                    assertThat(Told.of(world.page.service(name)).part("service"))
                            .containsEntry("name", name);
                }
            }
        }
    }

    /** There are a thousand ways to write a name, and a document of ten thousand endpoints takes megabytes. */
    @Test
    void howeverItsNameIsWrittenAServiceIsRememberedOnce() {
        try (world) {
            world.warm();
            for (String name : List.of("orders.shop", "Orders.shop", "oRders.shop.svc", "orders", "ORDERS.SHOP")) {
                assertThat(Told.of(world.page.service(name)).part("service")).containsEntry("name", "orders.shop");
                assertThat(world.page.explanation(name)).startsWith("orders.shop:");
                assertThat(world.page.explanation(name, 1)).startsWith("orders.shop:");
            }
            assertThat(world.page.lookout().remembered())
                    .as("a document and two texts")
                    .isEqualTo(3);
        }
    }

    /** What comes from outside may be anything: in a document it means nothing. */
    @Test
    void hostileNamesAreInert() {
        String hostile = "</script><img src=x onerror=alert(1)>\u2028\"'&\\\u0000";
        try (world) {
            world.local.says(World.found(Stream.of(
                    Endpoint.parse("10.0.0.1:80").withCluster(hostile),
                    Endpoint.parse("10.0.0.2:80").withLocality(new Locality(hostile, hostile, hostile)))));
            world.warm();

            String json = world.page.service("orders.shop");
            assertThat(json).doesNotContain("<", ">", "&", "'", "\u2028", "\n").isPrintable();
            assertThat(orders().part("endpoint:local 10.0.0.1:80")).containsEntry("cluster", hostile);
            assertThat(orders().part("endpoint:local 10.0.0.2:80"))
                    .as("known as it is")
                    .containsEntry("zone", hostile)
                    .containsEntry("region", hostile)
                    .containsEntry("node", hostile);
        }
    }
}
