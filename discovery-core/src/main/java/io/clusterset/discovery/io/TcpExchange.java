package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A fresh TCP connection over which something may be said and something may come back. */
abstract class TcpExchange extends Exchange {

    private final InetSocketAddress peer;
    private final ByteBuffer out;
    private @Nullable SocketChannel channel;

    TcpExchange(IoLoop loop, InetSocketAddress peer, ByteBuffer out, Consumer<IOException> failed) {
        super(loop, failed);
        this.peer = peer;
        this.out = out;
    }

    /** The connection stands; what is to be said follows if the exchange is not done. */
    void connected() {}

    /** Something can be read. */
    abstract void readable(SocketChannel open) throws IOException;

    @Override
    final void open() throws IOException {
        SocketChannel opened = SocketChannel.open();
        adopt(opened);
        channel = opened;
        boolean connected = opened.connect(peer);
        if (connected) {
            connected();
        }
        if (!done()) {
            register(connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT);
        }
    }

    @Override
    final void progress(SelectionKey key) throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        if (key.isConnectable() && open.finishConnect()) {
            connected();
            if (!done()) {
                key.interestOps(SelectionKey.OP_WRITE);
            }
        }
        if (key.isValid() && key.isWritable()) {
            open.write(out);
            if (!out.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }
        if (key.isValid() && key.isReadable()) {
            readable(open);
        }
    }
}
