package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port that can be closed and opened again. While it is closed the port stays reserved by a socket that is bound
 * but does not listen, so that connects are refused but the system gives the port to nobody else. Thread-safe.
 */
final class TcpServer implements AutoCloseable {

    private final String threadName;
    private final Function<TcpConnection, TcpSession> protocol;
    private @Nullable TcpLoop loop;
    private @Nullable SocketChannel reservation;
    private @Nullable TcpPlug plug;

    TcpServer(String threadName, Function<TcpConnection, TcpSession> protocol) {
        this.threadName = threadName;
        this.protocol = protocol;
    }

    /** Opens the port unless it is open, and says which one it is. */
    synchronized InetSocketAddress listen(InetSocketAddress address) throws IOException {
        if (plug != null) {
            shutDown();
        }
        TcpLoop open = loop;
        if (open == null) {
            release();
            open = new TcpLoop(threadName, address, protocol);
            loop = open;
            open.start();
        }
        return open.address();
    }

    /** Resets all connections and refuses new ones. */
    synchronized void refuse(InetSocketAddress address) {
        if (loop == null && plug == null) {
            return;
        }
        shutDown();
        try {
            SocketChannel mute = SocketChannel.open();
            reservation = mute;
            mute.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            mute.bind(address);
        } catch (IOException e) {
            release();
        }
    }

    /** Lets connects wait until they time out; connections there are stay. {@link #listen} resets them. */
    synchronized void swallow(InetSocketAddress address) throws IOException {
        if (plug != null) {
            return;
        }
        release();
        if (loop != null) {
            loop.stopListening();
        }
        try {
            plug = new TcpPlug(address);
        } catch (IOException e) {
            shutDown();
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        shutDown();
        release();
    }

    private synchronized void shutDown() {
        if (plug != null) {
            plug.close();
            plug = null;
        }
        if (loop != null) {
            loop.shutDown();
            loop = null;
        }
    }

    private synchronized void release() {
        Quietly.close(reservation);
        reservation = null;
    }
}
