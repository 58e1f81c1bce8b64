package io.clusterset.discovery.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.hostile.Forger.Lie;
import io.clusterset.discovery.model.Resolution;
import io.clusterset.discovery.source.Question;
import io.clusterset.discovery.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Somebody sends false answers ahead of the right one. A few seconds here; a million forged packets by
 *
 * <pre>mvn -B test -pl discovery-testkit,discovery-core -Dtest=ForgedPacketsTest -Dhostile.full
 * -Dsurefire.failIfNoSpecifiedTests=false</pre>
 */
class ForgedPacketsTest {

    private static final boolean FULL = System.getProperty("hostile.full") != null;
    private static final int AT_ONCE = 100; // questions; the file descriptors of a laptop are few

    /** One question each, though all ask for one name: so many lookups, one script. */
    private static List<Question> questions(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Question("tier-" + i, Asker.NAME, "cluster.local", Optional.empty()))
                .toList();
    }

    /** How many lookups did not find the right address and nothing else. */
    private static int failures(Asker asker, int lookups) throws InterruptedException {
        int failures = 0;
        for (int asked = 0; asked < lookups; asked += AT_ONCE) {
            for (Resolution resolution : asker.askAll(questions(Math.min(AT_ONCE, lookups - asked)))) {
                boolean right = Asker.addresses(resolution).equals(List.of(Forger.RIGHT));
                failures += right && ((Resolution.Found) resolution).complete() ? 0 : 1;
            }
        }
        return failures;
    }

    @Test
    void noneOfTenThousandLookupsFailsForAForgedPacketAhead() throws Exception {
        AtomicInteger next = new AtomicInteger();
        Lie[] lies = Lie.values();
        Forger forger = Forger.withoutTcp((query, tcp, random) ->
                List.of(lies[next.getAndIncrement() % lies.length].tell(query, random), query.right()));
        try (forger;
                Asker asker = new Asker(forger.address())) {
            assertThat(failures(asker, 10_000)).isZero();
            assertThat(forger.questions()).isGreaterThanOrEqualTo(20_000);
        }
    }

    @Test
    @Timeout(900)
    void noForgedPacketIsAcceptedHoweverMany() throws Exception {
        int packets = FULL ? 1_000_000 : 20_000;
        int ahead = 50;
        AtomicInteger sent = new AtomicInteger();
        Lie[] lies = Lie.values();
        Forger forger = Forger.withoutTcp((query, tcp, random) -> {
            List<byte[]> answers = new ArrayList<>();
            for (int i = 0; i < ahead; i++) {
                answers.add(lies[sent.getAndIncrement() % lies.length].tell(query, random));
            }
            answers.add(query.right());
            return answers;
        });
        try (forger;
                Asker asker = new Asker(forger.address())) {
            while (sent.get() < packets) {
                for (Resolution resolution : asker.askAll(questions(20))) {
                    assertThat(Asker.addresses(resolution)).containsExactly(Forger.RIGHT);
                }
            }
        }
        System.out.println("forged packets: " + sent + ", accepted: 0");
    }

    /** RFC 5452, 9.1: who is being guessed at asks where guessing is harder. */
    @Test
    void aThousandForgedPacketsAQuestionEndInTheRightAnswerByTcp() throws Exception {
        Lie[] lies = Lie.values();
        Forger forger = Forger.start((query, tcp, random) -> {
            if (tcp) {
                return List.of(query.right());
            }
            List<byte[]> answers = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                answers.add(lies[i % lies.length].tell(query, random));
            }
            return answers; // and the right one is lost
        });
        try (forger;
                Asker asker = new Asker(forger.address())) {
            long begun = Ticker.system().nanos();
            assertThat(failures(asker, 5)).isZero();
            Duration took = Duration.ofNanos(Ticker.system().nanos() - begun);
            assertThat(forger.tcpQuestions()).isEqualTo(10);
            assertThat(took).as("all of them; 950 ms each when cold").isLessThan(Duration.ofSeconds(5));
        }
    }

    /** A header alone with the right id: servers without EDNS say that, and so may a forger who knows the id. */
    @Test
    void aFormatErrorWithoutQuestionCostsOneQueryMoreAndNoLookup() throws Exception {
        Forger forger = Forger.start((query, tcp, random) -> query.hasEdns()
                ? List.of(query.withId(WireMessage.withFlags(0x8001).bytes()))
                : List.of(query.right()));
        try (forger;
                Asker asker = new Asker(forger.address())) {
            assertThat(failures(asker, 1)).isZero();
            assertThat(forger.questions()).isEqualTo(4);
        }
    }
}
