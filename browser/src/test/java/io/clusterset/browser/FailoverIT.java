package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A failover and a return, as the page shows them. */
class FailoverIT {

    /**
     * After the library has decided, which is all the page can know of. Wanted are 2 s from the kill on, which is printed; a machine that
     * has other work to do gets more, since the page looks less often where looking is dear.
     */
    private static final Duration SOON = Duration.ofSeconds(10);

    private static final Duration RETURN = Duration.ofSeconds(20);
    private static final Pattern DWELL = Pattern.compile("Dwell: ([0-9]+) s");
    private static final Pattern STEP = Pattern.compile("Step ([0-9]+) %");

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters = new TwoClusters().calling(ORDERS, "billing.shop");

    @AfterEach
    void close() {
        clusters.close();
    }

    @Test
    void homeDiesAndComesBack() {
        try (Tab overview = chromium.tab().size(1280, 900).open(clusters.uri());
                Tab service = chromium.tab().size(1280, 900).open(clusters.uri())) {
            homeServes(overview, service);
            int quiet = service.all("listitem").size();

            long killed = System.nanoTime();
            clusters.killHome();
            clusters.awaitServing("clusterset");
            long decided = System.nanoTime();
            awayIsSeen(overview, service);
            System.out.printf(
                    "home killed: the library decided after %d ms, both pages had shown it after %d ms (wanted: 2000)%n",
                    millis(decided - killed), millis(System.nanoTime() - killed));
            assertThat(service.all("listitem")).hasSizeGreaterThan(quiet);
            explained(service);

            clusters.restoreHome();
            returnIsSeen(overview, service);
            for (Tab tab : List.of(overview, service)) {
                assertThat(tab.complaints()).isEmpty();
                assertThat(tab.violations()).isEmpty();
                assertThat(tab.requests()).allMatch(clusters::isOurs);
            }
        }
    }

    /** Somebody who hears the page would miss the one that the other takes the place of. */
    @Test
    void switchesThatFollowEachOtherAreToldTogether() {
        try (Tab tab = chromium.tab().open(clusters.uri())) {
            tab.awaitText("all is well", Tab.PATIENCE, text -> text.contains("2 services in use, and all is well."));
            clusters.killAllOfHome();
            clusters.awaitServing("billing.shop", "clusterset");
            tab.awaitText("the second is told", SOON, text -> text.contains("; billing.shop: "));
            assertThat(switches(tab)).startsWith(ORDERS + ": ").contains("; billing.shop: ");
        }
    }

    /** Whoever comes by a link to a service is not told that nobody calls it. */
    @Test
    void switchedOffIsSaidOfAServiceToo() {
        clusters.awaitServing("local");
        clusters.discovery.enabled(false);
        try (Tab tab = chromium.tab().open(clusters.uri(ORDERS))) {
            tab.awaitText("it says so", Tab.PATIENCE, text -> text.contains("Switched off (discovery.enabled=false)"));
            assertThat(tab.text()).doesNotContain("Not in use");
        }
    }

    /** It has an endpoint, and nobody left home: home's reason is told as home's. */
    @Test
    void whoLivesElsewhereIsNotAway() {
        clusters.calling(TwoClusters.ELSEWHERE);
        clusters.awaitServing(TwoClusters.ELSEWHERE, "clusterset");
        try (Tab tab = chromium.tab().open(clusters.uri())) {
            tab.awaitText("all is well", Tab.PATIENCE, text -> text.contains("3 services in use, and all is well."));
            assertThat(tab.text())
                    .contains("local: no endpoint (no such name)", "never at home")
                    .containsOnlyOnce("never at home");
        }
    }

    private static long millis(long nanos) {
        return TimeUnit.NANOSECONDS.toMillis(nanos);
    }

    private static void homeServes(Tab overview, Tab service) {
        overview.awaitText("all is well", Tab.PATIENCE, text -> text.contains("2 services in use, and all is well."));
        assertThat(overview.text()).doesNotContain("Filter", "stale"); // there is nothing to filter, and nothing is
        assertThat(loads(overview)).containsExactly(bar(100), bar(100));
        assertThat(switches(overview)).isEmpty();
        service.click(service.all("link").stream()
                .filter(link -> link.name().equals(ORDERS))
                .findFirst()
                .orElseThrow());
        service.awaitText("the service's lanes", Tab.PATIENCE, text -> text.contains("100 % to local"));
        assertThat(service.all("heading")).extracting(Seen::name).contains(ORDERS, "local", "clusterset");
        assertThat(lane(service, "local")).contains("100 %", "home", "zone eu-west-a", "127.0.1.1:");
        assertThat(lane(service, "clusterset")).contains("0 %").doesNotContain("home");
        assertThat(endpoints(service, "127.0.1.")).hasSize(3).allMatch(name -> name.contains("healthy"));
        assertThat(service.text()).contains("100 % to local").doesNotContain("refused");
    }

