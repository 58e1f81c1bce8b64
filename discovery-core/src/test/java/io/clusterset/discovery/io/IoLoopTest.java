package io.clusterset.discovery.io;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.testkit.FakeDnsServer;
import io.clusterset.discovery.testkit.FakeEndpoint;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IoLoopTest {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LATER = Duration.ofSeconds(10);

    private final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> troubles = new LinkedBlockingQueue<>();
    private final IoLoop io = new IoLoop("discovery-test-io", Ticker.system(), troubles::add);

    @AfterEach
    void close() throws InterruptedException {
        io.close();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("discovery-test-io")) {
                thread.join(10_000); // a busy machine may take its time
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    private Object next() throws InterruptedException {
        Object next = seen.poll(10, TimeUnit.SECONDS);
        return next == null ? "nothing" : next;
    }

    @Test
    void aConnectSucceedsIsRefusedOrTimesOut() throws Exception {
        try (FakeEndpoint endpoint = FakeEndpoint.start("a")) {
            io.connect(endpoint.address(), LATER, () -> seen.add("connected"), seen::add);
            assertThat(next()).isEqualTo("connected");
            endpoint.blackHole();
            io.connect(endpoint.address(), SOON, () -> seen.add("connected"), seen::add);
            assertThat(next()).isInstanceOf(SocketTimeoutException.class);
            endpoint.refuse();
            io.connect(endpoint.address(), LATER, () -> seen.add("connected"), seen::add);
            assertThat(next()).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void theFirstLineOfAnAnswerIsRead() throws Exception {
        byte[] request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        try (FakeEndpoint endpoint = FakeEndpoint.start("a")) {
            io.firstLine(endpoint.address(), request, LATER, seen::add, seen::add);
            assertThat(next()).asString().startsWith("HTTP/1.1 200");
            endpoint.resetOnRequest();
            io.firstLine(endpoint.address(), request, LATER, seen::add, seen::add);
            assertThat(next()).isInstanceOf(IOException.class);
            endpoint.hang();
            io.firstLine(endpoint.address(), request, SOON, seen::add, seen::add);
            assertThat(next()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void aDatagramToAPortNobodyListensOnFails() throws Exception {
        FakeDnsServer dns = FakeDnsServer.start();
        dns.stop();
        try (dns) {
            io.datagram(dns.address(), new byte[20], LATER, packet -> true, seen::add);
            assertThat(next()).isInstanceOfAny(PortUnreachableException.class, SocketTimeoutException.class);
        }
    }

    @Test
    void timersRunInOrderAndACancelledOneDoesNot() throws Exception {
        AtomicLong now = new AtomicLong();
        try (IoLoop loop = new IoLoop("discovery-test-io", now::get, troubles::add)) {
            loop.schedule(Duration.ofMinutes(2), () -> seen.add("second"));
            loop.schedule(Duration.ofMinutes(1), () -> seen.add("first"));
            loop.schedule(Duration.ofSeconds(1), () -> seen.add("cancelled")).cancel();
            loop.execute(() -> seen.add("all taken in"));
            assertThat(next()).isEqualTo("all taken in");
            now.set(Duration.ofMinutes(2).toNanos());
            loop.execute(() -> {}); // it sleeps by the real clock: this is to look again
            assertThat(next()).isEqualTo("first");
            assertThat(next()).isEqualTo("second");
        }
    }

    @Test
    void aTimerCancelledByAnotherThreadDoesNotRunEvenIfItIsDueAndNext() throws Exception {
        CountDownLatch cancelled = new CountDownLatch(1);
        io.execute(() -> awaitQuietly(cancelled));
        io.schedule(Duration.ZERO, () -> seen.add("cancelled")).cancel();
        io.schedule(Duration.ZERO, () -> seen.add("kept"));
        cancelled.countDown();
        assertThat(next()).isEqualTo("kept");
    }

    /** The process stood still, or the loop's thread had no turn: what has arrived meanwhile is no timeout. */
    @Test
    void anAnswerThatIsThereBeatsADeadlineThatPassedWhileNobodyLooked() throws Exception {
        AtomicLong now = new AtomicLong();
        byte[] packet = new byte[20];
        CountDownLatch over = new CountDownLatch(1);
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress());
                IoLoop loop = new IoLoop("discovery-test-io", now::get, troubles::add)) {
            loop.datagram(
                    (InetSocketAddress) server.getLocalSocketAddress(),
                    packet,
                    LATER,
                    answer -> seen.add("answered"),
                    seen::add);
            DatagramPacket question = new DatagramPacket(packet, packet.length);
            server.receive(question);
            loop.execute(() -> {
                seen.add("paused");
                awaitQuietly(over);
            });
            assertThat(next()).isEqualTo("paused");
            server.send(new DatagramPacket(packet, packet.length, question.getSocketAddress()));
            now.set(LATER.toNanos());
            over.countDown();
            assertThat(next()).isEqualTo("answered");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    @Test
    void whatACallbackThrowsIsHandedOnAndTheLoopGoesOn() throws Exception {
        io.schedule(Duration.ZERO, () -> {
            throw new AssertionError("callback");
        });
        assertThat(troubles.poll(10, TimeUnit.SECONDS)).hasMessage("callback");
        io.schedule(Duration.ZERO, () -> seen.add("alive"));
        assertThat(next()).isEqualTo("alive");
    }

    @Test
    void closingFailsWhatIsOpenAndWhatComesAfter() throws Exception {
        try (FakeEndpoint endpoint = FakeEndpoint.start("a")) {
            endpoint.hang();
            CountDownLatch begun = new CountDownLatch(1);
            io.firstLine(
                    endpoint.address(),
                    "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                    LATER,
                    seen::add,
                    seen::add);
            io.schedule(Duration.ZERO, begun::countDown);
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            io.close();
            assertThat(next()).isInstanceOf(IOException.class).asString().contains("closed");
            io.connect(endpoint.address(), LATER, () -> seen.add("connected"), seen::add);
            assertThat(next()).isInstanceOf(IOException.class).asString().contains("closed");
            io.close();
        }
    }

    @Test
    void anAddressThatCannotBeConnectedToFailsInsteadOfThrowing() throws Exception {
        InetSocketAddress nowhere = new InetSocketAddress(InetAddress.getByName("255.255.255.255"), 9);
        io.connect(nowhere, SOON, () -> seen.add("connected"), seen::add);
        assertThat(next()).isInstanceOf(IOException.class);
    }
}
