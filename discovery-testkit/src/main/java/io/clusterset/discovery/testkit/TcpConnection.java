package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** One accepted connection. Any thread may send or close; only its {@link TcpLoop} reads. */
final class TcpConnection {

    private static final long MAX_UNSENT = 16 * 1024 * 1024;
    private static final int COST_OF_ONE = 100;

    private final SocketChannel channel;
    private final Selector selector;
    private final InetSocketAddress remote;
    private final Consumer<TcpConnection> closed;
    private final Deque<ByteBuffer> unsent = new ArrayDeque<>();
    private long unsentBytes;
    private boolean closing;

    /** Tells {@code closed} when it is. */
    TcpConnection(SocketChannel channel, Selector selector, Consumer<TcpConnection> closed) throws IOException {
        this.channel = channel;
        this.selector = selector;
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
        this.closed = closed;
    }

    InetSocketAddress remote() {
        return remote;
    }

    boolean isOpen() {
        return channel.isOpen();
    }

    /** Sends, now or when the client takes it. A client that takes nothing is cut off. */
    synchronized void send(byte[] bytes) {
        if (closing || !channel.isOpen()) {
            return;
        }
        if (unsentBytes > MAX_UNSENT) {
            reset();
            return;
        }
        unsent.add(ByteBuffer.wrap(bytes));
        unsentBytes += bytes.length + COST_OF_ONE;
        flush();
    }

    /** Closes in order, once everything is sent. */
    synchronized void closeWhenSent() {
        closing = true;
        if (unsent.isEmpty()) {
            close();
        }
    }

    /** Closes so that the client is told "connection reset", and what it has not read yet is lost. */
    synchronized void reset() {
        try {
            channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        } catch (IOException e) {
            // Closed already.
        }
        close();
    }

    synchronized void close() {
        unsent.clear();
        Quietly.close(channel);
        selector.wakeup(); // or the system would learn of it only at the next packet
        closed.accept(this);
    }

    synchronized void flush() {
        try {
            while (!unsent.isEmpty()) {
                ByteBuffer first = unsent.getFirst();
                channel.write(first);
                if (first.hasRemaining()) {
                    interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                    selector.wakeup();
                    return;
                }
                unsentBytes -= first.capacity() + COST_OF_ONE;
                unsent.removeFirst();
            }
            interest(SelectionKey.OP_READ);
            if (closing) {
                close();
            }
        } catch (IOException | CancelledKeyException e) {
            close();
        }
    }

    private void interest(int operations) {
        SelectionKey key = channel.keyFor(selector);
        if (key != null && key.interestOps() != operations) {
            key.interestOps(operations);
        }
    }
}
