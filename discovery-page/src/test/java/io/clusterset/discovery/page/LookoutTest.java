package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.clusterset.discovery.time.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** However many ask, and however often, looking keeps its pace, and everybody's turn comes. */
class LookoutTest {

    private final ManualTime time = new ManualTime();
    private final Lookout lookout = new Lookout(time);
    private final List<String> looks = new ArrayList<>();
    private final Map<String, Duration> costs = new HashMap<>();
    private final Map<String, Integer> states = new HashMap<>(); // that are other than they were

    /** Says each time how often it was looked at, or what it is set to. */
    private final class Counted implements Look {

        private final String name;
        private Parts last = Parts.NOTHING;

        Counted(String name) {
            this.name = name;
        }

        @Override
        public Parts look() {
            looks.add(name);
            time.advance(costs.getOrDefault(name, Duration.ZERO));
            int state = states.getOrDefault(name, looks.size());
            if (state < 0) {
                throw new IllegalStateException(name + ": a bug of ours");
            }
            Parts seen = new Parts(Map.of("state", String.valueOf(state), "same", "0"));
            last = seen.equals(last) ? last : seen;
            return last;
        }

        @Override
        public long now() {
            return 5_000;
        }
    }

    private Optional<String> ask(String name) {
        return lookout.document(name, () -> new Counted(name));
    }

    private void pass(long millis) {
        time.advance(Duration.ofMillis(millis));
    }

    @Test
    void whoAsksSoonAfterIsToldWhatWasSeenLast() {
        Told first = Told.of(ask("a").orElseThrow());
        pass(99);
        Told soon = Told.of(ask("a").orElseThrow());
        assertThat(soon.set()).isEqualTo(first.set());
        assertThat(soon.now()).as("the clock goes on").isEqualTo(first.now() + 99);
        assertThat(looks).hasSize(1);
        pass(1);

        assertThat(Told.of(ask("a").orElseThrow()).set()).isNotEqualTo(first.set());
        assertThat(looks).hasSize(2);
    }

    /** A thousand times a second, for a hundred seconds. */
    @Test
    void howeverOftenOneAsksLookingTakesTwoPercent() {
        costs.put("a", Duration.ofMillis(20));
        for (int i = 0; i < 80_000; i++) {
            assertThat(ask("a")).isPresent();
            pass(1);
        }
        assertThat(looks).as("once a second, and what was saved up").hasSizeBetween(84, 91);
    }

    /** A look takes 10 ms, and so do the words: once a second there is enough for both. */
    @Test
    void findingWordsIsPaidForToo() {
        Lookout slow = new Lookout(() -> {
            pass(10); // from one look at the clock to the next
            return time.nanos();
        });
        while (time.nanos() < Duration.ofSeconds(100).toNanos()) {
            assertThat(slow.document("a", () -> new Counted("a"))).isPresent();
        }
        assertThat(looks).hasSizeBetween(80, 120);
    }

    @Test
    void nobodyLooksUnlessAsked() {
        assertThat(ask("a")).isPresent();
        pass(1_000);
        lookout.look();

        assertThat(looks).hasSize(1);
    }

    /** One asks a thousand times a second, the other once. */
    @Test
    void whoAsksSeldomHasItsTurnThoughAnotherAsksOften() {
        costs.put("often", Duration.ofMillis(10));
        costs.put("seldom", Duration.ofMillis(10));
        for (int i = 0; i < 60_000; i++) {
            assertThat(ask("often")).isPresent();
            if (i % 1_000 == 0) {
                assertThat(ask("seldom").isPresent()).isEqualTo(i > 5_000 || looks.contains("seldom"));
            }
            pass(1);
        }
        assertThat(looks.stream().filter("seldom"::equals).count()).isGreaterThan(20);
        assertThat(looks.stream().filter("often"::equals).count()).isGreaterThan(20);
    }

    /** Streams are looked for as those who ask are, and not after them. */
    @Test
    void whoViewsHasItsTurnThoughAnotherAsksOften() {
        costs.put("often", Duration.ofMillis(10));
        costs.put("viewed", Duration.ofMillis(10));
        lookout.join("viewed", () -> new Counted("viewed"));
        for (int i = 0; i < 60_000; i++) {
            ask("often");
            pass(1);
        }
        assertThat(looks.stream().filter("viewed"::equals).count()).isGreaterThan(20);
    }

    /** Looks at something dear until it is known to be, and nothing is left. */
    private void overdraw() {
        costs.put("dear", Duration.ofMillis(200));
        for (int i = 0; i < 100 && lookout.pause().compareTo(Duration.ofSeconds(1)) <= 0; i++) {
            pass(100);
            assertThat(ask("dear")).isPresent();
        }
        assertThat(lookout.pause()).isGreaterThan(Duration.ofSeconds(1));
        looks.clear();
    }

    /** A JVM is slow at what it does for the first time, and whoever opens the page is not to wait for that. */
    @Test
    void whatIsDearOnceIsNotTakenToBe() {
        costs.put("slow at first", Duration.ofMillis(150));
        for (int i = 0; i < 4; i++) {
            assertThat(ask("slow at first")).isPresent();
            pass(100);
        }
        costs.clear();
        looks.clear();
        for (int i = 0; i < 10; i++) {
            assertThat(ask("slow at first")).isPresent();
            pass(100);
        }
        assertThat(looks).hasSize(10);
    }

