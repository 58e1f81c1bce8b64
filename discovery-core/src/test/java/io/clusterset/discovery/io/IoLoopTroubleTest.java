package io.clusterset.discovery.io;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the loop does when what it stands on fails, or when somebody wants all of it. */
class IoLoopTroubleTest {

    private static final Ticker SYSTEM = Ticker.system();
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration LATER = Duration.ofSeconds(60);
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);

    /** More turns than any of these tests needs, and fewer than a loop that spins takes in a millisecond. */
    private static final int FEW = 60;

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final BlockingQueue<Selector> opened = new LinkedBlockingQueue<>();
    private volatile IoLoop.Selectors selectors = Selector::open;
    private final FakeEndpoint endpoint = FakeEndpoint.start("a");

    /** A loop with a timer pending reads its clock every turn. */
    private final Ticker counted = () -> {
        looks.incrementAndGet();
        return SYSTEM.nanos();
    };

    private final IoLoop io = new IoLoop("discovery-trouble-io", counted, troubles::add, () -> {
        Selector made = selectors.open();
        opened.add(made);
        return made;
    });

    @AfterEach
    void close() throws InterruptedException {
        io.close();
        endpoint.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("discovery-trouble-io")) {
                thread.join(10_000); // a busy machine may take its time
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private Object next() throws InterruptedException {
        Object next = seen.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    private void ask() {
        io.firstLine(endpoint.address(), REQUEST, LATER, seen::add, seen::add);
    }

    private static Selector closedSelector() throws IOException {
        Selector broken = Selector.open();
        broken.close();
        return broken;
    }

    @Test
    void aSelectorThatFailsFailsWhatIsOpenAndTheNextExchangeHasAnother() throws Exception {
        endpoint.hang();
        ask();
        assertThat(endpoint.awaitRequests(1, LATER)).hasSize(1);
        opened.remove().close();
        assertThat(next()).isInstanceOf(IOException.class);
        endpoint.healthy();
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
        assertThat(troubles).hasSize(1);
        assertThat(opened).hasSize(1);
    }

    @Test
    void aSelectorThatNeverWorksFailsEveryExchangeAtOnceReportsOnceAndSpinsForNothing() throws Exception {
        selectors = IoLoopTroubleTest::closedSelector;
        for (int i = 0; i < 3; i++) {
            ask();
            assertThat(next()).isInstanceOf(IOException.class);
        }
        int before = looks.get();
        io.schedule(SOON, () -> seen.add("timer"));
        assertThat(next()).isEqualTo("timer");
        assertThat(looks.get() - before).isLessThan(FEW);
        assertThat(opened).hasSizeBetween(1, 3);
        assertThat(troubles).hasSize(1);
        selectors = Selector::open;
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
    }

    @Test
    void withoutFileDescriptorsExchangesFailAtOnceTimersGoOnAndNothingSpins() throws Exception {
        selectors = () -> {
            throw new IOException("Too many open files");
        };
        ask();
        assertThat(next()).isInstanceOf(IOException.class).asString().contains("Too many open files");
        io.datagram(endpoint.address(), REQUEST, LATER, packet -> true, seen::add);
        assertThat(next()).isInstanceOf(IOException.class).asString().contains("Too many open files");
        int before = looks.get();
        io.schedule(SOON, () -> seen.add("timer"));
        assertThat(next()).isEqualTo("timer");
        assertThat(looks.get() - before).isLessThan(FEW);
        selectors = Selector::open;
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
    }

    @Test
    void anInterruptedLoopGoesOnWaiting() throws Exception {
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
        io.execute(() -> Thread.currentThread().interrupt());
        int before = looks.get();
        io.schedule(SOON, () -> seen.add("timer"));
        assertThat(next()).isEqualTo("timer");
        assertThat(looks.get() - before).isLessThan(FEW);
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
        assertThat(troubles).isEmpty();
    }

    @Test
    void aClockThatThrowsIsReportedOnceAndDoesNotEndTheLoop() throws Exception {
        AtomicInteger broken = new AtomicInteger();
        BlockingQueue<Throwable> reported = new LinkedBlockingQueue<>();
        Ticker fickle = () -> {
            if (broken.get() > 0 && broken.getAndDecrement() > 0) {
                throw new IllegalStateException("clock");
            }
            return SYSTEM.nanos();
        };
        try (IoLoop loop = new IoLoop("discovery-trouble-io", fickle, reported::add)) {
            loop.schedule(SOON, () -> seen.add("timer"));
            broken.set(3);
            loop.execute(() -> {});
            assertThat(next()).isEqualTo("timer");
            assertThat(reported).hasSize(1);
        }
    }

    @Test
    void aFailureHandlerThatThrowsEndsNothing() throws Exception {
        try (IoLoop loop = new IoLoop("discovery-trouble-io", Ticker.system(), thrown -> {
            throw new IllegalStateException("handler");
        })) {
            loop.execute(() -> {
                throw new AssertionError("callback");
            });
            loop.execute(() -> seen.add("alive"));
            assertThat(next()).isEqualTo("alive");
        }
    }

    @Test
    void aTaskThatKeepsSchedulingItselfDoesNotStarveTheSockets() throws Exception {
        AtomicInteger stop = new AtomicInteger();
        rescheduleUntil(stop);
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
        stop.set(1);
    }

    private void rescheduleUntil(AtomicInteger stop) {
        if (stop.get() == 0) {
            io.schedule(Duration.ZERO, () -> rescheduleUntil(stop));
            io.execute(() -> {});
        }
    }

    @Test
    void aServerThatNeverStopsTalkingDoesNotKeepTheLoopFromItsTimers() throws Exception {
        AtomicLong now = new AtomicLong();
        try (ServerSocket server = talking();
                IoLoop loop = new IoLoop("discovery-trouble-io", now::get, troubles::add)) {
            CountDownLatch talking = new CountDownLatch(1);
            loop.stream(
                    (InetSocketAddress) server.getLocalSocketAddress(),
                    REQUEST,
                    LATER,
                    message -> {
                        talking.countDown();
                        return false;
                    },
                    seen::add);
            assertThat(talking.await(10, TimeUnit.SECONDS)).isTrue();
            now.set(LATER.toNanos());
            assertThat(next()).isInstanceOf(java.net.SocketTimeoutException.class);
        }
    }

    @Test
    void anErrorWhileAnAnswerIsReadEndsTheExchangeAndIsReported() throws Exception {
        try (ServerSocket server = talking()) {
            io.stream(
                    (InetSocketAddress) server.getLocalSocketAddress(),
                    REQUEST,
                    LATER,
                    message -> {
                        throw new AssertionError("reading");
                    },
                    seen::add);
            assertThat(next()).isInstanceOf(IOException.class).asString().contains("reading");
            assertThat(troubles.poll(10, TimeUnit.SECONDS)).hasMessage("reading");
        }
    }

    /** A server that sends empty messages to its one client until that hangs up. */
    private static ServerSocket talking() throws IOException {
        ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread talker = new Thread(() -> {
            try (Socket client = server.accept()) {
                OutputStream out = client.getOutputStream();
                byte[] emptyMessages = new byte[1 << 20];
                while (true) {
                    out.write(emptyMessages);
                }
            } catch (IOException hungUp) {
                // its end
            }
        });
        talker.setDaemon(true);
        talker.start();
        return server;
    }

    @Test
    void cancelledTimersAndEndedExchangesLeaveNothingBehind() throws Exception {
        for (int i = 0; i < 100; i++) {
            io.schedule(LATER, () -> seen.add("never")).cancel();
        }
        ask();
        assertThat(next()).asString().startsWith("HTTP/1.1 200");
        io.execute(() -> seen.add(io.timers.size()));
        assertThat(next()).isEqualTo(0);
    }

    @Test
    void closingFailsWhatWasHandedInAndHasNotBegun() throws Exception {
        int moreThanOneTurn = 1_000;
        io.execute(() -> {
            for (int i = 0; i < moreThanOneTurn; i++) {
                ask();
            }
            io.execute(() -> seen.add("task"));
            io.close();
        });
        for (int i = 0; i < moreThanOneTurn; i++) {
            assertThat(next()).isInstanceOf(IOException.class).asString().contains("closed");
        }
        assertThat(next()).isEqualTo("task");
        assertThat(io.execute(() -> {})).isFalse();
    }

    @Test
    void closingTwiceOrFromTheLoopItselfOrInTroubleIsFine() throws Exception {
        selectors = IoLoopTroubleTest::closedSelector;
        ask();
        assertThat(next()).isInstanceOf(IOException.class);
        io.execute(() -> {
            io.close();
            seen.add("closed");
        });
        assertThat(next()).isEqualTo("closed");
        io.close();
        io.close();
    }
}
