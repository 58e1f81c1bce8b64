package io.clusterset.discovery.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.model.Event;
import io.clusterset.discovery.model.Evidence;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.model.TierLoad;
import io.clusterset.discovery.model.Verdict;
import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;
import org.slf4j.event.LoggingEvent;

class LogLinesTest {

    private final ManualTime time = new ManualTime();
    private final Lines log = new Lines();
    private final LogLines lines = new LogLines(log, time, time);

    private static Event load(String service, int local) {
        return new Event.LoadChanged(
                service,
                List.of(
                        new TierLoad("local", local, local, local, false, ""),
                        new TierLoad("clusterset", 100 - local, 100 - local, 100, false, "")));
    }

    private static Event answered(String tier, Resolution resolution) {
        return new Event.Answered("orders.shop", tier, resolution);
    }

    private static Resolution unknown(String why) {
        return new Resolution.Unknown(List.of(), Duration.ZERO, Evidence.of(why));
    }

    @Test
    void theFirstOfAKindIsSaidAtOnceAndTheLastOfItsMinuteAtItsEnd() {
        lines.accept(load("orders.shop", 0));
        time.advance(Duration.ofSeconds(20));
        lines.accept(load("orders.shop", 5));
        time.advance(Duration.ofSeconds(20));
        lines.accept(load("orders.shop", 25));
        assertThat(log.all).containsExactly("INFO orders.shop: load local 0 % clusterset 100 %");
        time.advance(Duration.ofSeconds(20));
        assertThat(log.all)
                .containsExactly(
                        "INFO orders.shop: load local 0 % clusterset 100 %",
                        "INFO orders.shop: load local 25 % clusterset 75 % (20 s ago); and 1 more within the minute");
        time.advance(Duration.ofSeconds(59));
        lines.accept(load("orders.shop", 45));
        assertThat(log.all).hasSize(2);
        time.advance(Duration.ofMillis(1_100));
        assertThat(log.all).hasSize(3);
        time.advance(Duration.ofMinutes(2));
        lines.accept(load("orders.shop", 100));
        assertThat(log.all).hasSize(4).last().isEqualTo("INFO orders.shop: load local 100 % clusterset 0 %");
    }

    /** Endpoints of one tier fall one after the other. */
    @Test
    void thatMostOfALoadHasGoneElsewhereIsSaidAtOnce() {
        lines.accept(load("orders.shop", 70));
        time.advance(Duration.ofMillis(20));
        lines.accept(load("orders.shop", 0));
        time.advance(Duration.ofSeconds(20));
        lines.accept(load("orders.shop", 5));
        assertThat(log.all)
                .containsExactly(
                        "INFO orders.shop: load local 70 % clusterset 30 %",
                        "INFO orders.shop: load local 0 % clusterset 100 %");
    }

    @Test
    void whatAPersonDoesIsSaidAlways() {
        lines.accept(new Event.Drill("local", "forced to 0 % for 20 s"));
        lines.accept(new Event.Drill("local", "forced to 0 % for 10 min"));
        lines.accept(new Event.Drill("local", "ended early"));
        assertThat(log.all).hasSize(3).last().isEqualTo("INFO drill of local: ended early");
    }

    @Test
    void otherServicesAndOtherKindsHaveAMinuteOfTheirOwn() {
        lines.accept(load("orders.shop", 0));
        lines.accept(load("carts.shop", 0));
        lines.accept(new Event.HealthChanged("orders.shop", "local", 0, 3, "10.0.0.1:80: connection refused"));
        lines.accept(new Event.PanicChanged("orders.shop", "local", true));
        assertThat(log.all)
                .hasSize(4)
                .contains("INFO orders.shop: local 0 of 3 healthy (10.0.0.1:80: connection refused)")
                .last()
                .asString()
                .startsWith("WARN orders.shop: local panics");
        assertThat(log.pairs)
                .containsExactly(
                        "event=load subject=orders.shop",
                        "event=load subject=carts.shop",
                        "event=health subject=orders.shop tier=local",
                        "event=panic subject=orders.shop tier=local");
    }

