package io.clusterset.discovery.io;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A connection opened to see whether it opens. */
final class Connect extends Exchange {

    private final InetSocketAddress peer;
    private final Runnable connected;
    private @Nullable SocketChannel channel;

    Connect(IoLoop loop, InetSocketAddress peer, Runnable connected, Consumer<IOException> failed) {
        super(loop, failed);
        this.peer = peer;
        this.connected = connected;
    }

    @Override
    void open() throws IOException {
        SocketChannel opened = SocketChannel.open();
        adopt(opened);
        channel = opened;
        if (opened.connect(peer)) {
            succeed();
        } else {
            register(SelectionKey.OP_CONNECT);
        }
    }

    @Override
    void progress(SelectionKey key) throws IOException {
        SocketChannel open = channel;
        if (open != null && open.finishConnect()) {
            succeed();
        }
    }

    private void succeed() {
        if (finish()) {
            connected.run();
        }
    }
}
