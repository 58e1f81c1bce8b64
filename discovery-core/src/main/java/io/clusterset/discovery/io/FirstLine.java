package io.clusterset.discovery.io;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Opens a connection, sends a request, reads the first line of what comes back (at most 1 KiB), and closes. */
final class FirstLine extends Exchange {

    private final InetSocketAddress peer;
    private final ByteBuffer out;
    private final Consumer<String> line;
    private final ByteBuffer in = ByteBuffer.allocate(1024);
    private @Nullable SocketChannel channel;

    FirstLine(
            IoLoop loop, InetSocketAddress peer, byte[] request, Consumer<String> line, Consumer<IOException> failed) {
        super(loop, failed);
        this.peer = peer;
        this.out = ByteBuffer.wrap(request);
        this.line = line;
    }

    @Override
    void open() throws IOException {
        SocketChannel opened = SocketChannel.open();
        adopt(opened);
        channel = opened;
        boolean connected = opened.connect(peer);
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
        if (open.read(in) < 0) {
            throw new EOFException("connection closed before an answer");
        }
        String text = new String(in.array(), 0, in.position(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        if (end >= 0 || !in.hasRemaining()) {
            String first = (end < 0 ? text : text.substring(0, end)).stripTrailing();
            if (finish()) {
                line.accept(first);
            }
        }
    }
}
