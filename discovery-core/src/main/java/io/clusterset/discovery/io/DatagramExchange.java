package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One datagram out, packets in until one is accepted. The kernel drops packets from any other peer. */
final class DatagramExchange extends Exchange {

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
        DatagramChannel opened = DatagramChannel.open();
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
        while (open.read(buffer) > 0) {
            buffer.flip();
            if (accept.test(buffer)) {
                finish();
                return;
            }
            buffer.clear();
        }
    }
}