    @Test
    void tiersThatWaitTogetherAreSaidTogetherTheLastWordOfEach() {
        lines.accept(answered("local", unknown("SERVFAIL from 10.96.0.10")));
        lines.accept(answered("clusterset", unknown("SERVFAIL from 10.96.0.10")));
        lines.accept(answered("local", new Resolution.Empty(Duration.ZERO, Evidence.NONE)));
        time.advance(Duration.ofMinutes(1));
        assertThat(log.all)
                .containsExactly(
                        "INFO orders.shop: local unknown (SERVFAIL from 10.96.0.10)",
                        "INFO orders.shop: clusterset unknown (SERVFAIL from 10.96.0.10) (1 min ago);"
                                + " orders.shop: local empty (1 min ago)");
    }

    @Test
    void aFirstAnswerThatFoundSomethingAndSingleVerdictsAreNoNews() {
        lines.accept(answered("local", new Resolution.Empty(Duration.ZERO, Evidence.NONE)));
        lines.accept(new Event.VerdictChanged("10.0.0.1:80", Verdict.HEALTHY, Verdict.UNKNOWN));
        lines.accept(new Event.ReturnChanged("orders.shop", "local", false, "step 5 %"));
        lines.accept(new Event.StaleChanged("orders.shop", "local", 3, true, Duration.ofSeconds(4)));
        assertThat(log.all).containsExactly("INFO orders.shop: local empty");
        lines.accept(new Event.ReturnChanged("orders.shop", "local", true, "failed, at step 25 %"));
        assertThat(log.all).hasSize(2);
    }

    @Test
    void whatIsWrongIsOfAsManyKindsAsThereAreWordsForIt() {
        lines.accept(new Event.Trouble("", "dns: 10.96.0.10 is silent"));
        lines.accept(new Event.Trouble("", "dns: 10.96.0.11 is silent"));
        lines.accept(new Event.Trouble("", "dns: 10.96.0.10 is silent"));
        assertThat(log.all).containsExactly("WARN dns: 10.96.0.10 is silent", "WARN dns: 10.96.0.11 is silent");
    }

    @Test
    void nothingIsLostAtTheEndAndNoTimerIsLeft() {
        lines.accept(load("orders.shop", 0));
        lines.accept(load("orders.shop", 5));
        lines.close();
        assertThat(log.all).hasSize(2).last().asString().contains("local 5 %");
        lines.accept(load("orders.shop", 25));
        assertThat(log.all).hasSize(3);
        assertThat(time.pending()).isZero();
    }

    @Test
    void servicesThatAreQuietAgainMakeRoomForOthers() {
        for (int i = 0; i < 25_000; i++) {
            lines.accept(load("s" + i + ".shop", 0));
            time.advance(Duration.ofMillis(100));
        }
        lines.accept(load("s24999.shop", 5));
        assertThat(log.all)
                .as("held for its minute: there was room to remember it")
                .hasSize(25_000);
    }

    @Test
    void aStormOfServicesIsSaidByAndByAndNothingOfItIsLost() {
        for (int i = 0; i < 1_000; i++) {
            lines.accept(load("s" + i + ".shop", 0));
        }
        assertThat(log.all).hasSize(200);
        time.advance(Duration.ofSeconds(59));
        assertThat(log.all).hasSize(200);
        for (int second = 0; second < 120; second++) {
            time.advance(Duration.ofSeconds(1));
        }
        assertThat(log.all).hasSize(1_000);
        assertThat(log.all.stream().distinct()).hasSize(1_000);
        assertThat(time.pending()).isZero();
    }

    @Test
    void aStormOfChangesDoesNotTakeTheWordsOfWhatIsWrong() {
        for (int i = 0; i < 1_000; i++) {
            lines.accept(load("s" + i + ".shop", 0));
        }
        lines.accept(new Event.Trouble("", "dns: 10.96.0.10 is silent"));
        lines.accept(new Event.PanicChanged("orders.shop", "local", true));
        assertThat(log.all).hasSize(202).contains("WARN dns: 10.96.0.10 is silent");
    }

