package io.clusterset.discovery.testkit;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import org.jspecify.annotations.Nullable;

/**
 * A UDP port that can be closed and opened again. One daemon thread reads; anybody sends. While it is closed the port
 * stays reserved by a socket that hears nobody, so that the system still says "port unreachable" but gives the port to
 * nobody else.
 */
final class UdpServer implements AutoCloseable {

    /** Takes what arrives, on the reading thread. */
    interface Receiver {
        void received(UdpServer server, byte[] datagram, InetSocketAddress from);
    }

    private static final int BUFFER = 1024 * 1024;
    private static final int DISCARD = 9;

    private final String threadName;
    private final Receiver receiver;

    /** Written under the monitor, read by any thread. */
    private volatile @Nullable DatagramChannel channel;

    private @Nullable DatagramChannel reservation;
    private @Nullable Thread reader;

    UdpServer(String threadName, Receiver receiver) {
        this.threadName = threadName;
        this.receiver = receiver;
    }

    synchronized void listen(InetSocketAddress address) throws IOException {
        if (channel != null) {
            return;
        }
        release();
        DatagramChannel opened = open(address);
        try {
            opened.setOption(StandardSocketOptions.SO_RCVBUF, BUFFER);
            opened.setOption(StandardSocketOptions.SO_SNDBUF, BUFFER);
            opened.bind(address);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
        channel = opened;
        Thread started = Threads.daemon(threadName, () -> read(opened));
        reader = started;
        started.start();
    }

    /** Sends, or drops if the port is closed or the system's buffer is full, as networks do. */
    void send(byte[] datagram, InetSocketAddress to) {
        DatagramChannel open = channel;
        if (open == null) {
            return;
        }
        try {
            open.send(ByteBuffer.wrap(datagram), to);
        } catch (IOException e) {
            // Datagrams get lost; whoever waits for it asks again.
        }
    }

    /** Sends from a port of its own. */
    static void sendFromElsewhere(byte[] datagram, InetSocketAddress to) {
        try (DatagramChannel elsewhere = open(to)) {
            elsewhere.bind(new InetSocketAddress(to.getAddress(), 0));
            elsewhere.send(ByteBuffer.wrap(datagram), to);
        } catch (IOException e) {
            // As above.
        }
    }

    /** Closes the socket and keeps its port. */
    synchronized void stop(InetSocketAddress address) {
        closeSocket();
        if (reservation != null) {
            return;
        }
        try {
            DatagramChannel deaf = open(address);
            reservation = deaf;
            deaf.bind(address);
            deaf.connect(new InetSocketAddress(address.getAddress(), DISCARD));
        } catch (IOException e) {
            release();
        }
    }

    @Override
    public synchronized void close() {
        closeSocket();
        release();
    }

    private synchronized void closeSocket() {
        Quietly.close(channel);
        channel = null;
        if (reader != null) {
            Threads.awaitEnd(reader);
            reader = null;
        }
    }

    private synchronized void release() {
        Quietly.close(reservation);
        reservation = null;
    }

    private static DatagramChannel open(InetSocketAddress address) throws IOException {
        return DatagramChannel.open(
                address.getAddress() instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET);
    }

    private void read(DatagramChannel open) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(65_536);
        while (open.isOpen()) {
            try {
                buffer.clear();
                if (open.receive(buffer) instanceof InetSocketAddress from) {
                    buffer.flip();
                    byte[] datagram = new byte[buffer.remaining()];
                    buffer.get(datagram);
                    receiver.received(this, datagram, from);
                }
            } catch (IOException e) {
                // Closed: the loop ends. Otherwise one datagram went wrong, and there will be others.
            } catch (RuntimeException e) {
                Threads.report(e);
            }
        }
    }
}
