package io.clusterset.discovery.io;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One length-prefixed message out over a fresh connection, messages in until one is accepted. */
final class StreamExchange extends Exchange {

    private final InetSocketAddress server;
    private final ByteBuffer out;
    private final IoLoop.Accept accept;
    private final ByteBuffer length = ByteBuffer.allocate(2);
    private @Nullable SocketChannel channel;
    private @Nullable ByteBuffer body;

    StreamExchange(
            IoLoop loop, InetSocketAddress server, byte[] payload, IoLoop.Accept accept, Consumer<IOException> failed) {
        super(loop, failed);
        this.server = server;
        this.out = ByteBuffer.allocate(2 + payload.length);
        this.out.putShort((short) payload.length).put(payload).flip();
        this.accept = accept;
    }

    @Override
    void open() throws IOException {
        SocketChannel opened = SocketChannel.open();
        adopt(opened);
        channel = opened;
        boolean connected = opened.connect(server);
        register(connected ? SelectionKey.OP_WRITE : SelectionKey.OP_CONNECT);
    }

    @Override
    void progress(SelectionKey key) throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            return;
        }
        if (key.isConnectable() && open.finishConnect()) {
            key.interestOps(SelectionKey.OP_WRITE);
        }
        if (key.isValid() && key.isWritable()) {
            open.write(out);
            if (!out.hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ);
            }
        }
        if (key.isValid() && key.isReadable()) {
            read(open);
        }
    }

    private void read(SocketChannel open) throws IOException {
        while (!done()) {
            ByteBuffer target = body == null ? length : body;
            int read = open.read(target);
            if (read < 0) {
                throw new EOFException("connection closed by the server");
            }
            if (target.hasRemaining()) {
                return;
            }
            target.flip();
            if (body == null) {
                body = ByteBuffer.allocate(length.getShort() & 0xffff);
                length.clear();
            } else {
                body = null;
                if (accept.test(target)) {
                    finish();
                }
            }
        }
    }
}