    @Test
    void whatIsNotKnownAndMayNotBeLookedAtIsSaidToBeSo() {
        overdraw();
        assertThat(ask("other")).isEmpty();
        assertThat(ask("dear")).as("what is known").isPresent();
        assertThat(looks).isEmpty();
        pass(lookout.pause().toMillis() - 1);
        assertThat(ask("other")).isEmpty();
        pass(2);

        assertThat(ask("other")).isPresent();
    }

    /** A thousand names cost as many looks, if they cost nothing, and no more memory than some. */
    @Test
    void whatNobodyAsksForIsForgotten() {
        for (int i = 0; i < 1_000; i++) {
            assertThat(ask("n" + i)).isPresent();
        }
        assertThat(lookout.remembered()).isEqualTo(Lookout.MOST_REMEMBERED);
        lookout.join("viewed", () -> new Counted("viewed"));
        pass(Lookout.REMEMBERED.toMillis() + 1);
        assertThat(ask("last")).isPresent();
        assertThat(lookout.remembered()).as("it, and what is viewed").isEqualTo(2);
        assertThat(lookout.news("viewed", Parts.NOTHING, false)).isPresent();
        lookout.leave("viewed");
        pass(Lookout.REMEMBERED.toMillis() + 1);
        assertThat(ask("first")).isPresent();

        assertThat(lookout.remembered()).isOne();
        assertThat(lookout.news("viewed", Parts.NOTHING, true)).isEmpty();
    }

    /** Whatever moments somebody asks to have explained, pages are told what they draw. */
    @Test
    void textsAreForgottenBeforeWhatIsDrawn() {
        assertThat(ask("drawn")).isPresent();
        for (int i = 0; i < 1_000; i++) {
            String at = "at " + i;
            assertThat(lookout.seen("why " + i, () -> new TextLook(() -> at)).map(TextLook::text))
                    .contains(at);
        }
        assertThat(lookout.remembered()).isEqualTo(Lookout.MOST_REMEMBERED);
        assertThat(ask("drawn")).isPresent();

        assertThat(looks).as("not looked at anew: it is known").containsExactly("drawn");
    }

    @Test
    void whatNobodyAsksForIsForgottenThoughNobodyAsksForAnythingNew() {
        assertThat(ask("often")).isPresent();
        assertThat(ask("once")).isPresent();
        for (int i = 0; i <= Lookout.REMEMBERED.toSeconds(); i++) {
            pass(1_000);
            assertThat(ask("often")).isPresent();
        }

        assertThat(lookout.remembered()).isOne();
    }

    /** Else times on the page would run slow by as much. */
    @Test
    void theClockOfWhatWasSeenGoesOnThoughALookFails() {
        lookout.join("a", () -> new Counted("a"));
        Parts seen = lookout.news("a", Parts.NOTHING, false).orElseThrow().seen();
        states.put("a", -1);
        pass(100);
        assertThatIllegalStateException().isThrownBy(lookout::look);
        pass(150);

        assertThat(lookout.news("a", seen, true).orElseThrow().now()).isEqualTo(5_250);
    }

    /** Sixteen who view the same are told in the words that were found for the first. */
    @Test
    void aDifferenceIsWorkedOutOnceForAllWhoKnewTheSame() {
        lookout.join("a", () -> new Counted("a"));
        states.put("a", 1);
        Parts first = lookout.news("a", Parts.NOTHING, false).orElseThrow().seen();
        pass(100);
        states.put("a", 2);
        lookout.look();

        Lookout.News one = lookout.news("a", first, false).orElseThrow();
        Lookout.News other = lookout.news("a", first, false).orElseThrow();
        assertThat(Told.of(one.document()).set()).containsOnlyKeys("state").containsEntry("state", 2);
        assertThat(one.words()).isSameAs(other.words());
        assertThat(Told.of(lookout.news("a", Parts.NOTHING, false).orElseThrow().document())
                        .whole())
                .as("who comes later knows nothing")
                .isTrue();

        pass(100);
        states.put("a", 3);
        lookout.look();
        assertThat(Told.of(lookout.news("a", one.seen(), false).orElseThrow().document())
                        .set())
                .containsEntry("state", 3);
        assertThat(Told.of(lookout.news("a", first, false).orElseThrow().document())
                        .set())
                .as("who is two behind")
                .containsEntry("state", 3);
    }

    @Test
    void whoeverAsksForAllOfItSharesTheWords() {
        states.put("a", 1);
        lookout.join("a", () -> new Counted("a"));
        String words = lookout.news("a", Parts.NOTHING, false).orElseThrow().words();
        pass(1_000);
        lookout.look();

        assertThat(lookout.news("a", Parts.NOTHING, false).orElseThrow().words())
                .as("as long as nothing changed")
                .isSameAs(words);
    }

    @Test
    void whatALookThrowsIsForWhoWantedIt() {
        overdraw();
        states.put("broken", -1);
        assertThat(ask("broken")).as("its turn has yet to come").isEmpty();
        pass(10_000);

        assertThat(ask("other")).as("looks at both").isPresent();
        assertThat(looks).contains("broken");
        assertThatIllegalStateException().isThrownBy(() -> ask("broken")).withMessage("broken: a bug of ours");
        states.put("broken", 1);
        pass(100);
        assertThat(ask("broken")).isPresent();
    }
}
