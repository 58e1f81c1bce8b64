package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/** A connection opened to see whether it opens. */
final class Connect extends TcpExchange {

    private final Runnable told;

    Connect(IoLoop loop, InetSocketAddress peer, Runnable connected, Consumer<IOException> failed) {
        super(loop, peer, ByteBuffer.allocate(0), failed);
        this.told = connected;
    }

    @Override
    void connected() {
        if (finish()) {
            told.run();
        }
    }

    @Override
    void readable(SocketChannel open) {
        // never: it is done once connected
    }
}
