package io.clusterset.discovery.hostile;

import static io.clusterset.discovery.hostile.WireMessage.A;
import static io.clusterset.discovery.hostile.WireMessage.ANSWER;
import static io.clusterset.discovery.hostile.WireMessage.ANSWERED;
import static io.clusterset.discovery.hostile.WireMessage.HEADER;
import static io.clusterset.discovery.hostile.WireMessage.TRUNCATED;
import static io.clusterset.discovery.hostile.WireMessage.address;
import static io.clusterset.discovery.hostile.WireMessage.answer;
import static io.clusterset.discovery.hostile.WireMessage.pointer;
import static io.clusterset.discovery.hostile.WireMessage.withFlags;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that cost more to parse than to send, through the whole receive path: at most 10 ms and 1 MiB of garbage each, on
 * the one thread that does all I/O. The codec alone takes 250 ms for the worst chain of pointers and leaves 117 MiB for the
 * worst labels (measured here, 64 KiB each).
 */
class PointerBombTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final long MOST_NANOS = 10_000_000;
    private static final long MOST_GARBAGE = 1024 * 1024;
    private static final int WARM_UP = 10;
    private static final int REPEATS = 15;

    static Stream<Arguments> bombs() {
        return Stream.of(
                arguments("a chain of 8,000 pointers, 3,090 times", bomb(q -> Bombs.chain(q, 8_000))),
                arguments("chains of ten pointers, 4,090 times", bomb(q -> Bombs.chain(q, 9))),
                arguments("a name of 126 labels, 6,500 times", bomb(q -> Bombs.labels(q, 126))),
                arguments("a name of 64 labels, 6,500 times", bomb(q -> Bombs.labels(q, 64))),
                arguments("a pointer to itself", bomb(q -> owned(q, HEADER + q.length))),
                arguments("a pointer forwards", bomb(q -> owned(q, HEADER + q.length + 16))),
                arguments("65,535 of everything", bomb(q -> answer().raw(q).bytes(1, 65_535, 65_535, 65_535))));
    }

    private static UnaryOperator<byte[]> bomb(UnaryOperator<byte[]> made) {
        return made;
    }

    private static byte[] owned(byte[] question, int target) {
        return answer().raw(question)
                .record(ANSWER, pointer(target), A, address("10.0.0.1"))
                .bytes(1, 1, 0, 0);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void aBombByUdpCostsNoMoreThanItMay(String what, UnaryOperator<byte[]> bomb) throws Exception {
        costs(
                "UDP, " + what,
                (query, tcp, random) -> List.of(query.withId(bomb.apply(query.question())), query.right()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void aBombByTcpCostsNoMoreThanItMay(String what, UnaryOperator<byte[]> bomb) throws Exception {
        costs(
                "TCP, " + what,
                (query, tcp, random) -> tcp
                        ? List.of(query.withId(bomb.apply(query.question())), query.right())
                        : List.of(query.withId(withFlags(ANSWERED | TRUNCATED)
                                .raw(query.question())
                                .bytes(1, 0, 0, 0))));
    }

    /** Two bombs a lookup, one for each family; the best of many, so that a busy machine can't fail it. */
    private static void costs(String what, Forger.Script script) throws Exception {
        try (Forger forger = Forger.start(script);
                Asker asker = new Asker(forger.address())) {
            long nanos = Long.MAX_VALUE;
            long garbage = Long.MAX_VALUE;
            for (int i = 0; i < WARM_UP + REPEATS; i++) {
                long thread = ioThread();
                long nanosBefore = thread < 0 ? 0 : THREADS.getThreadCpuTime(thread);
                long garbageBefore = thread < 0 ? 0 : THREADS.getThreadAllocatedBytes(thread);
                List<String> found = Asker.addresses(asker.ask(Asker.plain(Asker.NAME)));
                assertThat(found).isSubsetOf(Forger.RIGHT); // none, if the bomb is an answer after all
                if (i >= WARM_UP) {
                    nanos = Math.min(nanos, THREADS.getThreadCpuTime(thread) - nanosBefore);
                    garbage = Math.min(garbage, THREADS.getThreadAllocatedBytes(thread) - garbageBefore);
                }
            }
            System.out.printf("%s: %.2f ms, %.2f MiB each%n", what, nanos / 2e6, garbage / 2.0 / MOST_GARBAGE);
            assertThat(nanos / 2).as("%s: CPU ns each", what).isLessThanOrEqualTo(MOST_NANOS);
            assertThat(garbage / 2).as("%s: garbage each", what).isLessThanOrEqualTo(MOST_GARBAGE);
        }
    }

    /** Started by the first question. */
    private static long ioThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("discovery-hostile-io"))
                .mapToLong(Thread::getId)
                .findFirst()
                .orElse(-1);
    }
}
