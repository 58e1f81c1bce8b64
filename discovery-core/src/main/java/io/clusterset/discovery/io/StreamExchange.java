package io.clusterset.discovery.io;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One length-prefixed message out, messages in until one is accepted. */
final class StreamExchange extends TcpExchange {

    /** A server that never stops talking must not keep the loop from its other work. */
    private static final int MOST_AT_ONCE = 64;

    private final IoLoop.Accept accept;
    private final ByteBuffer length = ByteBuffer.allocate(2);
    private @Nullable ByteBuffer body;

    StreamExchange(
            IoLoop loop, InetSocketAddress server, byte[] payload, IoLoop.Accept accept, Consumer<IOException> failed) {
        super(loop, server, prefixed(payload), failed);
        this.accept = accept;
    }

    private static ByteBuffer prefixed(byte[] payload) {
        ByteBuffer message = ByteBuffer.allocate(2 + payload.length);
        message.putShort((short) payload.length).put(payload).flip();
        return message;
    }

    @Override
    void readable(SocketChannel open) throws IOException {
        for (int reads = 0; reads < MOST_AT_ONCE && !done(); reads++) {
            ByteBuffer target = body == null ? length : body;
            if (open.read(target) < 0) {
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
