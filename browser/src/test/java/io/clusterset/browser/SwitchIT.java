package io.clusterset.browser;

import static io.clusterset.browser.TwoClusters.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The last switch says when it was: by the clock, which is what logs have, and how long ago. */
class SwitchIT {

    private static final Pattern WHEN = Pattern.compile("([0-9]+) s ago, ([0-9]{2}:[0-9]{2}:[0-9]{2})");
    private static final Duration UNSEEN = Duration.ofSeconds(4);

    private final Chromium chromium = Chromium.shared();
    private final TwoClusters clusters = new TwoClusters().calling(ORDERS);

    @AfterEach
    void close() {
        clusters.close();
    }

    private static String told(Tab tab) {
        return tab.all("status").stream().map(tab::text).findFirst().orElse("");
    }

    private static String when(Tab tab) {
        return tab.evaluate("document.getElementById('switch-at').innerText").text();
    }

    private static LocalTime now() {
        return LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Hidden until some time after it happened: what is told is when it was, and not when it was heard of. */
    @Test
    void homeWasLeftWhenItWasAndNotWhenThePageHeardOfIt() {
        clusters.awaitServing("local");
        try (Tab tab = chromium.tab().open(clusters.uri())) {
            tab.awaitText("all is well", Tab.PATIENCE, text -> text.contains("all is well"));
            assertThat(when(tab)).isEmpty();
            tab.hide(true);
            LocalTime before = now();
            clusters.killHome();
            clusters.awaitServing("clusterset");
            LocalTime after = now();
            long begun = System.nanoTime();
            Await.until("some time passes", Tab.PATIENCE, () -> System.nanoTime() - begun > UNSEEN.toNanos());
            tab.hide(false);
            Await.until("it is told", Tab.PATIENCE, () -> told(tab).contains("was local"));

            Matcher when = WHEN.matcher(when(tab));
            assertThat(when.matches()).as(when(tab)).isTrue();
            assertThat(Long.parseLong(when.group(1))).isGreaterThanOrEqualTo(UNSEEN.toSeconds() - 1);
            assertThat(LocalTime.parse(when.group(2))).isBetween(before.minusSeconds(1), after.plusSeconds(1));
            assertThat(tab.evaluate("document.getElementById('switch-at').title")
                            .text())
                    .as("by UTC, too")
                    .matches("[0-9-]{10} " + when.group(2) + " UTC[+-][0-9]{2}:[0-9]{2} = [0-9-]{10}T[0-9:]{8}Z");
            String told = told(tab);
            assertThat(told).as("a screen reader would hear each second of it").doesNotContain(" ago");
            String first = when(tab);
            Await.until("it goes on", Tab.PATIENCE, () -> !when(tab).equals(first));
            assertThat(told(tab)).isEqualTo(told);
            assertThat(when(tab)).endsWith(when.group(2));
        }
    }

    /** Ten in a moment: read aloud one by one, the last would be heard when it is long past. */
    @Test
    void whatIsReadAloudChangesEveryOtherSecondAtMost() {
        clusters.awaitServing("local");
        AtomicInteger documents = new AtomicInteger();
        UnaryOperator<String> turns = document -> documents.incrementAndGet() % 2 == 0
                ? document
                : document.replace("\"serves\":\"local\"", "\"serves\":\"clusterset\"");
        try (OwnServer server = new OwnServer(clusters.page, clusters.uri(), turns);
                Tab tab = chromium.tab()) {
            server.cut(true);
            tab.open(server.uri(""));
            tab.awaitText("it asks", Tab.PATIENCE, text -> text.contains("asking every second"));
            tab.evaluate("window.told = []; new MutationObserver(() => told.push(performance.now()))"
                    + ".observe(document.getElementById('switch'), { childList: true })");
            for (int i = 0; i < 10; i++) {
                double updates = tab.evaluate("pageTimes.length").number();
                tab.hide(true);
                tab.hide(false);
                Await.until(
                        "it has asked",
                        Tab.PATIENCE,
                        () -> tab.evaluate("pageTimes.length").number() > updates);
            }
            Await.until(
                    "it is told",
                    Tab.PATIENCE,
                    () -> tab.evaluate("told.length").number() > 2);

            assertThat(tab.evaluate("told.slice(1).map((at, i) => at - told[i])")
                            .list())
                    .allMatch(gap -> gap.number() > 1_900);
            assertThat(told(tab)).contains("; ").containsPattern("; and [0-9]+ more$");
        }
    }

    @Test
    void ofAReturnThatNobodySawItIsSaidAfterWhenItWas() {
        clusters.awaitServing("local");
        try (Tab tab = chromium.tab().open(clusters.uri())) {
            tab.awaitText("all is well", Tab.PATIENCE, text -> text.contains("all is well"));
            clusters.killHome();
            Await.until("it is told", Tab.PATIENCE, () -> told(tab).contains("was local"));
            tab.hide(true);
            LocalTime hidden = now();
            clusters.restoreHome();
            clusters.awaitServing("local");
            tab.hide(false);
            Await.until("it is told", Tab.PATIENCE, () -> told(tab).contains("was clusterset"));

            assertThat(told(tab)).as("whose reason it is").contains("was clusterset (local: ");
            Matcher when =
                    Pattern.compile("at most ([0-9]+) s ago, after ([0-9:]{8})").matcher(when(tab));
            assertThat(when.matches()).as(when(tab)).isTrue();
            assertThat(LocalTime.parse(when.group(2))).isBetween(hidden.minusSeconds(11), hidden.plusSeconds(1));
        }
    }
}
