package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One datagram out, packets in until one is accepted. The kernel drops packets from any other peer. */
final class DatagramExchange extends Exchange {

    /** A flood of packets must not keep the loop from its other work. */
    private static final int MOST_AT_ONCE = 64;

    private final InetSocketAddress server;
    private final byte[] payload;
    private final IoLoop.Accept accept;
    private @Nullable DatagramChannel channel;

    DatagramExchange(
            IoLoop loop, InetSocketAddress server, byte[] payload, IoLoop.Accept accept, Consumer<IOException> failed) {
        super(loop, failed);
        this.server = server;
        this.payload = payload;
        this.accept = accept;
    }

    @Override
    void open() throws IOException {
        // a socket of the server's family needs fewer calls than one for both
        DatagramChannel opened = DatagramChannel.open(
                server.getAddress() instanceof Inet6Address
                        ? StandardProtocolFamily.INET6
                        : StandardProtocolFamily.INET);
        adopt(opened);
        channel = opened;
        opened.connect(server);
        register(SelectionKey.OP_READ);
        opened.write(ByteBuffer.wrap(payload));
    }

    @Override
    void progress(SelectionKey key) throws IOException {
        DatagramChannel open = channel;
        if (open == null) {
            return;
        }
        ByteBuffer buffer = scratch();
        buffer.clear();
        for (int packets = 0; packets < MOST_AT_ONCE && open.read(buffer) > 0; packets++) {
            buffer.flip();
            if (accept.test(buffer)) {
                finish();
                return;
            }
            buffer.clear();
        }
    }
}
