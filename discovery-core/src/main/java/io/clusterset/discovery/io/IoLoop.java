package io.clusterset.discovery.io;

import io.clusterset.discovery.io.Timers.Timer;
import io.clusterset.discovery.time.Scheduler;
import io.clusterset.discovery.time.Ticker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs non-blocking sockets on one daemon thread, started at first use. All callbacks run on that thread and must be short;
 * what they throw goes to the failure handler and ends nothing. Thread-safe.
 *
 * <p>Without file descriptors, or with a selector that fails, every exchange fails at once and timers go on; it is tried anew
 * with the next exchange. The failure handler is told once, and again only after it had worked in between.
 *
 * <p>After {@link #close()} everything handed in fails at once with "closed".
 */
public final class IoLoop implements Scheduler, AutoCloseable {

    /** Tasks and timers run before the sockets have their turn again. */
    private static final int MOST_PER_TURN = 256;

    private static final long SHORTEST_PAUSE = 1_000_000L;
    private static final int MOST_DOUBLINGS = 10;

    private final String threadName;
    private final Ticker ticker;
    private final Consumer<Throwable> onFailure;
    private final Selectors selectors;
    private final Queue<Runnable> inbox = new ConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> ready = this::ready;

    /** Whether the loop thread waits, or is about to: who hands something in then has to wake it. */
    private final AtomicBoolean asleep = new AtomicBoolean();

    /** What it waits for while it has no selector. */
    private final Semaphore bell = new Semaphore(0);

    private final Object lifecycle = new Object();
    private volatile boolean closed;
    private volatile @Nullable Thread thread; // written under lifecycle
    private volatile @Nullable Selector selector; // written by the loop thread; none until there is an exchange

    /**
     * When the sockets were last looked at, or before. Nothing is due later than this: after a pause of the process or of this
     * thread, what has arrived in time is found first, and no answer that is there is taken for silence.
     */
    private long looked;

    /** Owned by the loop thread. */
    final Timers timers = new Timers();

    final ByteBuffer scratch = ByteBuffer.allocate(65_535);
    private boolean troubled; // a failure was reported and no select has succeeded since

    /** With the name of its thread, its clock and the handler of what callbacks throw. */
    public IoLoop(String threadName, Ticker ticker, Consumer<Throwable> onFailure) {
        this(threadName, ticker, onFailure, Selector::open);
    }

    IoLoop(String threadName, Ticker ticker, Consumer<Throwable> onFailure, Selectors selectors) {
        this.threadName = threadName;
        this.ticker = ticker;
        this.onFailure = onFailure;
        this.selectors = selectors;
        this.looked = ticker.nanos();
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
        long due = ticker.nanos() + Math.max(0, delay.toNanos());
        Scheduled timer = new Scheduled(task);
        onLoop(() -> timers.add(timer, due));
        return () -> {
            timer.cancelled = true; // at once; that it is forgotten may take until the loop wakes
            onLoop(() -> timers.remove(timer));
        };
    }

    /** Runs a task on the loop's thread, soon and never inside this call; false if it never will: closed, or no thread. */
    public boolean execute(Runnable task) {
        return submit(task);
    }

    private Pending start(Exchange exchange, Duration timeout) {
        long due = ticker.nanos() + timeout.toNanos();
        // never inside this call: the caller must have the Pending before it is told anything
        if (!submit(() -> exchange.begin(due))) {
            exchange.fail(new IOException("closed"));
        }
        return () -> onLoop(exchange::abandon);
    }

    /** Runs a task of the loop's own: at once if this is its thread, which then needs no waking. */
    private void onLoop(Runnable task) {
        if (Thread.currentThread() == thread) {
            task.run();
        } else {
            submit(task);
        }
    }

    private boolean submit(Runnable task) {
        if (closed || !running()) {
            return false;
        }
        inbox.add(task);
        if (closed && inbox.remove(task)) {
            return false; // the loop has looked for the last time: the caller must know
        }
        wake();
        return true;
    }

    private void wake() {
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            Selector open = selector;
            if (open != null) {
                open.wakeup();
            } else {
                bell.release();
            }
        }
    }

    private boolean running() {
        if (thread != null) {
            return true;
        }
        synchronized (lifecycle) {
            if (thread == null && !closed) {
                Thread made = new Thread(this::run, threadName);
                made.setDaemon(true);
                thread = made;
                try {
                    made.start();
                } catch (OutOfMemoryError noThread) {
                    thread = null;
                    report(noThread);
                }
            }
            return thread != null;
        }
    }

    /** On the loop thread. */
    Selector selector() throws IOException {
        Selector open = selector;
        if (open == null) {
            // the JDK prepares for closing at the first close; without descriptors then, no channel ever closes again
            DatagramChannel.open().close();
            open = selectors.open();
            selector = open;
        }
        return open;
    }

    private void run() {
        int failures = 0;
        while (!closed) {
            try {
                Thread.interrupted(); // by a callback or a stranger: no select would wait any more
                work();
                await();
                failures = 0;
            } catch (Throwable broken) {
                contained(() -> lose(broken));
                if (!closed) {
                    listen(SHORTEST_PAUSE << Math.min(failures, MOST_DOUBLINGS));
                }
                failures++;
            }
        }
        end();
    }

    /** Runs what is due and what was handed in, though not for ever. */
    private void work() {
        for (int left = MOST_PER_TURN; left > 0; left--) {
            Timer due = timers.due(looked);
            if (due != null) {
                contained(due::fire);
            }
            Runnable task = inbox.poll();
            if (task != null) {
                contained(task);
            } else if (due == null) {
                return;
            }
        }
    }

    private void await() throws IOException {
        asleep.set(true);
        bell.drainPermits();
        try {
            // looked at after the flag was set: what is handed in from here on wakes
            boolean wait = inbox.isEmpty() && !closed;
            long nanos = Long.MAX_VALUE;
            if (timers.size() > 0) {
                looked = ticker.nanos();
                nanos = timers.left(looked);
            }
            Selector open = selector;
            if (open == null) {
                if (wait) {
                    listen(nanos);
                }
                return;
            }
            if (!wait || nanos == 0) {
                open.selectNow(ready);
            } else if (nanos == Long.MAX_VALUE) {
                open.select(ready);
            } else {
                open.select(ready, (nanos + 999_999) / 1_000_000);
            }
            troubled = false;
        } finally {
            asleep.set(false);
        }
    }

    private void listen(long nanos) {
        try {
            if (bell.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
                bell.drainPermits();
            }
        } catch (InterruptedException wokenToo) {
            Thread.currentThread().interrupt(); // the next turn clears it
        }
    }

    private void ready(SelectionKey key) {
        contained(() -> ((Exchange) key.attachment()).ready(key));
    }

    private void contained(Runnable task) {
        try {
            task.run();
        } catch (Throwable thrown) {
            report(thrown);
        }
    }

    private void report(Throwable thrown) {
        try {
            onFailure.accept(thrown);
        } catch (Throwable alsoBroken) {
            // nobody is left to tell, and the loop must go on
        }
    }

    /** The selector can't be relied on: without it nothing spins, and the next exchange opens another. */
    private void lose(Throwable broken) {
        if (!troubled) {
            troubled = true;
            report(broken);
        }
        failAll("sockets can't be waited for: " + broken);
    }

    private void failAll(String why) {
        for (Timer timer : timers.all()) {
            if (timer instanceof Exchange exchange) {
                contained(() -> exchange.fail(new IOException(why)));
            }
        }
        Selector open = selector;
        selector = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException alreadyBroken) {
                report(alreadyBroken);
            }
        }
    }

    private void end() {
        failAll("closed");
        Runnable late = inbox.poll();
        while (late != null) {
            contained(late); // exchanges among them find the loop closed, and say so
            late = inbox.poll();
        }
    }

    boolean closed() {
        return closed;
    }

    /** Idempotent. Waits a quarter of a second at most, which only a callback that does not return can take. */
    @Override
    public void close() {
        Thread running;
        synchronized (lifecycle) {
            closed = true;
            running = thread;
        }
        if (running == null || running == Thread.currentThread()) {
            return;
        }
        wake();
        bell.release(); // if it pauses after a failure
        try {
            running.join(250);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Scheduled extends Timer {
        private final Runnable task;
        private volatile boolean cancelled;

        Scheduled(Runnable task) {
            this.task = task;
        }

        @Override
        void fire() {
            if (!cancelled) {
                task.run();
            }
        }
    }

    /** Where selectors come from. */
    @FunctionalInterface
    interface Selectors {
        Selector open() throws IOException;
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
}
