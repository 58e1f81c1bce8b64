package io.clusterset.discovery.io;

import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs non-blocking sockets on one daemon thread, started at first use. All callbacks run on that thread and must be short;
 * what they throw goes to the failure handler and ends nothing. Thread-safe.
 *
 * <p>After {@link #close()} everything handed in fails at once with "closed".
 */
public final class IoLoop implements Scheduler, AutoCloseable {

    private final String threadName;
    private final Ticker ticker;
    private final Consumer<Throwable> onFailure;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Object lifecycle = new Object();

    /** Owned by the loop thread. */
    private final PriorityQueue<Timer> timers = new PriorityQueue<>();

    final ByteBuffer scratch = ByteBuffer.allocate(65_535);

    private volatile boolean closed;
    private volatile @Nullable Selector selector; // written under lifecycle, once
    private @Nullable Thread thread; // guarded by lifecycle
    private long sequence; // owned by the loop thread

    /** With the name of its thread, its clock and the handler of what callbacks throw. */
    public IoLoop(String threadName, Ticker ticker, Consumer<Throwable> onFailure) {
        this.threadName = threadName;
        this.ticker = ticker;
        this.onFailure = onFailure;
    }

    /**
     * Sends one datagram from a fresh connected socket (its own random port) and waits for one that is accepted.
     *
     * @param accept shown each packet that comes back; true ends the exchange, false keeps waiting
     * @param failed told once if no packet was accepted: refused, unreachable, or out of time
     * @return gives the exchange up without telling anybody
     */
    public Pending datagram(
            InetSocketAddress server, byte[] payload, Duration timeout, Accept accept, Consumer<IOException> failed) {
        return start(new DatagramExchange(this, server, payload, accept, failed), timeout);
    }

    /**
     * Sends one message with a two-octet length over a fresh TCP connection and waits for one that is accepted (RFC 1035,
     * 4.2.2).
     *
     * @param accept shown each message that comes back; true ends the exchange, false keeps waiting
     * @param failed told once if no message was accepted
     * @return gives the exchange up without telling anybody
     */
    public Pending stream(
            InetSocketAddress server, byte[] payload, Duration timeout, Accept accept, Consumer<IOException> failed) {
        return start(new StreamExchange(this, server, payload, accept, failed), timeout);
    }

    /**
     * Opens a TCP connection and closes it again.
     *
     * @param connected told once if the peer accepted
     * @param failed told once if it did not: refused, unreachable, or out of time ({@link java.net.SocketTimeoutException})
     */
    public Pending connect(InetSocketAddress peer, Duration timeout, Runnable connected, Consumer<IOException> failed) {
        return start(new Connect(this, peer, connected, failed), timeout);
    }

    /**
     * Sends a request over a fresh TCP connection and reads the first line of the answer, at most 1 KiB of it.
     *
     * @param line told once, without the line end
     * @param failed told once if there was none: refused, closed, or out of time
     */
    public Pending firstLine(
            InetSocketAddress peer,
            byte[] request,
            Duration timeout,
            Consumer<String> line,
            Consumer<IOException> failed) {
        return start(new FirstLine(this, peer, request, line, failed), timeout);
    }

    @Override
    public Pending schedule(Duration delay, Runnable task) {
        Timer timer = new Timer(ticker.nanos() + Math.max(0, delay.toNanos()), task);
        submit(() -> add(timer));
        return () -> timer.cancelled = true;
    }

    /** Runs a task on the loop's thread, soon; false if it never will: closed, or no file descriptor for the selector. */
    public boolean execute(Runnable task) {
        return submit(task);
    }

    private Pending start(Exchange exchange, Duration timeout) {
        long due = ticker.nanos() + timeout.toNanos();
        boolean accepted = submit(() -> {
            exchange.begin();
            if (!exchange.done()) {
                exchange.deadline = new Timer(due, exchange::expire);
                add(exchange.deadline);
            }
        });
        if (!accepted) {
            exchange.fail(new IOException("closed"));
        }
        return () -> submit(exchange::abandon);
    }

    private void add(Timer timer) {
        timer.order = sequence++;
        timers.add(timer);
    }

    private boolean submit(Runnable task) {
        if (closed) {
            return false;
        }
        inbox.add(task);
        Selector running = selector;
        if (running == null) {
            running = open();
        }
        if (running == null) {
            return !inbox.remove(task); // nobody to run it: the caller must know
        }
        running.wakeup();
        return true;
    }

    private @Nullable Selector open() {
        synchronized (lifecycle) {
            if (closed) {
                return null;
            }
            Selector running = selector;
            if (running == null) {
                try {
                    running = Selector.open();
                } catch (IOException noDescriptor) {
                    onFailure.accept(noDescriptor);
                    return null;
                }
                selector = running;
                Selector mine = running;
                thread = new Thread(() -> run(mine), threadName);
                thread.setDaemon(true);
                thread.start();
            }
            return running;
        }
    }

    Selector selector() throws IOException {
        Selector running = selector;
        if (running == null) {
            throw new IOException("closed");
        }
        return running;
    }

    private void run(Selector mine) {
        while (!closed) {
            try {
                Runnable task;
                while ((task = inbox.poll()) != null) {
                    contained(task);
                }
                long wait = runTimers();
                if (wait < 0) {
                    mine.select(this::ready);
                } else if (wait == 0) {
                    mine.selectNow(this::ready);
                } else {
                    mine.select(this::ready, wait);
                }
            } catch (ClosedSelectorException closing) {
                break;
            } catch (IOException | RuntimeException broken) {
                onFailure.accept(broken);
            }
        }
        abandonAll(mine);
    }

    private void ready(SelectionKey key) {
        if (key.attachment() instanceof Exchange exchange) {
            contained(() -> exchange.ready(key));
        }
    }

    /** Runs what is due; returns milliseconds until the next timer, 0 if one is due, -1 if there is none. */
    private long runTimers() {
        Timer next;
        while ((next = timers.peek()) != null) {
            long left = next.cancelled ? 0 : next.due - ticker.nanos();
            if (left > 0) {
                return Math.max(1, (left + 999_999) / 1_000_000);
            }
            timers.remove();
            if (!next.cancelled) {
                contained(next.task);
            }
        }
        return inbox.isEmpty() ? -1 : 0;
    }

    private void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            onFailure.accept(thrown);
        }
    }

    private void abandonAll(Selector mine) {
        List<SelectionKey> open = new ArrayList<>();
        try {
            open.addAll(mine.keys());
        } catch (ClosedSelectorException already) {
            return;
        }
        for (SelectionKey key : open) {
            if (key.attachment() instanceof Exchange exchange) {
                contained(() -> exchange.fail(new IOException("closed")));
            }
        }
        try {
            mine.close();
        } catch (IOException ignoredOnClose) {
            onFailure.accept(ignoredOnClose);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (lifecycle) {
            closed = true;
            running = thread;
        }
        Selector open = selector;
        if (open != null) {
            open.wakeup();
        }
        if (running != null && running != Thread.currentThread()) {
            try {
                running.join(250);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Judges a packet or message. */
    @FunctionalInterface
    public interface Accept {
        /**
         * Looks at one packet or message.
         *
         * @param message positioned at its first octet; valid during the call only
         * @return whether it ends the exchange
         */
        boolean test(ByteBuffer message);
    }

    static final class Timer implements Comparable<Timer> {
        private final long due;
        private final Runnable task;
        private long order;
        volatile boolean cancelled;

        Timer(long due, Runnable task) {
            this.due = due;
            this.task = task;
        }

        @Override
        public int compareTo(Timer other) {
            int byTime = Long.signum(due - other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }
}
