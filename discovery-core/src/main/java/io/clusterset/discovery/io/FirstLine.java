package io.clusterset.discovery.io;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Sends a request, reads the first line of what comes back (at most 1 KiB), and closes. */
final class FirstLine extends TcpExchange {

    private final Consumer<String> line;
    private final ByteBuffer in = ByteBuffer.allocate(1024);

    FirstLine(
            IoLoop loop, InetSocketAddress peer, byte[] request, Consumer<String> line, Consumer<IOException> failed) {
        super(loop, peer, ByteBuffer.wrap(request), failed);
        this.line = line;
    }

    @Override
    void readable(SocketChannel open) throws IOException {
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
