package io.clusterset.discovery.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.clusterset.discovery.time.ManualTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nobody keeps a thread by doing nothing, and who waits for something of ours is not disturbed. */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class WorkersTest {

    private final ManualTime time = new ManualTime();
    private final Workers workers = new Workers(1, Thread::new, time);

    @AfterEach
    void end() throws InterruptedException {
        assertThat(workers.close(Duration.ofSeconds(10))).isTrue();
        assertThat(time.pending()).isZero();
    }

    @Test
    void whoTakesNothingIsGivenUp() throws Exception {
        CompletableFuture<Exception> how = new CompletableFuture<>();
        try (ServerSocketChannel door = ServerSocketChannel.open()) {
            door.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SocketChannel reader = SocketChannel.open(door.getLocalAddress());
                    SocketChannel writer = door.accept()) {
                assertThat(reader.isConnected()).isTrue();
                CountDownLatch begun = new CountDownLatch(1);
                workers.execute(() -> {
                    begun.countDown();
                    how.complete(failure(writer));
                });
                begun.await();
                time.advance(Workers.LONGEST.minusMillis(1));
                assertThat(how).isNotDone();
                time.advance(Duration.ofMillis(1));

                assertThat(how.get()).isInstanceOf(ClosedByInterruptException.class);
            }
        }
    }

    /** Writes until it can't. */
    private static Exception failure(SocketChannel writer) {
        ByteBuffer much = ByteBuffer.allocate(100_000);
        try {
            while (writer.write(much.clear()) >= 0) {}
            return new IllegalStateException("less than nothing was written");
        } catch (IOException failed) {
            return failed;
        }
    }

    @Test
    void whoWaitsForSomethingOfOursHasAllTheTimeThatTakes() throws Exception {
        CountDownLatch rests = new CountDownLatch(1);
        CountDownLatch news = new CountDownLatch(1);
        CompletableFuture<String> told = new CompletableFuture<>();
        workers.execute(() -> {
            workers.rest();
            rests.countDown();
            told.complete(waited(news));
            workers.goOn();
        });
        rests.await();
        time.advance(Duration.ofHours(1));
        news.countDown();

        assertThat(told.get()).isEqualTo("told");
    }

    @Test
    void afterAWaitItsTimeBeginsAnew() throws Exception {
        CountDownLatch goesOn = new CountDownLatch(1);
        CompletableFuture<String> told = new CompletableFuture<>();
        workers.execute(() -> {
            workers.rest();
            workers.goOn();
            goesOn.countDown();
            told.complete(waited(new CountDownLatch(1)));
        });
        goesOn.await();
        assertThat(time.pending()).as("one clock, not two").isOne();
        time.advance(Workers.LONGEST);

        assertThat(told.get()).isEqualTo("interrupted");
    }

    private static String waited(CountDownLatch latch) {
        try {
            latch.await();
            return "told";
        } catch (InterruptedException interrupted) {
            return "interrupted";
        }
    }

    @Test
    void whoeverDidItsWorkIsLetAlone() throws Exception {
        CompletableFuture<String> first = new CompletableFuture<>();
        workers.execute(() -> first.complete("done"));
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        workers.execute(() -> {
            workers.rest();
            time.advance(Workers.LONGEST);
            workers.goOn();
            interrupted.complete(Thread.interrupted());
        });

        assertThat(first.get()).isEqualTo("done");
        assertThat(interrupted.get()).isFalse();
        workers.goOn(); // a thread that is none of them
        assertThat(Thread.interrupted()).isFalse();
    }
}