    @Test
    void beyondWhatIsRememberedLinesAreLeftOutAndCountedThoughNothingFollows() {
        for (int i = 0; i < 30_000; i++) {
            lines.accept(load("s" + i + ".shop", 0));
        }
        time.advance(Duration.ofSeconds(62));
        assertThat(log.all).anyMatch(line -> line.startsWith("INFO 10000 lines of other services were left out"));
    }

    @Test
    void howItBeginsAndHowItWasBeforeItRestedIsNoNews() {
        lines.accept(load("orders.shop", 100));
        assertThat(log.all).isEmpty();
        lines.accept(load("orders.shop", 0));
        assertThat(log.all).as("at once, it is the first").hasSize(1);
        time.advance(Duration.ofHours(1));
        lines.accept(load("orders.shop", 0)); // it rested meanwhile
        assertThat(log.all).hasSize(1);
    }

    @Test
    void aLastWordIsSaidInItsTimeWhateverElseWaits() {
        lines.accept(load("a.shop", 0)); // its minute ends at 60 s
        time.advance(Duration.ofSeconds(30));
        lines.accept(load("b.shop", 0)); // at 90 s
        lines.accept(load("b.shop", 5));
        lines.accept(load("a.shop", 5));
        time.advance(Duration.ofSeconds(31));
        assertThat(log.all).hasSize(3).last().asString().startsWith("INFO a.shop: load local 5 %");
        time.advance(Duration.ofSeconds(30));
        assertThat(log.all).hasSize(4).last().asString().startsWith("INFO b.shop: load local 5 %");
    }

    @Test
    void whatWaitedIsNotLostWhenTheNextComesBeforeItWasSaid() {
        LogLines slow = new LogLines(log, time, (delay, work) -> () -> {}); // a timer that comes too late
        slow.accept(new Event.HealthChanged("orders.shop", "local", 2, 3, "x"));
        slow.accept(new Event.HealthChanged("orders.shop", "clusterset", 1, 3, "y"));
        time.advance(Duration.ofSeconds(62));
        slow.accept(new Event.HealthChanged("orders.shop", "local", 3, 3, ""));
        slow.close();
        assertThat(String.join("\n", log.all)).contains("clusterset 1 of 3 healthy (y)", "local 3 of 3 healthy");
    }

    @Test
    void aLoggerThatThrowsAndATimerThatIsShutAreContained() {
        Lines full = new Lines() {
            @Override
            public void log(LoggingEvent event) {
                throw new IllegalStateException("disk full");
            }
        };
        LogLines contained = new LogLines(full, time, (delay, work) -> {
            throw new RejectedExecutionException("shut down");
        });
        contained.accept(load("orders.shop", 0));
        contained.accept(load("orders.shop", 5));
        contained.close();
        assertThat(full.all).isEmpty();
    }

    @Test
    void manyServicesCostNoMoreThanFew() {
        for (int i = 0; i < 200_000; i++) { // were each to look at all, this would take minutes
            lines.accept(load("s" + i % 50_000 + ".shop", i / 50_000));
        }
        assertThat(log.all).hasSizeLessThan(1_000);
    }

    @Test
    void noControlCharacterGetsThroughWhateverItCameWith() {
        String evil = "a\r\n2026-11-21 ERROR forged\u001b[31m\u0000\u2028\u0085b";
        lines.accept(answered("local", unknown(evil)));
        lines.accept(new Event.Trouble("orders.shop", evil));
        lines.accept(new Event.Limit("", evil));
        lines.accept(new Event.HealthChanged("orders.shop", "local", 1, 2, evil));
        lines.accept(new Event.AddressesDropped("orders.shop", "local", List.of(new Evidence.Dropped(evil, evil))));
        lines.accept(new Event.ReturnChanged("orders.shop", "local", true, evil));
        lines.accept(new Event.Drill("local", evil));
        assertThat(log.all)
                .hasSize(7)
                .allMatch(line -> line.chars().allMatch(c -> c >= 0x20 && c < 0x7f))
                .allMatch(line -> line.contains("forged"));
    }
}
