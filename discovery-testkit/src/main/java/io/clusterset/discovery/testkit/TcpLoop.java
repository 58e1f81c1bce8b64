package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A listening socket and its connections, served by one daemon thread until it is shut down. */
final class TcpLoop {

    private static final int BACKLOG = 1024;

    private final Function<TcpConnection, TcpSession> protocol;
    private final Selector selector;
    private final ServerSocketChannel listener;
    private final Thread thread;
    private final Set<TcpConnection> connections = ConcurrentHashMap.newKeySet();
    private final CountDownLatch listenerGone = new CountDownLatch(1);
    private volatile boolean stopping;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);

    /** What the selector hands back for a connection. */
    private record Served(TcpConnection connection, TcpSession session) {}

    /** Opens the socket; {@link #start()} serves it. */
    TcpLoop(String threadName, InetSocketAddress address, Function<TcpConnection, TcpSession> protocol)
            throws IOException {
        this.protocol = protocol;
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open();
        this.thread = Threads.daemon(threadName, this::run);
        try {
            listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listener.bind(address, BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
        } catch (IOException e) {
            listener.close();
            selector.close();
            throw e;
        }
    }

    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.getLocalAddress();
    }

    void start() {
        thread.start();
    }

    /** Closes the listening socket and resets the connections; when this returns, connects are refused. */
    void shutDown() {
        Quietly.close(listener);
        connections.forEach(TcpConnection::reset);
        Quietly.close(selector);
        Threads.awaitEnd(thread);
        connections.forEach(TcpConnection::reset); // those that were accepted meanwhile
    }

    /** Closes the listening socket only; when this returns, its port can be bound again. */
    void stopListening() {
        stopping = true;
        selector.wakeup();
        Threads.await(listenerGone);
    }

    private void run() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
                if (stopping && listener.isOpen()) {
                    accept(); // who was connected already is not to be reset
                    Quietly.close(listener);
                    selector.selectNow(this::serve); // the socket goes when its key does
                    listenerGone.countDown();
                }
            }
        } catch (ClosedSelectorException e) {
            // Shut down.
        } catch (IOException e) {
            throw new IllegalStateException(thread.getName() + ": stopped serving", e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept();
            } else if (key.attachment() instanceof Served served) {
                if (key.isWritable()) {
                    served.connection().flush();
                }
                if (key.isValid() && key.isReadable()) {
                    read((SocketChannel) key.channel(), served);
                }
            }
        } catch (CancelledKeyException e) {
            // Closed between the selection and now.
        } catch (RuntimeException e) {
            Threads.report(e); // one connection's trouble, not that of the others
        }
    }

    private void accept() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                TcpConnection connection = new TcpConnection(channel, selector, connections::remove);
                connections.add(connection);
                TcpSession session = protocol.apply(connection);
                channel.register(selector, SelectionKey.OP_READ, new Served(connection, session));
            }
        } catch (IOException e) {
            // The client gave up before it was accepted, or the listener was closed.
        }
    }

    private void read(SocketChannel channel, Served served) {
        buffer.clear();
        try {
            if (channel.read(buffer) < 0) {
                served.connection().close();
                return;
            }
        } catch (IOException e) {
            served.connection().close();
            return;
        }
        buffer.flip();
        served.session().received(buffer);
    }
}
