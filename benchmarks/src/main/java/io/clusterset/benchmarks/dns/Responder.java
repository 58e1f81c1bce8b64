package io.clusterset.benchmarks.dns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;

/** A DNS server on loopback that does as little as one can: a thread, a socket, one A record for every A query. */
final class Responder implements AutoCloseable {

    private final DatagramChannel channel;
    private final Thread thread = new Thread(this::serve, "responder");

    Responder() {
        try {
            channel = DatagramChannel.open(StandardProtocolFamily.INET);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        } catch (IOException noSocket) {
            throw new UncheckedIOException(noSocket);
        }
        thread.setDaemon(true);
        thread.start();
    }

    InetSocketAddress address() {
        try {
            return (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private void serve() {
        ByteBuffer message = ByteBuffer.allocateDirect(4096);
        try {
            while (true) {
                message.clear();
                SocketAddress client = channel.receive(message);
                message.flip();
                Answers.answer(message, 1);
                channel.send(message, client);
            }
        } catch (ClosedChannelException closed) {
            // the end of the benchmark
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }
}