    private static void awayIsSeen(Tab overview, Tab service) {
        service.awaitText("the service's page shows it", SOON, text -> text.contains("100 % to clusterset"));
        overview.awaitText(
                "the overview shows it", SOON, text -> text.contains("1 service needs a look; 2 are in use."));
        assertThat(service.text()).containsPattern("100 % to clusterset[.] Home.*refused");
        assertThat(lane(service, "local")).contains("0 %");
        assertThat(lane(service, "clusterset")).contains("100 %");
        Await.until(
                "all cells are unhealthy",
                Tab.PATIENCE,
                () -> endpoints(service, "127.0.1.").stream()
                        .allMatch(name -> name.contains("unhealthy: connection refused")));
        assertThat(loads(overview)).containsExactly(bar(0), bar(100)); // what needs a look comes first
        assertThat(overview.text()).contains("away from home; local: 0 of 3 healthy (connection refused)");
        for (Tab tab : List.of(overview, service)) {
            assertThat(switches(tab)).containsPattern("^" + ORDERS + ": .*[0-9]+ % clusterset, was local: .*refused");
        }
        assertThat(timeline(service)).anyMatch(line -> line.contains("local 0 %") && line.contains("refused"));
    }

    /** An event opens the explanation of its moment, an endpoint that of now. */
    private void explained(Tab service) {
        service.click(service.all("button").stream()
                .filter(button ->
                        button.name().contains("local 0 %") && button.name().contains("refused"))
                .findFirst()
                .orElseThrow());
        assertThat(dialog(service)).contains("as it was").contains(ORDERS + ":").contains("local 0 %");
        service.press("Escape");
        Await.until("it is closed", Tab.PATIENCE, () -> service.all("dialog").isEmpty());

        service.click(service.all("button").stream()
                .filter(button -> button.name().startsWith("127.0.1.1:"))
                .findFirst()
                .orElseThrow());
        String said = masked(clusters.page.explanation(ORDERS));
        assertThat(masked(dialog(service))).contains(said.lines().limit(3).toList());
        assertThat(dialog(service)).contains("127.0.1.1:", "connection refused");
        service.click(service.one("button", "Close"));
        Await.until("it is closed", Tab.PATIENCE, () -> service.all("dialog").isEmpty());
    }

    private static void returnIsSeen(Tab overview, Tab service) {
        List<Integer> dwells = new ArrayList<>();
        List<Integer> steps = new ArrayList<>();
        service.awaitText("home serves again", RETURN, text -> {
            note(DWELL.matcher(text), dwells);
            note(STEP.matcher(text), steps);
            return text.contains("100 % to local");
        });
        assertThat(dwells).as("seconds of the dwell that are left").hasSizeGreaterThan(1);
        assertThat(dwells).isSortedAccordingTo((a, b) -> b - a);
        assertThat(steps).as("steps").contains(5, 25, 50).isSorted();
        overview.awaitText("the overview shows it", SOON, text -> text.contains("all is well"));
        assertThat(loads(overview)).containsExactly(bar(100), bar(100));
        assertThat(overview.text()).contains("s in all)"); // was away for so long
        for (Tab tab : List.of(overview, service)) {
            assertThat(switches(tab)).contains("% local").contains("was clusterset");
        }
        assertThat(timeline(service))
                .anyMatch(line -> line.contains("local 5 %"))
                .anyMatch(line -> line.contains("local 100 %"));
    }

    private static void note(Matcher found, List<Integer> into) {
        if (found.find()) {
            int number = Integer.parseInt(found.group(1));
            if (into.isEmpty() || into.get(into.size() - 1) != number) {
                into.add(number);
            }
        }
    }

    private static String bar(int local) {
        return "Load: local " + local + " %, clusterset " + (100 - local) + " %";
    }

    private static List<String> loads(Tab tab) {
        return tab.all("image").stream()
                .map(Seen::name)
                .filter(name -> name.startsWith("Load"))
                .toList();
    }

    /** What the live region has told. */
    private static String switches(Tab tab) {
        return tab.all("status").stream().map(tab::text).findFirst().orElse("");
    }

    private static String lane(Tab tab, String tier) {
        return tab.text(tab.one("region", tier));
    }

    private static List<String> endpoints(Tab tab, String subnet) {
        return tab.all("button").stream()
                .map(Seen::name)
                .filter(name -> name.startsWith(subnet))
                .toList();
    }

    private static List<String> timeline(Tab tab) {
        return tab.text(tab.one("list", "Events, the latest first")).lines().toList();
    }

    private static String dialog(Tab tab) {
        Await.until(
                "the explanation is there",
                Tab.PATIENCE,
                () -> tab.all("dialog").stream()
                        .anyMatch(dialog -> tab.text(dialog).contains("tier")));
        return tab.text(tab.all("dialog").get(0));
    }

    private static String masked(String text) {
        return text.replaceAll("[0-9.]+", "#");
    }
}
